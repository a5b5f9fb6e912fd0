package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters of every shape that the API allows, and what it refuses (reference, cr-lifecycle.md 4, 6, 7 and 8). */
class ClusterShapesIT {
    private static final String NO_DNS =
            "[\"api-domain-name-resolved-correctly\",\"api-int-domain-name-resolved-correctly\",\"apps-domain-name-resolved-correctly\"]";
    private static TestingHub hub;

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of());
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({"3,0,0", "4,1,0", "5,0,0", "2,0,1", "3,1,1"})
    void installs(int controlPlanes, int workers, int arbiters) {
        int size = controlPlanes + arbiters + workers;
        TestingCluster cluster = new TestingCluster(hub, "c" + controlPlanes + workers + arbiters);
        cluster.user.createCluster(controlPlanes, workers, arbiters, "mastersSchedulable: " + (workers == 0));
        cluster.boot(0, size);
        cluster.install();
        until(() -> !cluster.id().isEmpty());

        assertThat(cluster.agents)
                .extracting(agent -> agent.installation().path("role").asText())
                .filteredOn("arbiter"::equals)
                .hasSize(arbiters);
        assertThat(cluster.agents)
                .extracting(agent -> agent.installation().path("role").asText())
                .filteredOn(role -> role.equals("master") || role.equals("bootstrap"))
                .hasSize(controlPlanes);
        assertThat(cluster.caller.peek("/v2/clusters/" + cluster.id() + "/hosts?role=arbiter"))
                .hasSize(arbiters);
        assertThat(cluster.caller
                        .peek("/v2/clusters/" + cluster.id())
                        .path("schedulable_masters")
                        .asBoolean())
                .isEqualTo(workers == 0);
        cluster.finish();
    }

    @ParameterizedTest
    @CsvSource({"2,0", "6,0", "1,1", "6,1"})
    void refusesOtherNumbersOfControlPlanes(int controlPlanes, int arbiters) {
        String name = "n" + controlPlanes + arbiters;
        TestingCluster cluster = new TestingCluster(hub, name);
        cluster.user.createCluster(controlPlanes, 0, arbiters, "");

        until(() -> cluster.installCondition("SpecSynced")
                .startsWith("False InputError The Spec could not be synced due to an input error: controlPlaneAgents"));
    }

    @Test
    void holdsAnInstallationUntilItIsReleased() {
        TestingCluster cluster = new TestingCluster(hub, "hold");
        cluster.user.createCluster(1, 0, 0, "holdInstallation: true");
        cluster.boot(0);
        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.installState().equals("ready");
        });
        await().during(Duration.ofMillis(400))
                .until(() -> cluster.installState().equals("ready"));
        assertThat(cluster.installCondition("Completed")).startsWith("False InstallationOnHold");

        cluster.user.patch("AgentClusterInstall", "hold", "{\"spec\":{\"holdInstallation\":false}}");

        cluster.install();
    }

    @Test
    void isHeldByThePauseOfTheClusterDeploymentToo() {
        TestingCluster cluster = new TestingCluster(hub, "pause");
        cluster.user.createCluster(1, 0);
        cluster.user.patch(
                "ClusterDeployment",
                "pause",
                "{\"metadata\":{\"annotations\":{\"hive.openshift.io/reconcile-pause\":\"true\"}}}");
        cluster.boot(0);
        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.installCondition("Completed").startsWith("False InstallationOnHold");
        });
    }

    @Test
    void installsWithUserManagedNetworkingOnceNamesResolveOrAreIgnored() {
        TestingCluster cluster = new TestingCluster(hub, "none");
        cluster.user.createCluster(3, 0, 0, "platformType: None");
        cluster.user.patch(
                "AgentClusterInstall",
                "none",
                "{\"spec\":{\"networking\":{\"machineNetwork\":[{\"cidr\":\"10.123.0.0/16\"}]}}}");
        until(() ->
                cluster.installCondition("SpecSynced").contains("API VIP cannot be set with User Managed Networking"));
        cluster.user.patch("AgentClusterInstall", "none", "{\"spec\":{\"apiVIPs\":null,\"ingressVIPs\":null}}");
        cluster.boot(0, 3);
        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.agents.stream()
                    .allMatch(agent -> cluster.host(agent)
                            .path("status_info")
                            .asText()
                            .contains("Couldn't resolve domain name api.none.example.com"));
        });

        cluster.user.patch(
                "AgentClusterInstall",
                "none",
                "{\"metadata\":{\"annotations\":{\"agent-install.openshift.io/ignored-host-validations\":%s}}}"
                        .formatted(Json.text(NO_DNS)));

        cluster.install();
        until(() -> !cluster.id().isEmpty());
        assertThat(cluster.install("status", "platformType")).isEqualTo("None");
        assertThat(cluster.caller
                        .peek("/v2/clusters/" + cluster.id())
                        .path("ignored_host_validations")
                        .asText())
                .contains("apps-domain-name-resolved-correctly");
    }

    @Test
    void takesVipsThatAreGivenLate() {
        TestingCluster cluster = new TestingCluster(hub, "vips");
        cluster.user.createCluster(3, 0);
        cluster.user.patch("AgentClusterInstall", "vips", "{\"spec\":{\"apiVIPs\":null,\"ingressVIPs\":null}}");
        cluster.boot(0, 3);
        cluster.pollUntil("pending-for-input");

        cluster.user.patch(
                "AgentClusterInstall",
                "vips",
                "{\"spec\":{\"apiVIP\":\"10.123.255.251\",\"ingressVIP\":\"10.123.255.252\"}}");

        cluster.install();
        assertThat(cluster.install("status", "apiVIPs")).isEqualTo("[10.123.255.251]");
    }

    @ParameterizedTest
    @CsvSource({
        "10.123.255.253,10.123.255.253,is used for both the API and ingress",
        "10.123.255.255,10.123.255.254,is the network or broadcast address",
        "10.123.0.1,10.123.255.254,is already in use",
        "10.124.0.1,10.123.255.254,Machine Network CIDR is undefined"
    })
    void waitsWithVipsThatCannotBe(String api, String ingress, String message) {
        String name = "v" + (api + ingress).hashCode() % 1_000;
        TestingCluster cluster = new TestingCluster(hub, name.replace('-', 'm'));
        cluster.user.createCluster(3, 0);
        cluster.user.patch(
                "AgentClusterInstall",
                name.replace('-', 'm'),
                "{\"spec\":{\"apiVIPs\":[\"%s\"],\"ingressVIPs\":[\"%s\"]}}".formatted(api, ingress));
        cluster.boot(0, 3);

        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.installCondition("Validated").contains(message);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "install-config-overrides | {\"networking\": | is no JSON",
                "install-config-overrides | [] | must be a JSON object",
                "ignored-cluster-validations | all | is no JSON",
                "ignored-host-validations | {} | must be a JSON list of texts"
            })
    void refusesAnnotationsThatAreNotTheirJson(String annotation, String value, String message) {
        TestingCluster cluster = new TestingCluster(hub, "j" + Math.abs((annotation + value).hashCode() % 1_000));
        String name = cluster.name();
        cluster.user.createCluster(1, 0);
        cluster.user.patch(
                "AgentClusterInstall",
                name,
                "{\"metadata\":{\"annotations\":{\"agent-install.openshift.io/%s\":%s}}}"
                        .formatted(annotation, Json.text(value)));

        until(() -> cluster.installCondition("SpecSynced").startsWith("False InputError")
                && cluster.installCondition("SpecSynced").contains(message));

        cluster.user.patch(
                "AgentClusterInstall",
                name,
                "{\"metadata\":{\"annotations\":{\"agent-install.openshift.io/%s\":null}}}".formatted(annotation));
        until(() -> cluster.installCondition("SpecSynced").startsWith("True"));
    }

    @Test
    void startsOnlyWithManifestsThatCanBeRead() {
        TestingCluster cluster = new TestingCluster(hub, "own");
        cluster.user.createCluster(1, 0, 0, "manifestsConfigMapRefs: [{name: own}]");
        cluster.boot(0);
        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.installCondition("SpecSynced").contains("ConfigMap own/own with manifests is not there");
        });
        cluster.user.load("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: own, namespace: own}
                data: {50-one.yaml: "kind: [", 60-two.txt: ""}
                """);
        until(() -> cluster.installCondition("SpecSynced").contains("manifest 50-one.yaml of ConfigMap own/own"));
        assertThat(cluster.installState()).isEqualTo("ready");

        hub.client.configMaps().inNamespace("own").withName("own").edit(map -> {
            map.setData(Map.of("50-one.yaml", "kind: MachineConfig"));
            return map;
        });

        cluster.install();
    }

    @Test
    void givesAgentsWhatTheAnnotationsOfTheirMetalSay() {
        TestingCluster cluster = new TestingCluster(hub, "marks");
        cluster.user.createCluster(1, 1);
        cluster.user.createHost(
                2,
                "bmac.agent-install.openshift.io/role: worker,"
                        + " bmac.agent-install.openshift.io/hostname: storage-1,"
                        + " bmac.agent-install.openshift.io/machine-config-pool: infra,"
                        + " bmac.agent-install.openshift.io/installer-args: '[\"--save-partlabel\",\"data\"]',"
                        + " bmac.agent-install.openshift.io.node-label.zone: a,"
                        + " bmac.agent-install.openshift.io.agent-label.rack: r7",
                "");
        TestingAgent agent = cluster.boot(2);
        until(() -> {
            agent.poll();
            return cluster.host(agent).path("machine_config_pool_name").asText().equals("infra");
        });

        JsonNode host = cluster.host(agent);
        assertThat(host.path("requested_hostname").asText()).isEqualTo("storage-1");
        assertThat(host.path("role").asText()).isEqualTo("worker");
        assertThat(host.path("installer_args").asText()).isEqualTo("[\"--save-partlabel\",\"data\"]");
        assertThat(host.path("node_labels").asText()).isEqualTo("{\"zone\":\"a\"}");
        assertThat(cluster.user.get("Agent", agent.id).getMetadata().getLabels())
                .containsEntry("rack", "r7")
                .containsEntry("agent-install.openshift.io/bmh", "marks-2");

        cluster.user.patch(
                "BareMetalHost",
                "marks-2",
                "{\"metadata\":{\"annotations\":{\"bmac.agent-install.openshift.io/installer-args\":\"--x\"}}}");
        until(() -> cluster.agentCondition(agent, "SpecSynced").startsWith("False InputError"));
    }

    @Test
    void copiesTheNetworkOfHostsWithNmstateAndMakesTheImageAnewForEach() {
        TestingCluster cluster = new TestingCluster(hub, "nmstate");
        cluster.user.createNamespace();
        cluster.user.createImageSet();
        cluster.user.createDeployment();
        cluster.user.createInstall(1, 0, 0, "");
        nmstate(cluster, 0, "{interfaces: [{name: eth0, type: ethernet}]}");
        cluster.user.createInfraEnv("clusterRef: {name: nmstate, namespace: nmstate}\n"
                + "  nmStateConfigLabelSelector: {matchLabels: {of: nmstate}}");
        cluster.user.createHost(0, "master");
        cluster.boot(0);
        cluster.install();
        assertThat(cluster.agents
                        .getFirst()
                        .installation()
                        .path("installer_args")
                        .asText())
                .isEqualTo("[\"--copy-network\"]");
        String made = cluster.user.text("InfraEnv", "nmstate", "status", "createdTime");
        assertThat(cluster.user.text("InfraEnv", "nmstate", "status", "debugInfo", "staticNetworkDownloadURL"))
                .endsWith("file_name=static-network-config");

        nmstate(cluster, 1, "{dns-resolver: {}}");
        until(() -> cluster.user
                .condition("InfraEnv", "nmstate", "ImageCreated")
                .contains("NMStateConfig nmstate/nmstate-1 has no interfaces"));
        // The time of an image has whole seconds: one made anew within the same second could not be told.
        until(() -> Instant.now().isAfter(Instant.parse(made).plusSeconds(1)));
        cluster.user.patch(
                "NMStateConfig", "nmstate-1", "{\"spec\":{\"config\":{\"interfaces\":[{\"name\":\"eth0\"}]}}}");
        until(() -> !cluster.user
                .text("InfraEnv", "nmstate", "status", "createdTime")
                .equals(made));
    }

    private static void nmstate(TestingCluster cluster, int index, String config) {
        cluster.user.load("""
                apiVersion: agent-install.openshift.io/v1beta1
                kind: NMStateConfig
                metadata: {name: nmstate-%1$d, namespace: nmstate, labels: {of: nmstate}}
                spec:
                  interfaces: [{name: eth0, macAddress: "02:00:00:00:00:%1$02x"}]
                  config: %2$s
                """.formatted(index, config));
    }

    @Test
    void addsAWorkerToAnInstalledClusterUpToItsReboot() {
        TestingCluster cluster = new TestingCluster(hub, "day2");
        cluster.user.createCluster(3, 0);
        cluster.boot(0, 3);
        cluster.install();
        until(() -> !cluster.id().isEmpty());
        cluster.finish();
        cluster.user.createHost(3, "worker");
        TestingAgent worker = cluster.boot(3);

        cluster.install(List.of(worker));

        assertThat(worker.installation().path("role").asText()).isEqualTo("worker");
        assertThat(worker.polls()).anySatisfy(steps -> assertThat(steps).contains("api-vip-connectivity-check"));
        assertThat(cluster.host(worker).path("kind").asText()).isEqualTo("AddToExistingClusterHost");
        // Nobody can say that it joined: its fake cluster has no API.
        await().during(Duration.ofSeconds(1))
                .until(() -> cluster.user
                        .text("Agent", worker.id, "status", "progress", "currentStage")
                        .equals("Rebooting"));
        assertThat(cluster.state(worker)).isEqualTo("installing-in-progress");
        assertThat(cluster.installState()).isEqualTo("adding-hosts");
        assertThat(cluster.installCondition("Completed")).startsWith("True InstallationCompleted");
        assertThat(cluster.user.text("Agent", worker.id, "status", "kind")).isEqualTo("AddToExistingClusterHost");
    }
}
