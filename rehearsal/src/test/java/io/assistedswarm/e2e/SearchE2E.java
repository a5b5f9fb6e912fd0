package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A search finds the load above which its hub breaks, and leaves nothing. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class SearchE2E {
    @TempDir
    Path folder;

    private Launcher swarm;

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void findsHowManyClustersTheServiceBearsAtATime() throws Exception {
        swarm = new Launcher(folder);
        Path troubles = Files.writeString(
                folder.resolve("troubles.yaml"),
                "troubles: [{hub: service, kind: answer, status: 503, above: 2, duration: 1h}]");
        Path serviceConfig =
                swarm.startHub(60, "--trouble", troubles.toString()).resolve("service-config.yaml");
        swarm.startCoordinator();
        swarm.startWorker("w1", 10);
        swarm.awaitWorkers(1);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: load}
                spec:
                  deadlines: {discovery: 40s, preparation: 40s, installation: 1m, controller: 1m}
                  clusters: [{singleNode: true}]
                """);

        Outcome search = swarm.run(
                "search",
                plan.toString(),
                "--service-config",
                serviceConfig.toString(),
                "--vary",
                "clusters[0].amount",
                "--from",
                "1",
                "--to",
                "4",
                "--name",
                "load",
                "--results",
                folder.resolve("results").toString());

        assertThat(search.exitCode()).as(search.out() + search.err()).isZero();
        assertThat(search.out()).contains("the highest load that meets the limits is 2; 3 does not meet them");
        JsonNode tried = new ObjectMapper()
                .readTree(results().resolve("search.json").toFile())
                .path("steps");
        assertThat(tried)
                .extracting(step ->
                        step.path("load").asInt() + " " + step.path("outcome").asText())
                .containsExactly("1 met", "2 met", "4 not-met", "3 not-met");
        assertThat(swarm.run("delete", "--all-orphans", "--dry-run").out())
                .contains("the record knows every swarm that has objects on the hub");
        for (int step = 1; step <= 4; step++) {
            assertThat(swarm.run("describe", "swarm", "load-" + step).out()).contains("State:      deleted");
        }
    }

    private Path results() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.resolve("results"))) {
            return folders.iterator().next();
        }
    }
}
