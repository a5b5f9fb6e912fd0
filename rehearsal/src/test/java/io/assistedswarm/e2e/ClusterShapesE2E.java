package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clusters of every shape, and one that no worker can hold alone. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class ClusterShapesE2E {
    /** Of one node, beside the InfraEnv without a cluster. */
    private static final String OWN_CLUSTER = """
            apiVersion: hive.openshift.io/v1
            kind: ClusterDeployment
            metadata: {name: own, namespace: pool-0}
            spec:
              baseDomain: example.com
              clusterName: own
              clusterInstallRef:
                {group: extensions.hive.openshift.io, kind: AgentClusterInstall, version: v1beta1, name: own}
              platform: {agentBareMetal: {agentSelector: {}}}
              pullSecretRef: {name: pull-secret}
            ---
            apiVersion: extensions.hive.openshift.io/v1beta1
            kind: AgentClusterInstall
            metadata: {name: own, namespace: pool-0}
            spec:
              clusterDeploymentRef: {name: own}
              imageSetRef: {name: pool}
              provisionRequirements: {controlPlaneAgents: 1}
              networking:
                clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]
                serviceNetwork: [172.30.0.0/16]
                machineNetwork: [{cidr: 10.123.0.0/16}]
            """;

    @TempDir
    static Path folder;

    private static Launcher swarm;
    private static Path serviceConfig;

    @BeforeAll
    static void startHubAndCoordinator() throws IOException {
        swarm = new Launcher(folder);
        serviceConfig = swarm.startHub(20).resolve("service-config.yaml");
        swarm.startCoordinator();
    }

    @AfterEach
    void stopWorkers() {
        swarm.stopWorkers();
    }

    @AfterAll
    static void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    /** Not beside the other one, which would change what workers there are. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
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

        awaitDone("twelve");
        assertThat(hosts("twelve")).extracting(ClusterShapesE2E::phase).containsOnly("installed");
        // Every worker has each host's marker: those of hosts elsewhere have been relayed.
        for (String worker : shares.keySet()) {
            assertThat(markers(worker)).as(worker).hasSize(12);
        }
        assertDeleted("twelve");
    }

    /** Three swarms at a time, as each of them waits most of its time. */
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void everyShapeComesToItsEndAHeldClusterWaitsForItsReleaseAndADiscoveredHostIsFollowedWhenTheUserBindsIt()
            throws IOException {
        swarm.startWorker("w", 40);
        swarm.awaitWorkers(1);
        submit("held", "{singleNode: true, holdInstallation: true}");
        submit("pool", "{controlPlanes: 1, justInfraenv: true}");
        submit("shapes", Path.of(System.getProperty("swarm.home"), "conf/plans/shapes.yaml"));

        await().atMost(Duration.ofSeconds(60))
                .until(() -> phase(hosts("pool").getFirst()).equals("discovered"));
        bindToAClusterOfTheUsersOwn(hosts("pool").getFirst());
        await().atMost(Duration.ofSeconds(60)).until(() -> cluster("held").equals("held"));
        assertThat(swarm.run("describe", "swarm", "held").out()).contains("until 'swarm release'");
        assertThat(swarm.run("release", "held").exitCode()).isZero();

        awaitDone("held");
        assertThat(cluster("held")).isEqualTo("installed");

        // Nobody runs a controller for it, so that is as far as it comes.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> phase(hosts("pool").getFirst()).equals("rebooting"));
        awaitDone("pool");
        assertThat(cluster("pool")).isEqualTo("discovered");
        assertThat(swarm.run("describe", "host", "pool-0-0").out()).contains("has to register again");
        // The user's own ClusterDeployment is in the swarm's namespace, which is kept for its sake otherwise.
        Outcome kept = swarm.run("delete", "pool");
        assertThat(kept.exitCode()).isEqualTo(1);
        assertThat(kept.out()).contains("ClusterDeployment own").contains("--force");
        assertDeleted("pool", "--force");

        awaitDone("shapes");
        Map<String, Integer> phases = new TreeMap<>();
        hosts("shapes").forEach(host -> phases.merge(phase(host), 1, Integer::sum));
        assertThat(phases).isEqualTo(Map.of("installed", 18, "added", 1, "discovered", 2));
        assertThat(hosts("shapes"))
                .extracting(host -> host.path("role").asText())
                .contains("arbiter");
        assertDeleted("shapes");
        assertDeleted("held");
    }

    private static void bindToAClusterOfTheUsersOwn(JsonNode host) {
        try (KubernetesClient hub = new KubernetesClientBuilder()
                .withConfig(
                        Config.fromKubeconfig(folder.resolve("hub/kubeconfig").toFile()))
                .build()) {
            hub.load(new ByteArrayInputStream(OWN_CLUSTER.getBytes(StandardCharsets.UTF_8)))
                    .create();
            hub.genericKubernetesResources("agent-install.openshift.io/v1beta1", "Agent")
                    .inNamespace("pool-0")
                    .withName(host.path("uuid").asText())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"clusterDeploymentName\":{\"namespace\":\"pool-0\",\"name\":\"own\"}}}");
        }
    }

    /** With a verdict of passed. */
    private static void awaitDone(String name) {
        Outcome end = swarm.run("wait", name, "--for=done", "--timeout", "2m");
        assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
    }

    private static void submit(String name, String group) throws IOException {
        submit(name, Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec: {clusters: [%s]}
                """.formatted(name, group)));
    }

    private static void submit(String name, Path plan) {
        Outcome submitted =
                swarm.run("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", name);
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
    }

    /** All twelve, with markers where this worker's own processes look for them. */
    private static void assertHostsFile(String worker) throws IOException {
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

    private static List<String> markers(String worker) throws IOException {
        try (var files = Files.list(folder.resolve(worker).resolve("twelve/twelve-0/markers"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertDeleted(String... arguments) {
        Outcome deleted = swarm.run(
                Stream.concat(Stream.of("delete"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
        assertThat(deleted.out()).doesNotContainPattern("left [1-9]");
    }

    private static String cluster(String swarmName) {
        JsonNode clusters =
                swarm.run("get", "clusters", "--swarm", swarmName, "-o", "json").json();
        return clusters.path(0).path("phase").asText();
    }

    private static List<JsonNode> hosts(String swarmName) {
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
