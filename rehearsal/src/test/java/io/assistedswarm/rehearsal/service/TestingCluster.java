package io.assistedswarm.rehearsal.service;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/** One cluster or pool of a test, with its objects and the hosts that were booted for it. */
final class TestingCluster {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private final String name;
    final TestingUser user;
    final TestingCaller caller;
    final List<TestingAgent> agents = new ArrayList<>();
    String infraEnv = "";

    TestingCluster(TestingHub hub, String name) {
        this.name = name;
        this.user = new TestingUser(hub.client, name);
        this.caller = TestingCaller.unrecorded(hub.url);
    }

    /** Boots bare metal: waits for its image and registers its agent. */
    TestingAgent boot(int index) {
        TestingAgent agent = prepare(index);
        agent.register();
        return agent;
    }

    /** As {@link #boot}, but before the registration. */
    TestingAgent prepare(int index) {
        user.reportMetal(index, "ready");
        until(() -> !imageUrl(index).isEmpty());
        user.reportMetal(index, "provisioned");
        return agent(index, imageUrl(index));
    }

    /** Registers the agent of metal that was booted from the image. */
    TestingAgent bootFrom(int index, String url) {
        TestingAgent agent = agent(index, url);
        agent.register();
        return agent;
    }

    private TestingAgent agent(int index, String url) {
        infraEnv = url.substring(url.indexOf("/byid/") + 6).substring(0, 36);
        TestingAgent agent =
                new TestingAgent(caller, infraEnv, UUID.randomUUID().toString(), name + "-" + index, index);
        agents.add(agent);
        return agent;
    }

    void boot(int first, int count) {
        for (int i = first; i < first + count; i++) {
            boot(i);
        }
    }

    String imageUrl(int index) {
        return user.text("BareMetalHost", name + "-" + index, "spec", "image", "url");
    }

    /** Polls as real hosts do until all hosts are in the state. Looks before it polls, as what is answered may end the state. */
    void pollUntil(String state) {
        until(() -> {
            boolean there = agents.stream().allMatch(agent -> state(agent).equals(state));
            if (!there) {
                agents.forEach(TestingAgent::poll);
            }
            return there;
        });
    }

    String state(TestingAgent agent) {
        return host(agent).path("status").asText();
    }

    JsonNode host(TestingAgent agent) {
        return caller.peek("/v2/infra-envs/" + infraEnv + "/hosts/" + agent.id);
    }

    /** Everything from discovery up to the reboot of each host. */
    void install() {
        install(agents);
    }

    void install(List<TestingAgent> hosts) {
        until(() -> {
            hosts.forEach(TestingAgent::poll);
            return hosts.stream().noneMatch(agent -> agent.installation().isMissingNode());
        });
        hosts.forEach(this::goToReboot);
    }

    private void goToReboot(TestingAgent agent) {
        for (JsonNode stage : host(agent).path("progress_stages")) {
            if (!stage.asText().startsWith("Copying")) {
                agent.stage(stage.asText(), "");
            }
            if (stage.asText().equals("Rebooting")) {
                return;
            }
        }
        throw new AssertionError("host " + agent.id + " never reboots: " + host(agent));
    }

    /** What the controller does. */
    void finish() {
        for (TestingAgent agent : agents) {
            agent.stage("Joined", "");
            agent.stage("Done", "");
        }
        until(() -> installState().equals("finalizing"));
        finish(caller, id());
        until(() -> installState().equals("adding-hosts"));
    }

    /** What the controller says of a cluster that is finalizing. */
    static void finish(TestingCaller caller, String cluster) {
        String path = "/v2/clusters/" + cluster;
        caller.call("PUT", path + "/progress", "{\"finalizing_stage\":\"Waiting for cluster operators\"}");
        for (String operator : List.of("console", "cvo")) {
            caller.call(
                    "PUT",
                    path + "/monitored-operators",
                    "{\"name\":\"%s\",\"status\":\"available\",\"status_info\":\"\"}".formatted(operator));
        }
        caller.call("POST", path + "/uploads/ingress-cert", Json.text(certificate()));
        caller.call("POST", path + "/actions/complete-installation", "{\"is_success\":true}");
    }

    /** As the controller learns it; empty before the installation. */
    String id() {
        return install("spec", "clusterMetadata", "infraID");
    }

    String installState() {
        return install("status", "debugInfo", "state");
    }

    String install(Object... path) {
        return user.text("AgentClusterInstall", name, path);
    }

    String installCondition(String type) {
        return user.condition("AgentClusterInstall", name, type);
    }

    String agentCondition(TestingAgent agent, String type) {
        return user.condition("Agent", agent.id, type);
    }

    String name() {
        return name;
    }

    static void until(Callable<Boolean> condition) {
        await().atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(40))
                .until(condition);
    }

    static String certificate() {
        try (InputStream pem = TestingCluster.class.getResourceAsStream("ingress.pem")) {
            return new String(pem.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
