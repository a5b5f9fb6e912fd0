package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.Download;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestRulesTest {
    @TempDir
    private Path folder;

    private final Problems problems = new Problems();

    @Test
    void readsHowAGroupIsDriven() throws IOException {
        SwarmPlan plan = read("""
                - {api: rest, singleNode: true, hostAnnotations: {bmac.agent-install.openshift.io/hostname: "n{{host.index}}"}}
                - {api: kube-api, singleNode: true}
                - {singleNode: true}
                """);
        assertThat(problems.errors()).isEmpty();
        assertThat(plan.clusters())
                .extracting(SwarmPlan.ClusterGroup::api)
                .containsExactly(ClusterApi.REST, ClusterApi.KUBE_API, ClusterApi.KUBE_API);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "infraenvLabels | {location: Sun}",
                "agentLabels | {rack: r1}",
                "annotations | {agent-install.openshift.io/ignored-host-validations: '[\"ntp-synced\"]'}",
                "hostAnnotations | {bmac.agent-install.openshift.io.node-label.rack: r1}"
            })
    void refusesWithItsLineWhatTheRestApiHasNoPlaceFor(String key, String value) throws IOException {
        read("""
                - api: rest
                  singleNode: true
                  %s: %s
                """.formatted(key, value));
        assertThat(problems.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).startsWith("spec.clusters[0]." + key);
            assertThat(problem.toString()).contains("plan.yaml:8").contains("api: rest");
        });
    }

    @Test
    void readsWhatUsersFetchOfTheirClustersAndAddToThem() throws IOException {
        SwarmPlan plan = read(
                "- {api: rest, singleNode: true, downloads: [logs, kubeconfig, logs], extraManifests: [a.yaml]}\n");
        assertThat(problems.errors()).isEmpty();
        assertThat(plan.clusters().getFirst().traits().downloads()).containsExactly(Download.LOGS, Download.KUBECONFIG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{singleNode: true, downloads: [logs]} | add 'api: rest'",
                "{api: rest, singleNode: true, downloads: [password]} | is 'password'; it is kubeconfig or logs",
                "{api: rest, justInfraenv: true, downloads: [logs]} | means nothing where there is no cluster"
            })
    void refusesDownloadsOfWhatIsNotThere(String group, String said) throws IOException {
        read("- " + group + "\n");
        assertThat(problems.errors())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("plan.yaml:6")
                        .contains("downloads")
                        .contains(said));
    }

    @Test
    void refusesAWordThatItDoesNotKnow() throws IOException {
        read("- {api: soap, singleNode: true}\n");
        assertThat(problems.errors())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("'soap'").contains("kube-api or rest"));
    }

    private SwarmPlan read(String groups) throws IOException {
        Path file = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec:
                  clusters:
                %s""".formatted(groups.indent(4)));
        return PlanFile.read(file, List.of(), problems).orElseThrow();
    }
}
