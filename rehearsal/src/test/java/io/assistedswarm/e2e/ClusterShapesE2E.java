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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

    @Test
    void aDiscoveredHostIsFollowedWhenTheUserBindsItToAClusterOfHisOwn() throws IOException {
        start("w1", 1);
        submit("pool", "{controlPlanes: 1, justInfraenv: true}");
        assertThat(swarm.run("wait", "pool", "--for=done", "--timeout", "1m").exitCode())
                .isZero();
        assertThat(hosts("pool")).extracting(ClusterShapesE2E::phase).containsExactly("discovered");

        try (KubernetesClient hub = new KubernetesClientBuilder()
                .withConfig(
                        Config.fromKubeconfig(folder.resolve("hub/kubeconfig").toFile()))
                .build()) {
            hub.load(new ByteArrayInputStream(OWN_CLUSTER.getBytes(StandardCharsets.UTF_8)))
                    .create();
            hub.genericKubernetesResources("agent-install.openshift.io/v1beta1", "Agent")
                    .inNamespace("pool-0")
                    .withName(hosts("pool").getFirst().path("uuid").asText())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"clusterDeploymentName\":{\"namespace\":\"pool-0\",\"name\":\"own\"}}}");
        }

        // Nobody runs a controller for it, so that is as far as it comes.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> phase(hosts("pool").getFirst()).equals("rebooting"));
        assertThat(swarm.run("get", "swarm", "pool", "-o", "json")
                        .json()
                        .path("verdict")
                        .asText())
                .isEqualTo("passed");
        assertThat(cluster("pool")).isEqualTo("discovered");
        assertThat(swarm.run("describe", "host", "pool-0-0").out()).contains("has to register again");
        assertDeleted("pool");
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
