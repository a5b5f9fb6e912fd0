package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clusters of users who have no objects, from their registration to their end (reference, cr-lifecycle.md 10). */
class RestClustersIT {
    private static final String PULL_SECRET = "{\\\"auths\\\":{\\\"quay.io\\\":{\\\"auth\\\":\\\"YTpi\\\"}}}";
    private static final String VIPS =
            "\"api_vips\":[{\"ip\":\"10.123.255.253\"}],\"ingress_vips\":[{\"ip\":\"10.123.255.254\"}]";
    private static TestingHub hub;
    private static TestingRest rest;

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of());
        rest = new TestingRest(hub.url);
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @Test
    void installsThreeControlPlanesWhenToldAndNotBefore() throws IOException {
        String cluster = register("three", "\"control_plane_count\":3");
        String infraEnv = pool("three", cluster);
        assertThat(patch(cluster, VIPS))
                .as("no host has told where it is")
                .returns(400, TestingRest.Answer::status)
                .extracting(TestingRest.Answer::body)
                .asString()
                .contains("No suitable matching CIDR found for VIP 10.123.255.253");
        List<TestingAgent> agents = agents(infraEnv, 3);
        rest.pollUntil(cluster, agents, "pending-for-input");
        assertThat(act(cluster, "install").status()).isEqualTo(409);

        assertThat(patch(cluster, VIPS).status()).isEqualTo(201);
        for (TestingAgent agent : agents) {
            assertThat(rest.call(
                                    "PATCH",
                                    host(infraEnv, agent),
                                    "{\"host_role\":\"master\",\"host_name\":\"node-%d\"}".formatted(agent.index()))
                            .text("requested_hostname"))
                    .isEqualTo("node-" + agent.index());
        }
        rest.pollUntil(cluster, agents, "ready");
        for (int i = 0; i < 30; i++) {
            agents.forEach(TestingAgent::poll);
        }
        assertThat(cluster(cluster).text("status")).as("nobody asked").isEqualTo("ready");

        assertThat(act(cluster, "install"))
                .returns(202, TestingRest.Answer::status)
                .returns("preparing-for-installation", answer -> answer.text("status"));
        rest.goToReboot(agents, infraEnv);
        assertThat(cluster(cluster).text("status")).isEqualTo("installing");
        assertThat(rest.call("DELETE", "/v2/clusters/" + cluster, "").status()).isEqualTo(409);
        assertThat(patch(cluster, "\"schedulable_masters\":true").status()).isEqualTo(409);
        assertThat(rest.call("PATCH", host(infraEnv, agents.getFirst()), "{\"host_name\":\"late\"}")
                        .status())
                .isEqualTo(409);
        assertThat(act(cluster, "allow-add-hosts").status()).isEqualTo(400);
        rest.finish(cluster, agents);
        until(() -> cluster(cluster).text("status").equals("installed"));

        assertThat(act(cluster, "allow-add-hosts"))
                .returns(202, TestingRest.Answer::status)
                .returns("adding-hosts", answer -> answer.text("status"));
        TestingAgent late = agent(infraEnv, 3);
        late.register();
        assertThat(rest.call("POST", host(infraEnv, late) + "/actions/install", "")
                        .status())
                .as("not known yet")
                .isEqualTo(409);
        until(() -> {
            late.poll();
            return state(infraEnv, late).equals("known");
        });
        assertThat(rest.call("POST", host(infraEnv, late) + "/actions/install", "")
                        .status())
                .isEqualTo(202);
        rest.goToReboot(List.of(late), infraEnv);
        JsonNode added = rest.call("GET", host(infraEnv, late), "").json();
        assertThat(added.path("status").asText()).isEqualTo("added-to-existing-cluster");
        assertThat(added.path("progress").path("current_stage").asText()).isEqualTo("Done");
        assertThat(added.path("progress_stages"))
                .as("nobody can follow it further")
                .last()
                .extracting(JsonNode::asText)
                .isEqualTo("Rebooting");

        assertThat(rest.call("DELETE", "/v2/infra-envs/" + infraEnv, "").status())
                .as("hosts are still associated")
                .isEqualTo(400);
        assertThat(rest.call("DELETE", "/v2/clusters/" + cluster, "").status()).isEqualTo(204);
        assertThat(cluster(cluster).status()).isEqualTo(404);
        assertThat(rest.call("GET", "/v2/infra-envs/" + infraEnv + "/hosts", "").json())
                .isEmpty();
        assertThat(rest.call("DELETE", "/v2/infra-envs/" + infraEnv, "").status())
                .isEqualTo(204);
    }

    @Test
    void bindsHostsOfAPoolAndGivesThemBack() {
        String cluster = register("pooled", "\"control_plane_count\":1," + MACHINE_NETWORK);
        String infraEnv = pool("pooled", "");
        TestingAgent agent = agents(infraEnv, 1).getFirst();
        String bind = "{\"cluster_id\":\"%s\"}".formatted(cluster);
        String path = host(infraEnv, agent) + "/actions/";
        assertThat(rest.call("POST", path + "bind", bind).status())
                .as("not known yet")
                .isEqualTo(500);
        assertThat(rest.call("POST", path + "unbind", "").status()).isEqualTo(409);
        until(() -> {
            agent.poll();
            return state(infraEnv, agent).equals("known-unbound");
        });
        assertThat(rest.call("POST", path + "bind", "{\"cluster_id\":\"%s\"}".formatted(UUID.randomUUID()))
                        .status())
                .isEqualTo(400);
        assertThat(rest.call("POST", path + "install", "").status()).isEqualTo(404);

        assertThat(rest.call("POST", path + "bind", bind).text("status")).isEqualTo("binding");
        assertThat(rest.call("POST", path + "bind", bind).status()).isEqualTo(409);
        agent.poll();
        agent.register();
        rest.pollUntil(cluster, List.of(agent), "ready");
        assertThat(rest.call("POST", path + "install", "").status())
                .as("no day-2 host")
                .isEqualTo(409);
        assertThat(rest.call("POST", path + "unbind", "").text("status")).isEqualTo("unbinding");
        agent.poll();
        agent.register();
        until(() -> {
            agent.poll();
            return state(infraEnv, agent).equals("known-unbound");
        });
        assertThat(rest.call("DELETE", host(infraEnv, agent), "").status()).isEqualTo(204);
        assertThat(rest.call("DELETE", host(infraEnv, agent), "").status())
                .as("as the service does")
                .isEqualTo(500);
    }

    @Test
    void takesAnInstallationBack() {
        String cluster = register("undone", "\"control_plane_count\":1," + MACHINE_NETWORK);
        String infraEnv = pool("undone", cluster);
        List<TestingAgent> agents = agents(infraEnv, 1);
        rest.pollUntil(cluster, agents, "ready");
        assertThat(act(cluster, "cancel").status()).isEqualTo(409);
        assertThat(act(cluster, "reset").status()).isEqualTo(409);

        act(cluster, "install");
        assertThat(act(cluster, "cancel").text("status")).as("only prepared").isEqualTo("ready");
        act(cluster, "install");
        rest.goToReboot(agents, infraEnv);
        assertThat(act(cluster, "cancel").text("status")).isEqualTo("cancelled");
        assertThat(state(infraEnv, agents.getFirst())).isEqualTo("cancelled");

        assertThat(act(cluster, "reset").text("status")).isEqualTo("insufficient");
        assertThat(state(infraEnv, agents.getFirst())).isEqualTo("resetting-pending-user-action");
        agents.getFirst().register();
        rest.pollUntil(cluster, agents, "ready");
    }

    @Test
    void handsOutFilesAndLogsOnceTheyAreThere() {
        String cluster = register("files", "\"control_plane_count\":1," + MACHINE_NETWORK);
        String infraEnv = pool("files", cluster);
        String path = "/v2/clusters/" + cluster;
        String kubeconfig = path + "/downloads/credentials?file_name=kubeconfig";
        assertThat(rest.call("GET", kubeconfig, "").status())
                .as("before its installation")
                .isEqualTo(409);
        assertThat(rest.call("GET", path + "/downloads/credentials?file_name=secrets", "")
                        .status())
                .isEqualTo(400);
        assertThat(rest.call("GET", path + "/logs?logs_type=host", "").text("reason"))
                .isEqualTo("Host ID must be provided for downloading host logs");
        assertThat(rest.call("GET", path + "/logs?logs_type=some", "").status()).isEqualTo(400);
        assertThat(rest.call("GET", path + "/logs?logs_type=controller", "").status())
                .isEqualTo(409);
        assertThat(rest.call("GET", path + "/logs", "").body())
                .as("what the service itself has of it is always there")
                .contains("cluster_events.json", "Successfully registered cluster files")
                .doesNotContain("controller_logs.tar.gz");

        List<TestingAgent> agents = agents(infraEnv, 1);
        rest.pollUntil(cluster, agents, "ready");
        act(cluster, "install");
        rest.goToReboot(agents, infraEnv);
        assertThat(rest.call("GET", kubeconfig, "").body()).startsWith("apiVersion: v1");
        String host = agents.getFirst().id;
        String ofHost = path + "/logs?logs_type=host&host_id=" + host;
        assertThat(rest.call("GET", ofHost, "").text("reason")).isEqualTo("Logs for host " + host + " were not found");
        assertThat(upload(path + "/logs?logs_type=host&infra_env_id=" + infraEnv + "&host_id=" + host, "of the host"))
                .isEqualTo(204);
        assertThat(upload(path + "/logs?logs_type=controller", "x".repeat(100_000) + "end"))
                .isEqualTo(204);

        assertThat(rest.call("GET", ofHost, "").body()).contains("files_bootstrap_rest-0.tar.gz", "of the host");
        assertThat(rest.call("GET", path + "/logs?logs_type=controller", "").body())
                .as("of long ones only their length is kept")
                .isEqualTo("\0".repeat(100_003));
        assertThat(rest.call("GET", path + "/logs?logs_type=all", "").body())
                .contains("controller_logs.tar.gz", "files_bootstrap_rest-0.tar", "of the host");
        assertThat(rest.call("GET", path.replaceAll("[0-9a-f]{12}$", "0".repeat(12)) + "/logs", "")
                        .status())
                .isEqualTo(404);
    }

    private static int upload(String path, String file) {
        return rest.call(
                        "POST",
                        path,
                        "--B0\r\nContent-Disposition: form-data; name=\"upfile\"; filename=\"logs.tar.gz\"\r\n\r\n"
                                + file + "\r\n--B0--\r\n",
                        Map.of("Content-Type", "multipart/form-data; boundary=B0"))
                .status();
    }

    @Test
    void takesManifestsEachByItself() {
        String cluster = register("own", "\"control_plane_count\":1," + MACHINE_NETWORK);
        assertThat(manifest(cluster, "a.yaml", "kind: A\n---\nkind: B").status())
                .isEqualTo(201);
        assertThat(manifest(cluster, "a.yaml", "kind: C").text("manifest_source"))
                .isEqualTo("user");
        assertThat(manifest(cluster, "b.json", "{}").status()).isEqualTo(201);
        assertThat(manifest(cluster, "c.yaml", "a: [").text("reason")).contains("has an invalid YAML format");
        assertThat(manifest(cluster, "c.json", "{").text("reason")).contains("has an illegal JSON format");
        assertThat(manifest(cluster, "c.txt", "c").text("message")).startsWith("file_name in body should match ");
        assertThat(manifest(cluster, "c d.yaml", "c").status()).isEqualTo(422);
        assertThat(manifest(cluster, ".c.yaml", "c").status()).isEqualTo(422);
        assertThat(manifest(cluster, "c.yaml", "").text("reason")).endsWith(" is empty");
        assertThat(rest.call(
                                "POST",
                                "/v2/clusters/" + cluster + "/manifests",
                                "{\"folder\":\"openshift\",\"file_name\":\"a.yaml\",\"content\":\"YTog\"}")
                        .text("reason"))
                .contains("is not distinct between");
        assertThat(rest.call("GET", "/v2/clusters/" + cluster + "/manifests", "")
                        .json())
                .extracting(each -> each.path("file_name").asText())
                .containsExactly("a.yaml", "b.json");
    }

    private static TestingRest.Answer manifest(String cluster, String name, String text) {
        return rest.call(
                "POST",
                "/v2/clusters/" + cluster + "/manifests",
                "{\"file_name\":\"%s\",\"content\":\"%s\"}"
                        .formatted(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void refusesClustersThatCannotBe() {
        assertThat(create("bad", "\"control_plane_count\":1,\"high_availability_mode\":\"Full\""))
                .contains("there should be 3-5 dedicated control plane nodes");
        assertThat(create("bad", "\"control_plane_count\":3,\"high_availability_mode\":\"None\""))
                .contains("single-node clusters must have a single control plane node");
        assertThat(create("bad", "\"control_plane_count\":1,\"platform\":{\"type\":\"baremetal\"}"))
                .contains("Can't set baremetal platform on single node OpenShift");
        assertThat(create("bad", "\"control_plane_count\":1," + VIPS))
                .contains("API VIPs cannot be set with User Managed Networking");
        assertThat(create("bad", "\"api_vips\":[{\"ip\":\"10.123.255.253\"}]"))
                .contains("same number of apiVIPs (got 1) and ingressVIPs (got 0)");
        assertThat(create("Bad", "\"control_plane_count\":3")).contains("Cluster name format is not valid");
        assertThat(create("bad", "\"control_plane_count\":3,\"ocp_release_image\":\"quay.io/x:latest\""))
                .contains("failed to get release image by URL");
        assertThat(rest.call(
                                "POST",
                                "/v2/clusters",
                                "{\"name\":\"bad\",\"openshift_version\":\"3.11\",\"pull_secret\":\"%s\"}"
                                        .formatted(PULL_SECRET))
                        .body())
                .contains("Openshift version 3.11 for CPU architecture x86_64 is not supported");
        assertThat(rest.call(
                                "POST",
                                "/v2/clusters",
                                "{\"name\":\"bad\",\"openshift_version\":\"4.18\",\"pull_secret\":\"{}\"}")
                        .body())
                .contains("pull secret for new cluster is invalid: pull secret must contain 'auths'");
    }

    private static final String MACHINE_NETWORK = "\"machine_networks\":[{\"cidr\":\"10.123.0.0/16\"}]";

    /** The refusal of a cluster. */
    private static String create(String name, String more) {
        TestingRest.Answer answer = post(name, more);
        assertThat(answer.status()).as(more).isEqualTo(400);
        return answer.text("reason");
    }

    private static TestingRest.Answer post(String name, String more) {
        return rest.call(
                "POST",
                "/v2/clusters",
                "{\"name\":\"%s\",\"openshift_version\":\"4.18\",\"base_dns_domain\":\"example.com\",\"pull_secret\":\"%s\",%s}"
                        .formatted(name, PULL_SECRET, more));
    }

    private static String register(String name, String more) {
        TestingRest.Answer answer = post(name, more);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.text("id");
    }

    /** @param cluster empty for hosts that are bound later */
    private static String pool(String name, String cluster) {
        TestingRest.Answer answer = rest.call(
                "POST",
                "/v2/infra-envs",
                "{\"name\":\"%s\",\"pull_secret\":\"%s\",\"image_type\":\"minimal-iso\"%s}"
                        .formatted(name, PULL_SECRET, cluster.isEmpty() ? "" : ",\"cluster_id\":\"" + cluster + "\""));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        String id = answer.text("id");
        assertThat(rest.call("GET", "/v2/infra-envs/" + id + "/downloads/image-url", "")
                        .text("url"))
                .isEqualTo(answer.text("download_url"))
                .contains("/byid/" + id + "/")
                .endsWith("minimal.iso");
        return id;
    }

    private static List<TestingAgent> agents(String infraEnv, int count) {
        List<TestingAgent> agents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TestingAgent agent = agent(infraEnv, i);
            agent.register();
            agents.add(agent);
        }
        return agents;
    }

    private static TestingAgent agent(String infraEnv, int index) {
        return new TestingAgent(
                TestingCaller.unrecorded(hub.url), infraEnv, UUID.randomUUID().toString(), "rest-" + index, index);
    }

    private static String host(String infraEnv, TestingAgent agent) {
        return "/v2/infra-envs/" + infraEnv + "/hosts/" + agent.id;
    }

    private static String state(String infraEnv, TestingAgent agent) {
        return rest.call("GET", host(infraEnv, agent), "").text("status");
    }

    private static TestingRest.Answer cluster(String id) {
        return rest.call("GET", "/v2/clusters/" + id, "");
    }

    private static TestingRest.Answer patch(String cluster, String fields) {
        return rest.call("PATCH", "/v2/clusters/" + cluster, "{" + fields + "}");
    }

    private static TestingRest.Answer act(String cluster, String action) {
        return rest.call("POST", "/v2/clusters/" + cluster + "/actions/" + action, "");
    }
}
