package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clusters that are driven by the service's REST API, without any Kubernetes and beside others. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class RestE2E {
    @TempDir
    Path folder;

    private Launcher swarm;
    private Path hub;

    @BeforeEach
    void startHub() throws IOException {
        swarm = new Launcher(folder);
        hub = swarm.startHub(20);
    }

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    /** Processes and hollow hosts at the same time, as each of them waits most of its time. */
    @Test
    void installsWithoutAKubeConfigAnywhereAndLeavesNothing() throws IOException {
        swarm.environment("KUBECONFIG", folder.resolve("none").toString());
        start();
        submit("agents", "service-config.yaml", """
                - {api: rest, singleNode: true}
                - {api: rest, controlPlanes: 3, numWorkers: 2}
                """);
        submit("shapes", "service-config-hollow.yaml", """
                - {api: rest, controlPlanes: 3, withNmstate: true, lateBinding: true}
                - {api: rest, controlPlanes: 3, day2Workers: 1}
                - {api: rest, singleNode: true, holdInstallation: true, release: allReady}
                - {api: rest, controlPlanes: 2, justInfraenv: true}
                """);

        assertThat(phases("agents")).containsOnly("installed").hasSize(6);
        assertThat(phases("shapes"))
                .containsOnly("installed", "added", "discovered")
                .hasSize(10)
                .satisfies(
                        phases -> assertThat(phases).filteredOn("added"::equals).hasSize(1));
        assertThat(swarm.log("coordinator")).contains("only clusters with api: rest can be driven");
        assertThat(run("describe", "swarm", "agents"))
                .containsPattern(
                        "Polls: +[1-9][0-9]* requests to the REST API .*, [1-9][0-9]*\\.[0-9] for each of 2 clusters");
        assertThat(run("describe", "cluster", "agents-0")).contains("Successfully finished installing cluster");
        assertThat(run("describe", "host", "agents-1-4")).contains("reached installation stage Done");

        assertDeleted("agents", 2, 6);
        assertDeleted("shapes", 3, 10);
        assertThat(secrets().inFiles(folder.resolve("w"))).isEmpty();
        assertThat(secrets().holdsAny(swarm.log("coordinator") + swarm.log("w")))
                .isFalse();
    }

    @Test
    void drivesClustersOfBothKindsInOneSwarm() throws IOException {
        start();
        submit("mixed", "service-config-hollow.yaml", """
                - {api: rest, controlPlanes: 3, numWorkers: 2}
                - {singleNode: true}
                - {api: kube-api, controlPlanes: 3, numWorkers: 2}
                """);
        assertThat(phases("mixed")).containsOnly("installed").hasSize(11);
        assertThat(assertDeleted("mixed", 1, 5)).containsPattern("AgentClusterInstall +created 2, deleted 2, left 0");
    }

    private void start() throws IOException {
        swarm.startCoordinator();
        swarm.startWorker("w", 30);
        swarm.awaitWorkers(1);
    }

    private void submit(String name, String serviceConfig, String clusters) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                  clusters:
                %s""".formatted(name, clusters.indent(4)));
        run(
                "submit",
                plan.toString(),
                "--service-config",
                hub.resolve(serviceConfig).toString(),
                "--name",
                name);
    }

    private List<String> phases(String name) {
        run("wait", name, "--for=done", "--timeout", "4m");
        JsonNode hosts =
                swarm.run("get", "hosts", "--swarm", name, "-o", "json").json();
        return hosts.valueStream().map(host -> host.path("phase").asText()).toList();
    }

    private String assertDeleted(String name, int clusters, int hosts) {
        String deleted = run("delete", name);
        assertThat(deleted)
                .containsPattern("Cluster \\(REST\\) +created " + clusters + ", deleted " + clusters + ", left 0")
                .containsPattern("Host \\(REST\\) +created " + hosts + ", deleted " + hosts + ", left 0")
                .doesNotContainPattern("left [1-9]");
        return deleted;
    }

    private SecretSearch secrets() throws IOException {
        return new SecretSearch(List.of(Files.readString(hub.resolve("pull-secret.json"))));
    }

    private String run(String... arguments) {
        Outcome outcome = swarm.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        return outcome.out();
    }
}
