package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hosts that wait in a pool, are bound to a cluster and go back (reference, cr-lifecycle.md 8). */
class LateBindingIT {
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
    void installsHostsThatTheUserBound() {
        TestingCluster pool = pool("bound", 3, "");
        createCluster(pool, 3);
        for (TestingAgent agent : pool.agents) {
            bind(pool, agent, "bound");
            until(() -> pool.state(agent).equals("binding"));
            until(() -> pool.agentCondition(agent, "Bound").startsWith("False Binding"));
            agent.poll();
            assertThat(agent.lastAction()).isEqualTo("exit");
            agent.register();
        }
        until(() -> pool.agentCondition(pool.agents.getFirst(), "Bound").startsWith("True Bound"));

        pool.install();
        until(() -> !pool.id().isEmpty());
        pool.finish();
        assertThat(pool.host(pool.agents.getFirst()).path("cluster_id").asText())
                .isEqualTo(pool.id());
    }

    @Test
    void keepsAHostBindingThatDoesNotRegisterAgain() {
        TestingCluster pool = pool("deaf", 1, "");
        createCluster(pool, 1);
        TestingAgent agent = pool.agents.getFirst();
        bind(pool, agent, "deaf");
        pool.pollUntil("binding");

        for (int i = 0; i < 10; i++) {
            agent.poll();
            assertThat(agent.polls().getLast()).isEmpty();
        }
        assertThat(pool.state(agent)).isEqualTo("binding");
    }

    @Test
    void bindsAndUnbindsByTheAnnotationOfTheMetal() {
        TestingCluster pool = pool("byref", 1, ", bmac.agent-install.openshift.io/cluster-reference: byref/byref");
        TestingAgent agent = pool.agents.getFirst();
        until(() -> pool.agentCondition(agent, "SpecSynced").contains("ClusterDeployment byref/byref has no cluster"));
        pool.user.createImageSet();
        pool.user.createDeployment();
        pool.user.createInstall(1, 0, 0, "holdInstallation: true");
        pool.pollUntil("binding");
        agent.register();
        pool.pollUntil("known");

        pool.user.patch(
                "BareMetalHost",
                "byref-0",
                "{\"metadata\":{\"annotations\":{\"bmac.agent-install.openshift.io/cluster-reference\":\"\"}}}");
        pool.pollUntil("unbinding");
        agent.poll();
        assertThat(agent.lastAction()).isEqualTo("exit");
        agent.register();
        pool.pollUntil("known-unbound");
        until(() -> pool.agentCondition(agent, "Bound").startsWith("False Unbound"));
        assertThat(pool.host(agent).has("cluster_id")).isFalse();
    }

    @Test
    void returnsInstalledHostsToTheirPoolWhenTheClusterGoes() {
        TestingCluster pool = pool("back", 1, "");
        createCluster(pool, 1);
        TestingAgent agent = pool.agents.getFirst();
        bind(pool, agent, "back");
        pool.pollUntil("binding");
        agent.register();
        pool.install();
        until(() -> !pool.id().isEmpty());
        pool.finish();
        until(() -> pool.user
                .get("BareMetalHost", "back-0")
                .getMetadata()
                .getAnnotations()
                .containsKey("baremetalhost.metal3.io/detached"));

        pool.user.delete("ClusterDeployment", "back");

        until(() -> pool.user.get("AgentClusterInstall", "back") == null);
        until(() -> pool.state(agent).equals("unbinding-pending-user-action"));
        until(() -> pool.imageUrl(0).isEmpty());
        assertThat(pool.user.get("BareMetalHost", "back-0").getMetadata().getAnnotations())
                .doesNotContainKey("baremetalhost.metal3.io/detached");
        pool.user.reportMetal(0, "available");
        until(() -> !pool.imageUrl(0).isEmpty());
        agent.register();
        pool.pollUntil("known-unbound");
    }

    @Test
    void refusesToBindWhoBelongsToTheClusterOfItsInfraEnv() {
        TestingCluster cluster = new TestingCluster(hub, "early");
        cluster.user.createCluster(3, 0);
        TestingAgent agent = cluster.boot(0);

        cluster.user.patch("Agent", agent.id, "{\"spec\":{\"clusterDeploymentName\":null}}");

        until(() -> cluster.agentCondition(agent, "SpecSynced").startsWith("False InputError"));
        assertThat(cluster.host(agent).path("cluster_id").asText()).isNotEmpty();
    }

    @Test
    void addsAHostOfThePoolToAnInstalledCluster() {
        TestingCluster pool = pool("late2", 2, "");
        createCluster(pool, 1);
        TestingAgent first = pool.agents.getFirst();
        TestingAgent second = pool.agents.getLast();
        bind(pool, first, "late2");
        until(() -> pool.state(first).equals("binding"));
        first.register();
        pool.install(List.of(first));
        until(() -> !pool.id().isEmpty());
        pool.agents.remove(second);
        pool.finish();
        // A single node's names must resolve for whoever joins it.
        pool.user.patch("Agent", second.id, "{\"spec\":{\"role\":\"worker\"}}");
        bind(pool, second, "late2");
        until(() -> pool.state(second).equals("binding"));
        second.register();

        until(() -> {
            second.poll();
            return pool.host(second).path("status_info").asText().contains("Couldn't resolve domain name");
        });
        assertThat(pool.host(second).path("kind").asText()).isEqualTo("AddToExistingClusterHost");
        assertThat(pool.state(second)).isEqualTo("insufficient");
    }

    /** An InfraEnv of no cluster, with hosts that are ready to be bound. */
    private static TestingCluster pool(String name, int hosts, String moreAnnotations) {
        TestingCluster pool = new TestingCluster(hub, name);
        pool.user.createNamespace();
        pool.user.createInfraEnv("osImageVersion: \"4.18\"");
        for (int i = 0; i < hosts; i++) {
            pool.user.createHost(i, "bmac.agent-install.openshift.io/role: master" + moreAnnotations, "");
        }
        pool.boot(0, hosts);
        pool.pollUntil("known-unbound");
        return pool;
    }

    private static void createCluster(TestingCluster pool, int controlPlanes) {
        pool.user.createImageSet();
        pool.user.createDeployment();
        pool.user.createInstall(
                controlPlanes,
                0,
                0,
                controlPlanes == 1 ? "" : "apiVIPs: [10.123.255.253]\n  ingressVIPs: [10.123.255.254]");
        until(() -> pool.installCondition("SpecSynced").startsWith("True"));
    }

    private static void bind(TestingCluster pool, TestingAgent agent, String cluster) {
        pool.user.patch(
                "Agent",
                agent.id,
                "{\"spec\":{\"clusterDeploymentName\":{\"name\":\"%1$s\",\"namespace\":\"%1$s\"}}}".formatted(cluster));
    }
}
