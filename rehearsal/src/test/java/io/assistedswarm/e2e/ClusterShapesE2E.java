package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of every shape, and one that no worker can hold alone. */
class ClusterShapesE2E {
    @TempDir
    Path folder;

    private Launcher swarm;
    private Path serviceConfig;

    @BeforeEach
    void startHubAndCoordinator() throws IOException {
        swarm = new Launcher(folder);
        serviceConfig = swarm.startHub(20).resolve("service-config.yaml");
        swarm.startCoordinator();
    }

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void aClusterOfTwelveHostsInstallsOverThreeWorkersOfWhichTwoCanHoldFiveEach() throws IOException {
        swarm.startWorker("w1", 5);
        swarm.startWorker("w2", 5);
        swarm.startWorker("w3", 2);
        swarm.awaitWorkers(3);

        submit("twelve", "{controlPlanes: 3, numWorkers: 9, withNmstate: true}");
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        hosts("twelve").stream().allMatch(host -> phase(host).matches("registered|known|preparing")));

        Map<String, Integer> shares = new TreeMap<>();
        hosts("twelve").forEach(host -> shares.merge(host.path("worker").asText(), 1, Integer::sum));
        assertThat(shares).isEqualTo(Map.of("w1", 5, "w2", 5, "w3", 2));
        for (String worker : shares.keySet()) {
            assertHostsFile(worker);
        }

        Outcome end = swarm.run("wait", "twelve", "--for=done", "--timeout", "2m");
        assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
        assertThat(hosts("twelve")).extracting(ClusterShapesE2E::phase).containsOnly("installed");
        // Every worker has each host's marker: those of hosts elsewhere have been relayed.
        for (String worker : shares.keySet()) {
            assertThat(markers(worker)).as(worker).hasSize(12);
        }
        assertDeleted("twelve");
    }

    @Test
    void everyShapeOfTheExamplePlanComesToItsEnd() {
        Path plan = Path.of(System.getProperty("swarm.home"), "conf/plans/shapes.yaml");
        start("w1", 40);

        Outcome submitted = swarm.run(
                "submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", "shapes", "--wait");

        assertThat(submitted.exitCode()).as(submitted.out() + submitted.err()).isZero();
        Map<String, Integer> phases = new TreeMap<>();
        hosts("shapes").forEach(host -> phases.merge(phase(host), 1, Integer::sum));
        assertThat(phases).isEqualTo(Map.of("installed", 18, "added", 1, "discovered", 2));
        assertThat(hosts("shapes"))
                .extracting(host -> host.path("role").asText())
                .contains("arbiter");
        assertDeleted("shapes");
    }

    @Test
    void aHeldClusterWaitsUntilTheUserReleasesIt() throws IOException {
        start("w1", 4);
        submit("held", "{singleNode: true, holdInstallation: true}");
        await().atMost(Duration.ofSeconds(60)).until(() -> cluster("held").equals("held"));
        assertThat(swarm.run("describe", "swarm", "held").out()).contains("until 'swarm release'");

        assertThat(swarm.run("release", "held").exitCode()).isZero();

        assertThat(swarm.run("wait", "held", "--for=done", "--timeout", "2m").exitCode())
                .isZero();
        assertThat(cluster("held")).isEqualTo("installed");
    }

    private void start(String worker, int capacity) {
        try {
            swarm.startWorker(worker, capacity);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        swarm.awaitWorkers(1);
    }

    private void submit(String name, String group) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec: {clusters: [%s]}
                """.formatted(name, group));
        Outcome submitted =
                swarm.run("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", name);
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
    }

    /** All twelve, with markers where this worker's own processes look for them. */
    private void assertHostsFile(String worker) throws IOException {
        Path cluster = folder.resolve(worker).resolve("twelve/twelve-0");
        JsonNode entries =
                new ObjectMapper().readTree(cluster.resolve("hosts.json").toFile());
        assertThat(entries).hasSize(12);
        for (int i = 0; i < 12; i++) {
            assertThat(entries.path(i).path("hostname").asText()).isEqualTo("twelve-0-" + i);
            assertThat(entries.path(i).path("ip").asText()).isEqualTo("10.123.0." + (i + 1));
            assertThat(entries.path(i).path("rebootMarkerPath").asText())
                    .isEqualTo(cluster.resolve("markers/twelve-0-" + i).toString());
        }
    }

    private List<String> markers(String worker) throws IOException {
        try (var files = Files.list(folder.resolve(worker).resolve("twelve/twelve-0/markers"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void assertDeleted(String name) {
        Outcome deleted = swarm.run("delete", name);
        assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
        assertThat(deleted.out()).doesNotContainPattern("left [1-9]");
    }

    private String cluster(String swarmName) {
        JsonNode clusters =
                swarm.run("get", "clusters", "--swarm", swarmName, "-o", "json").json();
        return clusters.path(0).path("phase").asText();
    }

    private List<JsonNode> hosts(String swarmName) {
        List<JsonNode> hosts = new ArrayList<>();
        StreamSupport.stream(
                        swarm.run("get", "hosts", "--swarm", swarmName, "-o", "json")
                                .json()
                                .spliterator(),
                        false)
                .forEach(hosts::add);
        return hosts;
    }

    private static String phase(JsonNode host) {
        return host.path("phase").asText();
    }
}
