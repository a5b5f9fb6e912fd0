package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseCheckTest {
    private static final String PLAN = """
            apiVersion: assistedswarm.io/v1alpha1
            kind: SwarmPlan
            metadata: {name: night}
            spec:
              clusters:
                - controlPlanes: 2
                  arbiterAgents: 1
                - controlPlanes: 5
                - {controlPlanes: 9, justInfraenv: true}
            """;

    @TempDir
    private Path folder;

    @Test
    void saysWhichShapeTheReleaseDoesNotHave() throws IOException {
        assertThat(warnings("4.17")).hasSize(2);
        assertThat(warnings("4.18"))
                .singleElement()
                .hasToString(folder.resolve("plan.yaml")
                        + ":7: spec.clusters[0].arbiterAgents: needs OpenShift 4.19, but the release image is of 4.18;"
                        + " the service refuses such a cluster; use another releaseImage");
    }

    @ParameterizedTest
    @CsvSource({"4.19", "4.20", "5.0", "unknown", "4", "''"})
    void saysNothingOfReleasesThatHaveThemAndOfWhatIsNoVersion(String version) throws IOException {
        assertThat(warnings(version)).isEmpty();
    }

    private List<Problem> warnings(String version) throws IOException {
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(Files.writeString(folder.resolve("plan.yaml"), PLAN), List.of(), problems)
                .orElseThrow();
        assertThat(problems.errors()).isEmpty();
        ReleaseCheck.check(plan, version, problems);
        return problems.warnings();
    }
}
