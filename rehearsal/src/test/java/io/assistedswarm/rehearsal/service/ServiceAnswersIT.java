package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.hub.RehearsalHub;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drives whole installations over plain HTTP, as recorded hosts and controllers did, and compares every answer. */
class ServiceAnswersIT {
    private static final double SCALE = 30;
    private static RehearsalHub hub;
    private static KubernetesClient client;

    @BeforeAll
    static void startHub(@TempDir Path directory) throws IOException {
        hub = RehearsalHub.start(new RehearsalHub.Options(
                directory, 0, 0, new TimeScale(SCALE), 1_000, false, ServiceVariables.DEFAULT, List.of(), false));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(hub.kubeUrl())
                        .build())
                .build();
    }

    @AfterAll
    static void stopHub() {
        client.close();
        hub.close();
    }

    @Test
    void answersASingleNodeAsRecorded() throws IOException {
        RecordedAnswers recorded = RecordedAnswers.read("sno");
        Run run = new Run("sno", 1, 0, recorded);
        run.discover();
        run.prepare();
        TestingAgent host = run.agents.getFirst();
        run.caller.call("GET", "/v2/component-versions", "");
        host.stage("Starting installation", "bootstrap");
        host.stage("Installing", "bootstrap");
        run.downloadFile("bootstrap.ign");
        host.stage("Waiting for bootkube", "");
        host.stage("Writing image to disk", "");
        host.sendLogs(run.cluster);
        run.look(false);
        run.look(true);
        host.stage("Writing image to disk", "100%");
        host.stage("Rebooting", "");
        host.stage("Joined", "");
        host.stage("Done", "");
        run.finish();

        assertThat(run.caller.differences()).isEmpty();
        assertThat(host.polls()).isEqualTo(recorded.polls());
        run.compareEnd(recorded);
    }

    @Test
    void answersThreeMastersAndAWorkerAsRecorded() throws IOException {
        RecordedAnswers recorded = RecordedAnswers.read("ha-3-1");
        Run run = new Run("ha", 3, 1, recorded);
        run.discover();
        run.prepare();
        run.install();
        run.finish();

        assertThat(run.caller.differences()).isEmpty();
        assertThat(run.agents).allSatisfy(host -> assertThat(host.polls()).isEqualTo(recorded.polls()));
        run.compareEnd(recorded);
    }

    @Test
    void leavesABareMetalHostWithoutStatusAndAHostWithoutBareMetalWaiting() throws IOException {
        Run run = new Run("strict", 3, 0, RecordedAnswers.read("ha-3-1"));
        run.user.createHost(7, "master");
        run.registerAll();
        TestingAgent stranger =
                new TestingAgent(run.caller, run.infraEnv, UUID.randomUUID().toString(), "strict-9", 9);
        stranger.register();
        // As real hosts do: which poll brings which steps depends on when the monitor has passed.
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    run.pollAll();
                    stranger.poll();
                    return run.allHostsAre("known");
                });

        // One host too many, and it is not approved: nothing starts, however good all hosts are.
        await().during(Duration.ofMillis(600))
                .atMost(Duration.ofSeconds(5))
                .until(() -> !run.state().startsWith("preparing"));
        assertThat(run.user.get("Agent", stranger.id).<Boolean>get("spec", "approved"))
                .isFalse();
        assertThat(run.user.get("BareMetalHost", "strict-7").<Object>get("spec", "image"))
                .isNull();

        run.user.deleteNamespace();
        await().atMost(Duration.ofSeconds(20)).until(run.user::gone);
        assertThat(run.caller.status(
                        "GET", "/api/assisted-install/v2/infra-envs/" + run.infraEnv + "/hosts/" + stranger.id, ""))
                .isEqualTo(404);
    }

    @Test
    void refusesWhatTheServiceRefuses() throws IOException {
        TestingCaller caller = new TestingCaller(hub.serviceUrl(), RecordedAnswers.read("sno"));
        String hosts = "/api/assisted-install/v2/infra-envs/" + UUID.randomUUID() + "/hosts";

        assertThat(caller.refusal("POST", hosts, "{\"host_id\":\"" + UUID.randomUUID() + "\"}"))
                .startsWith("{\"code\":\"404\",\"href\":\"\",\"id\":404,\"kind\":\"Error\",\"reason\":");
        assertThat(caller.status("POST", hosts, "{\"host_id\":\"x\",\"unknown\":1}"))
                .isEqualTo(400);
        assertThat(caller.status("PUT", hosts, "{}")).isEqualTo(405);
        assertThat(caller.status("GET", "/api/assisted-install/v2/nothing", "")).isEqualTo(404);
    }

    /** One cluster from its objects to its end. */
    private static final class Run {
        private final String name;
        private final int size;
        private final int masters;
        final TestingUser user;
        final TestingCaller caller;
        final List<TestingAgent> agents = new ArrayList<>();
        final String infraEnv;
        String cluster = "";

        Run(String name, int masters, int workers, RecordedAnswers recorded) {
            this.name = name;
            this.masters = masters;
            this.size = masters + workers;
            this.user = new TestingUser(client, name);
            this.caller = new TestingCaller(hub.serviceUrl(), recorded);
            user.createCluster(masters, workers);
            for (int i = 0; i < size; i++) {
                user.reportMetal(i, "ready");
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> !imageUrl(0).isEmpty());
            String url = imageUrl(0);
            this.infraEnv = url.substring(url.indexOf("/byid/") + 6).substring(0, 36);
        }

        private String imageUrl(int index) {
            String url = user.get("BareMetalHost", name + "-" + index).get("spec", "image", "url");
            return url == null ? "" : url;
        }

        void registerAll() {
            for (int i = 0; i < size; i++) {
                user.reportMetal(i, "provisioned");
                TestingAgent agent =
                        new TestingAgent(caller, infraEnv, UUID.randomUUID().toString(), name + "-" + i, i);
                agent.register();
                agents.add(agent);
            }
            pollAll();
        }

        void pollAll() {
            for (TestingAgent agent : agents) {
                JsonNode instructions = agent.poll();
                assertThat(instructions.path("next_instruction_seconds").asInt())
                        .isEqualTo((int) (60 / SCALE));
            }
        }

        /** Up to known, with the two polls that it takes. */
        void discover() {
            registerAll();
            awaitHosts("insufficient");
            pollAll();
            awaitHosts("preparing-for-installation");
        }

        /** Up to the install step. */
        void prepare() {
            pollAll();
            awaitHosts("installing");
            pollAll();
            await().until(() ->
                    user.get("AgentClusterInstall", name).get("spec", "clusterMetadata", "infraID") != null);
            cluster = user.get("AgentClusterInstall", name).get("spec", "clusterMetadata", "infraID");
        }

        void install() {
            JsonNode hosts = caller.peek("/v2/clusters/" + cluster).path("hosts");
            List<TestingAgent> plain = new ArrayList<>();
            TestingAgent bootstrap = null;
            for (JsonNode host : hosts) {
                TestingAgent agent = agents.stream()
                        .filter(a -> a.id.equals(host.path("id").asText()))
                        .findFirst()
                        .orElseThrow();
                if (host.path("bootstrap").asBoolean()) {
                    bootstrap = agent;
                } else {
                    plain.add(agent);
                }
            }
            downloadFile("bootstrap.ign");
            for (TestingAgent agent : agents) {
                agent.stage("Starting installation", "");
                agent.stage("Installing", "");
                agent.downloadIgnition();
                agent.stage("Writing image to disk", "100%");
            }
            bootstrap.stage("Waiting for control plane", "Waiting for masters to join bootstrap control plane");
            agents.getLast().stage("Waiting for control plane", "");
            for (TestingAgent agent : plain.subList(0, 2)) {
                agent.sendLogs(cluster);
                agent.stage("Rebooting", "");
            }
            look(true);
            look(false);
            caller.call("GET", "/v2/clusters/" + cluster + "/hosts?role=master", "");
            caller.call("GET", "/v2/clusters/" + cluster + "/hosts?role=arbiter", "");
            bootstrap.stage("Waiting for bootkube", "");
            caller.call("PUT", "/v2/clusters/" + cluster + "/logs-progress", "{\"logs_state\":\"requested\"}");
            bootstrap.stage("Waiting for controller", "");
            bootstrap.sendLogs(cluster);
            bootstrap.stage("Rebooting", "");
            for (TestingAgent agent : agents.subList(0, masters)) {
                agent.stage("Joined", "");
                agent.stage("Done", "");
            }
            agents.getLast().sendLogs(cluster);
            agents.getLast().stage("Rebooting", "");
            agents.getLast().stage("Joined", "");
            agents.getLast().stage("Done", "");
        }

        void finish() {
            String path = "/v2/clusters/" + cluster;
            await().until(() -> state().equals("finalizing") && nobodyLooksAtConnections());
            look(false);
            look(true);
            caller.call("PUT", path + "/progress", "{\"finalizing_stage\":\"Waiting for cluster operators\"}");
            caller.call("GET", path + "/monitored-operators", "");
            for (String operator : List.of("console", "cvo")) {
                caller.call(
                        "PUT",
                        path + "/monitored-operators",
                        "{\"name\":\"%s\",\"status\":\"available\",\"status_info\":\"All is well\"}"
                                .formatted(operator));
            }
            caller.call("PUT", path + "/progress", "{\"finalizing_stage\":\"Adding router ca\"}");
            caller.call("POST", path + "/uploads/ingress-cert", Json.text(TestingCluster.certificate()));
            caller.call("PUT", path + "/progress", "{\"finalizing_stage\":\"Done\"}");
            caller.call("POST", path + "/actions/complete-installation", "{\"is_success\":true}");
            await().until(() -> state().equals("adding-hosts"));
            look(true);
            caller.call("PUT", path + "/logs-progress", "{\"logs_state\":\"requested\"}");
            caller.call("POST", path + "/logs?logs_type=controller", "not looked at");
            caller.call("PUT", path + "/logs-progress", "{\"logs_state\":\"completed\"}");
        }

        /** The host monitor has passed since the hosts rebooted, so that their checks are those of the recordings. */
        private boolean nobodyLooksAtConnections() {
            return !caller.peek("/v2/clusters/" + cluster).toString().contains("media-connected");
        }

        void look(boolean excludeHosts) {
            caller.call("GET", "/v2/clusters/" + cluster + "?exclude-hosts=" + excludeHosts, "");
        }

        void downloadFile(String file) {
            caller.call("GET", "/v2/clusters/" + cluster + "/downloads/files?file_name=" + file, "");
        }

        void awaitHosts(String state) {
            await().atMost(Duration.ofSeconds(15)).until(() -> allHostsAre(state));
        }

        boolean allHostsAre(String state) {
            List<String> states = new ArrayList<>();
            caller.peek("/v2/infra-envs/" + infraEnv + "/hosts")
                    .forEach(host -> states.add(host.path("status").asText()));
            return states.stream().allMatch(state::equals);
        }

        String state() {
            String state = user.get("AgentClusterInstall", name).get("status", "debugInfo", "state");
            return state == null ? "" : state;
        }

        /** Conditions with their reasons and messages, and the names of all that stands in the objects. */
        void compareEnd(RecordedAnswers recorded) {
            user.agents()
                    .forEach(agent -> await().untilAsserted(() -> assertThat(conditions(
                                    user.get("Agent", agent.getMetadata().getName())))
                            .isEqualTo(conditions(recorded.end("Agent")))));
            compare("AgentClusterInstall", name, recorded);
            compare("ClusterDeployment", name, recorded);
            compare("InfraEnv", name, recorded);
            await().untilAsserted(() -> compare("BareMetalHost", name + "-0", recorded));
            compare("Agent", bareAgent(), recorded);
        }

        /** A plain one: the recording's first Agent is no bootstrap unless the cluster is a single node. */
        private String bareAgent() {
            return user.agents().stream()
                    .filter(agent -> size == 1 || agent.get("status", "bootstrap") == null)
                    .findFirst()
                    .orElseThrow()
                    .getMetadata()
                    .getName();
        }

        private void compare(String kind, String object, RecordedAnswers recorded) {
            GenericKubernetesResource is = user.get(kind, object);
            JsonNode end = recorded.end(kind);
            assertThat(conditions(is)).as(kind + " conditions").isEqualTo(conditions(end));
            assertThat(names(is.get("status"))).as(kind + " status").isEqualTo(set(end.path("status")));
            Set<String> labels = names(is.getMetadata().getLabels());
            assertThat(labels).as(kind + " labels").isEqualTo(set(end.path("labels")));
            assertThat(names(is.getMetadata().getAnnotations()))
                    .as(kind + " annotations")
                    .isEqualTo(set(end.path("annotations")));
            assertThat(is.getMetadata().getFinalizers())
                    .as(kind + " finalizers")
                    .isEqualTo(RecordedAnswers.texts(end.path("finalizers")));
            assertThat(is.getMetadata().getOwnerReferences().stream()
                            .map(owner -> owner.getKind())
                            .toList())
                    .as(kind + " owners")
                    .isEqualTo(RecordedAnswers.texts(end.path("owners")));
        }

        private static List<String> conditions(GenericKubernetesResource object) {
            List<Map<String, Object>> conditions = object.get("status", "conditions");
            return conditions == null
                    ? List.of()
                    : conditions.stream()
                            .map(c -> "%s=%s %s %s"
                                    .formatted(
                                            c.get("type"),
                                            c.get("status"),
                                            c.get("reason"),
                                            c.getOrDefault("message", "")))
                            .toList();
        }

        private static List<String> conditions(JsonNode end) {
            List<String> conditions = new ArrayList<>();
            end.path("conditions")
                    .forEach(c -> conditions.add("%s=%s %s %s"
                            .formatted(
                                    c.get(0).asText(),
                                    c.get(1).asText(),
                                    c.get(2).asText(),
                                    c.get(3).asText())));
            return conditions;
        }

        private static Set<String> names(Map<String, ?> map) {
            return map == null ? Set.of() : new TreeSet<>(map.keySet());
        }

        private static Set<String> set(JsonNode array) {
            return new TreeSet<>(RecordedAnswers.texts(array));
        }
    }
}
