package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the real stack refused, where it waited and what cured it (observed.md, section 10): one test a trap, by its number, for every
 * trap that service or Kubernetes API set. The others are set by launchers (8, 9, 16), by installer and controller (11, 13).
 */
class TrapsIT {
    private static TestingHub hub;

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of());
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @Test
    void trap01RefusesFieldsInTheWrongPlace() {
        TestingUser user = new TestingUser(hub.client, "t01");
        user.createNamespace();

        assertRefused(() -> user.load("""
                        apiVersion: agent-install.openshift.io/v1beta1
                        kind: InfraEnv
                        metadata: {name: t01, namespace: t01}
                        spec: {pullSecretRef: {name: t01-pull, sshAuthorizedKey: ssh}}
                        """), 400, "unknown field \"spec.pullSecretRef.sshAuthorizedKey\"");
        assertRefused(() -> user.load("""
                        apiVersion: extensions.hive.openshift.io/v1beta1
                        kind: AgentClusterInstall
                        metadata: {name: t01, namespace: t01}
                        spec:
                          clusterDeploymentRef: {name: t01}
                          networking: {}
                          provisionRequirements: {controlPlaneAgents: 1, sshPublicKey: ssh}
                        """), 400, "unknown field \"spec.provisionRequirements.sshPublicKey\"");
    }

    @Test
    void trap02GivesNoImageBeforeTheMetalIsReadyAndTheImageAMinuteOld() throws IOException {
        Duration cooldown = Duration.ofMinutes(4);
        try (TestingHub slow = TestingHub.start(Map.of(), cooldown)) {
            TestingCluster cluster = new TestingCluster(slow, "t02");
            cluster.user.createCluster(1, 0);
            cluster.user.createHost(1, "master");
            until(() -> !cluster.user
                    .text("InfraEnv", "t02", "status", "createdTime")
                    .isEmpty());
            Instant created = Instant.parse(cluster.user.text("InfraEnv", "t02", "status", "createdTime"));
            cluster.user.reportMetal(0, "ready");
            until(() -> !cluster.imageUrl(0).isEmpty());
            assertThat(Instant.now()).isAfterOrEqualTo(created.plus(TestingHub.scaled(cooldown)));
            assertThat(cluster.imageUrl(1)).isEmpty();
            cluster.user.reportMetal(1, "available");
            until(() -> !cluster.imageUrl(1).isEmpty());
        }
    }

    @Test
    void trap03LosesTheLoopbackAndApprovesNobodyWithoutANic() {
        TestingCluster cluster = new TestingCluster(hub, "t03");
        cluster.user.createCluster(1, 0);
        TestingAgent agent = cluster.boot(0).reporting(loopback());
        cluster.pollUntil("insufficient");

        assertThat(json(cluster.host(agent).path("inventory")).path("interfaces"))
                .isEmpty();
        assertThat(cluster.host(agent).path("status_info").asText())
                .contains("does not belong to machine network CIDRs");
        assertThat(cluster.user.text("Agent", agent.id, "spec", "approved")).isEqualTo("false");
    }

    @Test
    void trap03KeepsTheLoopbackWithVirtualInterfaces() throws IOException {
        try (TestingHub other = TestingHub.start(Map.of("ENABLE_VIRTUAL_INTERFACES", "true"))) {
            TestingCluster cluster = new TestingCluster(other, "t03");
            cluster.user.createCluster(1, 0);
            TestingAgent agent = cluster.boot(0).reporting(loopback());

            until(() -> {
                agent.poll();
                return cluster.user.text("Agent", agent.id, "spec", "approved").equals("true");
            });
        }
    }

    @Test
    void trap04HoldsHostsThatShareAnAddress() {
        TestingCluster cluster = new TestingCluster(hub, "t04");
        cluster.user.createCluster(3, 0);
        for (int i = 0; i < 3; i++) {
            cluster.boot(i)
                    .reporting(TestingRows.inventory("t04-" + i, i)
                            .replace("\"ipv6_addresses\": []", "\"ipv6_addresses\": [\"::1/128\"]"));
        }

        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.agents.stream()
                    .allMatch(agent -> cluster.state(agent).equals("insufficient")
                            && cluster.host(agent)
                                    .path("status_info")
                                    .asText()
                                    .contains("Collisions detected in host network. IP address: ::1"));
        });
        // The cluster's monitor sees it later than the hosts'.
        until(() -> cluster.installState().equals("insufficient"));
    }

    @Test
    void trap05TellsTheInstallerToSkipTheMcoReboot() throws IOException {
        try (TestingHub other = TestingHub.start(Map.of("ENABLE_SKIP_MCO_REBOOT", "true"))) {
            TestingCluster cluster = new TestingCluster(other, "t05");
            cluster.user.createCluster(1, 0);
            cluster.boot(0);
            cluster.install();

            assertThat(cluster.agents
                            .getFirst()
                            .installation()
                            .path("enable_skip_mco_reboot")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void trap06FailsTheClusterOfAnInstallerThatPanics() {
        TestingCluster cluster = new TestingCluster(hub, "t06");
        cluster.user.createCluster(3, 0);
        cluster.boot(0, 3);
        until(() -> {
            cluster.agents.forEach(TestingAgent::poll);
            return cluster.agents.stream()
                    .noneMatch(agent -> agent.installation().isMissingNode());
        });
        TestingAgent bootstrap = cluster.agents.stream()
                .filter(agent -> agent.installation().path("role").asText().equals("bootstrap"))
                .findFirst()
                .orElseThrow();
        cluster.agents.forEach(agent -> agent.stage("Starting installation", ""));

        bootstrap.failInstallation(2);

        assertThat(cluster.host(bootstrap).path("status_info").asText()).isEqualTo("installation command failed");
        until(() -> cluster.installState().equals("error"));
        cluster.pollUntil("error");
        assertThat(cluster.agents)
                .filteredOn(agent -> agent != bootstrap)
                .allSatisfy(agent -> assertThat(
                                cluster.host(agent).path("status_info").asText())
                        .isEqualTo("Host is part of a cluster that failed to install"));
        until(() -> cluster.installCondition("Failed").startsWith("True InstallationFailed"));
    }

    @Test
    void anInstallerThatEndsBadlyAfterItsHostIsInstalledChangesNothing() {
        TestingCluster cluster = new TestingCluster(hub, "late");
        cluster.user.createCluster(1, 0);
        TestingAgent agent = cluster.boot(0);
        cluster.install();
        until(() -> !cluster.id().isEmpty());
        agent.stage("Joined", "");
        agent.stage("Done", "");
        assertThat(cluster.state(agent)).isEqualTo("installed");

        agent.failInstallation(137);

        assertThat(cluster.state(agent)).isEqualTo("installed");
        cluster.finish();
        assertThat(cluster.installState()).isEqualTo("adding-hosts");
    }

    @Test
    void trap07ListsNtpAmongWhatFailsButDoesNotWaitForIt() {
        TestingCluster cluster = new TestingCluster(hub, "t07");
        cluster.user.createCluster(1, 0);
        TestingAgent agent = cluster.boot(0).outOfTime();
        cluster.user.patch("AgentClusterInstall", "t07", "{\"spec\":{\"holdInstallation\":true}}");
        List<String> told = new ArrayList<>();
        until(() -> {
            agent.poll();
            JsonNode host = cluster.host(agent);
            told.add(host.path("status").asText() + ": "
                    + host.path("status_info").asText());
            return told.getLast().startsWith("known");
        });

        assertThat(told)
                .anySatisfy(status -> assertThat(status)
                        .startsWith("insufficient")
                        .contains("Host couldn't synchronize with any NTP server"));
    }

    @Test
    void trap10TellsTheClustersIdOnlyWhenTheInstallationBegins() {
        TestingCluster cluster = new TestingCluster(hub, "t10");
        cluster.user.createCluster(1, 0);
        cluster.boot(0);
        cluster.pollUntil("preparing-for-installation");
        assertThat(cluster.id()).isEmpty();

        cluster.install();

        until(() -> !cluster.id().isEmpty());
        assertThat(cluster.caller
                        .peek("/v2/clusters/" + cluster.id())
                        .path("id")
                        .asText())
                .isEqualTo(cluster.id());
    }

    @Test
    void trap12ShowsTheEndInConditionsOnly() {
        TestingCluster cluster = new TestingCluster(hub, "t12");
        cluster.user.createCluster(1, 0);
        cluster.boot(0);
        cluster.install();
        until(() -> !cluster.id().isEmpty());
        cluster.finish();

        assertThat(cluster.installState()).isEqualTo("adding-hosts");
        assertThat(cluster.installCondition("Completed")).startsWith("True InstallationCompleted");
        assertThat(cluster.installCondition("Failed")).startsWith("False");
        assertThat(cluster.user.text("ClusterDeployment", "t12", "spec", "installed"))
                .isNotEqualTo("true");
    }

    @Test
    void trap14TakesStatusPatchesAlwaysAndStaleObjectsNever() {
        TestingUser user = new TestingUser(hub.client, "t14");
        user.createCluster(1, 0);
        user.reportMetal(0, "registering");
        GenericKubernetesResource stale = user.get("BareMetalHost", "t14-0");
        // Service and launcher write in turn.
        for (int i = 0; i < 20; i++) {
            user.patch(
                    "BareMetalHost",
                    "t14-0",
                    "{\"metadata\":{\"annotations\":{\"by\":\"the service %d\"}}}".formatted(i));
            user.reportMetal(0, i % 2 == 0 ? "ready" : "provisioning");
        }

        assertThat(user.text("BareMetalHost", "t14-0", "status", "provisioning", "state"))
                .isEqualTo("provisioning");
        assertRefused(
                () -> hub.client.resource(stale).inNamespace("t14").updateStatus(),
                409,
                "the object has been modified");
        assertRefused(
                () -> hub.client.resource(stale).inNamespace("t14").update(), 409, "the object has been modified");
    }

    @Test
    void trap15AnswersAfterARestartButWritesNothingBeforeItLeads() throws IOException {
        // Three seconds when scaled: enough to register in on a machine that has much else to do.
        try (TestingHub other = TestingHub.startWithLease(Duration.ofMinutes(5))) {
            TestingCluster cluster = new TestingCluster(other, "t15");
            cluster.user.createCluster(1, 0);
            TestingAgent agent = cluster.prepare(0);
            long start = System.nanoTime();
            assertThat(cluster.caller.status("POST", "/rehearsal/restart", "")).isEqualTo(202);
            agent.register();
            agent.poll();
            // The Agent is made within the registration; what it says is the controllers' work.
            assertThat(cluster.user.get("Agent", agent.id)).isNotNull();
            assertThat(cluster.user.get("Agent", agent.id).<Object>get("status"))
                    .isNull();

            until(() -> !cluster.user
                    .text("Agent", agent.id, "status", "debugInfo", "state")
                    .isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(3));
            cluster.install();
        }
    }

    @Test
    void trap17DisconnectsAfterThreeMinutesButNotAfterTheReboot() {
        HostMachine machine = new HostMachine(TestingRows.SETTINGS);
        Cluster cluster = TestingRows.cluster(1, 0);
        Host host = TestingRows.hosts(cluster, HostState.KNOWN).getFirst();
        assertThat(machine.refresh(host, TestingRows.NOW.plusSeconds(180)))
                .map(HostMachine.Move::state)
                .isNotEqualTo(Optional.of(HostState.DISCONNECTED));
        assertThat(machine.refresh(host, TestingRows.NOW.plusSeconds(181)))
                .map(HostMachine.Move::state)
                .contains(HostState.DISCONNECTED);

        host.state = HostState.INSTALLED;
        assertThat(machine.refresh(host, TestingRows.NOW.plusSeconds(3_600))).isEmpty();
    }

    @Test
    void trap18RecoversFromAnyOrderOfObjects() {
        TestingUser user = new TestingUser(hub.client, "t18");
        user.createNamespace();
        user.createInfraEnv("clusterRef: {name: t18, namespace: t18}");
        user.createInstall(1, 0, 0, "");
        until(() -> user.condition("InfraEnv", "t18", "ImageCreated").startsWith("False MissingClusterDeployment"));
        user.createDeployment();
        until(() -> user.condition("AgentClusterInstall", "t18", "SpecSynced")
                .contains("must reference a valid ClusterImageSet"));
        user.createImageSet();

        until(() -> user.condition("AgentClusterInstall", "t18", "SpecSynced").startsWith("True"));
        until(() -> user.condition("InfraEnv", "t18", "ImageCreated").startsWith("True"));
    }

    @Test
    void trap19WantsPrivateRegistriesInThePullSecret() throws IOException {
        try (TestingHub other = TestingHub.start(Map.of("PUBLIC_CONTAINER_REGISTRIES", "registry.ci.openshift.org"))) {
            TestingUser user = new TestingUser(other.client, "t19");
            user.createNamespace("registry.example.com");
            user.createImageSet();
            user.createDeployment();
            user.createInstall(1, 0, 0, "");

            // The service wraps what it finds, so takes it for its own fault, and quotes the pull secret
            // (pullsecret_handler.go).
            until(() ->
                    user.condition("AgentClusterInstall", "t19", "SpecSynced").startsWith("False BackendError"));
            assertThat(user.condition("AgentClusterInstall", "t19", "SpecSynced"))
                    .contains(
                            "failed to validate pull secret for ClusterDeployment t19/t19: invalid pull secret data in secret")
                    .endsWith("}}}: pull secret must contain auth for \"quay.io\"");
        }
    }

    private static void assertRefused(Runnable write, int code, String message) {
        assertThatThrownBy(write::run)
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refusal -> assertThat(refusal.getCode()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    /** As a dry agent has it that finds the loopback first. */
    private static String loopback() {
        return TestingRows.inventory("t03-0", 0).replace("\"type\": \"physical\"", "\"type\": \"device\"");
    }

    private static JsonNode json(JsonNode text) {
        try {
            return Json.LENIENT.readTree(text.asText());
        } catch (IOException e) {
            throw new IllegalArgumentException(text.asText(), e);
        }
    }
}
