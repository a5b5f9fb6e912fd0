package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Services that know users, by their REST API: a SaaS without Kubernetes, whose tokens run out in the middle, and the agent-based installer's with both. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class RestAuthE2E {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{10,}\\.eyJ[\\w-]+\\.");

    @TempDir
    Path folder;

    @Test
    void aSaasIsSignedOnToAgainAndAgain() throws IOException {
        try (Launcher swarm = new Launcher(folder)) {
            // Much less than a run takes.
            Path hub = swarm.startHub(
                    20, "--auth", "rhsso", "--tls", "--token-life", "5", "--env", "ENABLE_KUBE_API=false");
            JsonNode pullSecret = JSON.readTree(hub.resolve("pull-secret.json").toFile());
            JsonNode tenant =
                    JSON.readTree(hub.resolve("tenant-1-pull-secret.json").toFile());
            install(
                    swarm,
                    hub,
                    "rhsso",
                    "service-config-users.yaml",
                    List.of("rest"),
                    Files.readString(hub.resolve("offline-token")).strip(),
                    Files.readString(hub.resolve("tenant-1-offline-token")).strip(),
                    tenant.path("auths")
                            .path("cloud.openshift.com")
                            .path("auth")
                            .asText(),
                    pullSecret
                            .path("auths")
                            .path("cloud.openshift.com")
                            .path("auth")
                            .asText(),
                    // In the pull secret, but none of the agents' business.
                    pullSecret.path("auths").path("quay.io").path("auth").asText());
            eachUserHasHisOwnCluster(swarm);
            oneOfTwoUsersIsWrong(swarm, hub);
            for (String name : List.of("exec", "hollow")) {
                run(swarm, "delete", name);
            }
        }
    }

    @Test
    void anApplianceHasReadyTokens() throws IOException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(20, "--auth", "agent-installer-local");
            install(
                    swarm,
                    hub,
                    "agent-installer-local",
                    "service-config-hollow.yaml",
                    List.of("rest", "kube-api"),
                    Files.readString(hub.resolve("user-token")).strip(),
                    Files.readString(hub.resolve("agent-token")).strip());
            agentsBringATokenOfNobody(swarm, hub);
            for (String name : List.of("exec", "hollow")) {
                run(swarm, "delete", name);
            }
        }
    }

    /**
     * Nobody has signed on for what objects ask for, so no pull secret is accepted, and the service says so with the whole of it in the
     * object's condition.
     */
    @Test
    void aSaasTakesNobodysCustomResources() throws IOException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(20, "--auth", "rhsso");
            swarm.startCoordinator();
            swarm.startWorker("w", 10);
            swarm.awaitWorkers(1);
            String plan = plan("- {singleNode: true}\n- {justInfraenv: true, controlPlanes: 1}\n", "");
            String config = hub.resolve("service-config-hollow.yaml").toString();

            Outcome preflight = swarm.run("preflight", plan, "--service-config", config);
            Outcome refused = swarm.run("submit", plan, "--service-config", config, "--name", "objects");
            for (Outcome outcome : List.of(preflight, refused)) {
                assertThat(outcome.exitCode()).isEqualTo(1);
                assertThat(outcome.out() + outcome.err())
                        .containsPattern("kube-api:? +with AUTH_TYPE=rhsso the service accepts no pull secret")
                        .contains("api: rest");
            }
            assertThat(swarm.run("get", "swarms", "-o", "json").json()).isEmpty();

            run(swarm, "submit", plan, "--service-config", config, "--name", "objects", "--no-preflight");
            swarm.run("wait", "objects", "--for=done", "--timeout", "2m");
            String words = "invalid pull secret data in secret [^ ]+: pull secret token does not match current user\\.";
            for (String cluster : List.of("objects-0", "objects-1")) {
                assertThat(run(swarm, "describe", "cluster", cluster)).containsPattern("plan/Unauthorized: .*" + words);
            }
            assertThat(swarm.run("get", "hosts", "--swarm", "objects", "-o", "json")
                            .json())
                    .hasSize(2)
                    .allSatisfy(host -> {
                        assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("plan");
                        assertThat(host.at("/failure/reason").asText()).isEqualTo("Unauthorized");
                    });
            run(swarm, "report", "objects", "-d", folder.resolve("results").toString());
            SecretSearch search = new SecretSearch(
                    List.of(JSON.readTree(hub.resolve("pull-secret.json").toFile())
                            .path("auths")
                            .path("cloud.openshift.com")
                            .path("auth")
                            .asText()));
            List<Path> holders = new ArrayList<>(search.inFiles(folder));
            holders.removeIf(file -> file.startsWith(hub));
            assertThat(holders).as("files with the pull secret").isEmpty();
            run(swarm, "delete", "objects");
        }
    }

    /** While his clusters are installed, which would go on unseen until their deadline in two hours, and then be held against the service. */
    @Test
    void theUserOfASaasIsNotAcceptedAnyMore() throws IOException, InterruptedException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(5, "--auth", "rhsso", "--tls", "--env", "ENABLE_KUBE_API=false");
            swarm.startCoordinator();
            swarm.startWorker("w", 10);
            swarm.awaitWorkers(1);
            String plan = plan("- {api: rest, singleNode: true}\n- {api: rest, controlPlanes: 3}\n", "");
            String config = hub.resolve("service-config-hollow.yaml").toString();
            run(swarm, "submit", plan, "--service-config", config, "--name", "middle", "--no-preflight");
            run(swarm, "wait", "middle", "--for=installing", "--timeout", "2m");
            long refusedBefore = answered(swarm, 401);
            assertThat(swarm.troubles("POST", """
                                    troubles:
                                    - {hub: service, kind: answer, status: 401, duration: 1h, clients: [assisted-swarm]}
                                    """).statusCode()).isEqualTo(202);
            swarm.run("wait", "middle", "--for=done", "--timeout", "4m");
            assertThat(answered(swarm, 401) - refusedBefore)
                    .as("what was under way, the token that served before, and five new ones in a row")
                    .isBetween(5L, 8L);
            assertThat(swarm.run("get", "hosts", "--swarm", "middle", "-o", "json")
                            .json())
                    .hasSize(4)
                    .allSatisfy(host -> {
                        assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("plan");
                        assertThat(host.at("/failure/reason").asText()).isEqualTo("Unauthorized");
                    });
            for (String cluster : List.of("middle-0", "middle-1")) {
                assertThat(run(swarm, "describe", "cluster", cluster))
                        .contains("plan/Unauthorized: it cannot be asked for any more: not sent: the service does not");
            }
            assertThat(swarm.troubles("DELETE", "").statusCode()).isLessThan(300);
        }
    }

    /** First for some seconds, of which nobody fails, then for good. */
    @Test
    void theUserOfASaasMayNotSeeHisClustersAnyMore() throws IOException, InterruptedException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(5, "--auth", "rhsso", "--tls", "--env", "ENABLE_KUBE_API=false");
            swarm.startCoordinator();
            swarm.startWorker("w", 10);
            swarm.awaitWorkers(1);
            String plan = plan("- {api: rest, singleNode: true}\n- {api: rest, controlPlanes: 3}\n", "");
            String config = hub.resolve("service-config-hollow.yaml").toString();
            run(swarm, "submit", plan, "--service-config", config, "--name", "middle", "--no-preflight");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> run(swarm, "get", "hosts", "--swarm", "middle")
                            .matches("(?s).*(registered|unbound|known|preparing|installing).*"));
            forbid(swarm, "8s");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> swarm.log("coordinator").contains("swarm [middle] is answered by the service again"));
            assertThat(run(swarm, "get", "clusters", "--swarm", "middle")).doesNotContain("failed");

            run(swarm, "wait", "middle", "--for=installing", "--timeout", "2m");
            long refusedBefore = answered(swarm, 403);
            forbid(swarm, "1h");
            swarm.run("wait", "middle", "--for=done", "--timeout", "4m");
            assertThat(answered(swarm, 403) - refusedBefore)
                    .as("two at first, and one at a time until it is for good")
                    .isBetween(5L, 10L);
            assertThat(swarm.run("get", "hosts", "--swarm", "middle", "-o", "json")
                            .json())
                    .hasSize(4)
                    .allSatisfy(host -> {
                        assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("plan");
                        assertThat(host.at("/failure/reason").asText()).isEqualTo("Forbidden");
                    });
            for (String cluster : List.of("middle-0", "middle-1")) {
                assertThat(run(swarm, "describe", "cluster", cluster))
                        .contains(
                                "plan/Forbidden: it cannot be asked for any more: the service keeps answering with status 403");
            }
            assertThat(swarm.troubles("DELETE", "").statusCode()).isLessThan(300);
        }
    }

    private static void forbid(Launcher swarm, String duration) throws IOException, InterruptedException {
        assertThat(swarm.troubles("POST", """
                                troubles:
                                - {hub: service, kind: answer, status: 403, duration: %s, clients: [assisted-swarm-coordinator]}
                                """.formatted(duration)).statusCode()).isEqualTo(202);
    }

    /**
     * Of the second swarm, two to one. The service lets nobody make a cluster with another's pull secret, see another's clusters, or
     * bring agents to them, so that they would not have been installed by the wrong one.
     */
    private void eachUserHasHisOwnCluster(Launcher swarm) throws IOException {
        assertThat(run(swarm, "describe", "cluster", "hollow-0")).containsPattern("User: +rehearsal\n");
        assertThat(run(swarm, "describe", "cluster", "hollow-1")).containsPattern("User: +tenant-1\n");
        assertThat(run(swarm, "describe", "cluster", "exec-1")).doesNotContain("User:");
        Path results;
        try (Stream<Path> reports = Files.list(folder.resolve("results-hollow"))) {
            results = reports.findFirst().orElseThrow();
        }
        assertThat(JSON.readTree(results.resolve("summary.json").toFile()).path("users"))
                .extracting(user -> user.path("name").asText() + " " + user.path("weight") + " " + user.path("phases"))
                .containsExactly("rehearsal 2 {\"installed\":1}", "tenant-1 1 {\"installed\":1}");
        assertThat(Files.readString(results.resolve("report.txt")))
                .containsPattern("tenant-1 +1 +1 +[0-9]+ +1 installed");
    }

    /** Of four clusters every second one is the stranger's, for whose offline token the sign-on has nothing but a refusal. */
    private void oneOfTwoUsersIsWrong(Launcher swarm, Path hub) throws IOException {
        TestingServiceConfig configs = new TestingServiceConfig(hub);
        String foreign = "0123456789abcdef0123456789abcdef";
        configs.writeSecret("foreign-offline-token", foreign);
        String config = configs.ofUsers(
                        "service-config-users.yaml",
                        "service-config-stranger.yaml",
                        List.of(
                                Map.of(
                                        "name", "rehearsal",
                                        "weight", 1,
                                        "pullSecretFile", "pull-secret.json",
                                        "offlineTokenFile", "offline-token"),
                                Map.of(
                                        "name", "stranger",
                                        "weight", 1,
                                        "pullSecretFile", "tenant-2-pull-secret.json",
                                        "offlineTokenFile", "foreign-offline-token")))
                .toString();
        String plan = plan("- {api: rest, singleNode: true, amount: 4}\n", "");
        long refusedBefore = signOnsRefused(swarm);
        Outcome refused = swarm.run("submit", plan, "--service-config", config, "--name", "strange");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out() + refused.err())
                .containsPattern("it does not accept stranger \\(.*invalid_grant.*\\) of all 2 users")
                .doesNotContain(foreign);

        run(swarm, "submit", plan, "--service-config", config, "--name", "strange", "--no-preflight");
        swarm.run("wait", "strange", "--for=done", "--timeout", "4m");
        assertThat(swarm.run("get", "clusters", "--swarm", "strange", "-o", "json")
                        .json())
                .extracting(
                        cluster -> cluster.path("name").asText(),
                        cluster -> cluster.path("phase").asText())
                .containsExactlyInAnyOrder(
                        tuple("strange-0", "installed"),
                        tuple("strange-1", "failed"),
                        tuple("strange-2", "installed"),
                        tuple("strange-3", "failed"));
        assertThat(run(swarm, "describe", "cluster", "strange-1"))
                .containsPattern("User: +stranger\n")
                .containsPattern("plan/Unauthorized: .*invalid_grant");

        Outcome deleted = swarm.run("delete", "strange");
        assertThat(deleted.exitCode()).isNotZero();
        assertThat(deleted.out() + deleted.err())
                .contains("user stranger: not sent")
                .doesNotContain(foreign)
                .doesNotContainPattern("left [1-9]");
        assertThat(swarm.log("coordinator") + swarm.log("w")).doesNotContain(foreign);
        assertThat(signOnsRefused(swarm) - refusedBefore)
                .as("asked by the coordinator and by the worker, and not again")
                .isEqualTo(2);
    }

    private static long signOnsRefused(Launcher swarm) throws IOException {
        return JSON.readTree(swarm.askHub("/rehearsal/sign-on")).path("refused").asLong();
    }

    /** While no token that serves is left, so that nobody can be asked for anything: nothing has failed when it is back. */
    @Test
    void theSignOnIsAwayForAWhile() throws IOException, InterruptedException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(
                    5, "--auth", "rhsso", "--tls", "--token-life", "5", "--env", "ENABLE_KUBE_API=false");
            startMiddle(swarm, hub, "- {api: rest, singleNode: true}\n- {api: rest, controlPlanes: 3}\n", "");
            assertThat(swarm.troubles("POST", """
                                    troubles:
                                    - {hub: service, kind: answer, status: 503, duration: 15s, paths: [/auth/realms]}
                                    """).statusCode()).isEqualTo(202);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> swarm.log("coordinator").contains("swarm [middle] is answered by the service again"));
            int hits = 0;
            for (JsonNode trouble : JSON.readTree(swarm.troubles("GET", "").body())) {
                hits += trouble.path("hits").asInt();
            }
            assertThat(hits)
                    .as("the coordinator's and perhaps the worker's, after 1, 2, 4 and 8 s")
                    .isBetween(1, 10);
            run(swarm, "wait", "middle", "--for=done", "--timeout", "5m");
            assertThat(swarm.run("get", "hosts", "--swarm", "middle", "-o", "json")
                            .json())
                    .hasSize(4)
                    .allSatisfy(host -> assertThat(host.path("phase").asText()).isEqualTo("installed"));
        }
    }

    /** While their hosts are installed: who has failed them is the pull secret, and not the service for which they fell silent. */
    @Test
    void theAgentsPullSecretIsNotAcceptedAnyMore() throws IOException, InterruptedException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(5, "--auth", "rhsso", "--tls", "--env", "ENABLE_KUBE_API=false");
            startMiddle(
                    swarm,
                    hub,
                    "- {api: rest, singleNode: true}\n- {api: rest, controlPlanes: 3, numWorkers: 1}\n",
                    "deadlines: {installation: 1m}\n");
            // Agents, installers and controllers; and the worker, where it asks as they would.
            assertThat(swarm.troubles("POST", """
                                    troubles:
                                    - {hub: service, kind: answer, status: 401, duration: 1h, clients: [Go-http-client]}
                                    - {hub: service, kind: answer, status: 401, duration: 1h, clients: [assisted-swarm-worker], paths: [/v2/clusters/00000000-]}
                                    """).statusCode()).isEqualTo(202);
            swarm.run("wait", "middle", "--for=done", "--timeout", "4m");
            assertThat(failed(swarm, 5)).allSatisfy(host -> {
                assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("plan");
                assertThat(host.at("/failure/reason").asText()).isEqualTo("Unauthorized");
            });
            for (String cluster : List.of("middle-0", "middle-1")) {
                assertThat(run(swarm, "describe", "cluster", cluster))
                        .containsPattern(
                                "plan/Unauthorized: .*the service does not accept the agents' token: look at the pull secret");
            }
            assertThat(JSON.readTree(swarm.troubles("GET", "").body())
                            .get(1)
                            .path("hits")
                            .asInt())
                    .as("each of five hosts is asked for once at most, and the two clusters")
                    .isBetween(2, 7);
            assertThat(swarm.troubles("DELETE", "").statusCode()).isLessThan(300);
        }
    }

    /** Of so many hosts those that have failed; the others were stopped with their cluster, for which one of them had said why. */
    private static List<JsonNode> failed(Launcher swarm, int hosts) {
        List<JsonNode> all = swarm.run("get", "hosts", "--swarm", "middle", "-o", "json")
                .json()
                .valueStream()
                .toList();
        assertThat(all)
                .hasSize(hosts)
                .extracting(host -> host.path("phase").asText())
                .isSubsetOf("failed", "stopped");
        List<JsonNode> failed = all.stream()
                .filter(host -> host.path("phase").asText().equals("failed"))
                .toList();
        assertThat(failed).extracting(host -> host.path("cluster").asText()).contains("middle-0", "middle-1");
        return failed;
    }

    private static Instant endOf(String token) throws IOException {
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return Instant.ofEpochSecond(JSON.readTree(claims).path("exp").asLong());
    }

    /** A swarm of hollow hosts that is being installed. */
    private void startMiddle(Launcher swarm, Path hub, String clusters, String more) throws IOException {
        swarm.startCoordinator();
        swarm.startWorker("w", 10);
        swarm.awaitWorkers(1);
        String config = hub.resolve("service-config-hollow.yaml").toString();
        run(swarm, "submit", plan(clusters, more), "--service-config", config, "--name", "middle", "--no-preflight");
        run(swarm, "wait", "middle", "--for=installing", "--timeout", "2m");
    }

    /** In the middle of the installation: to the service its hosts fall silent, which is not held against it. */
    @Test
    void theTokenOfAnAppliancesAgentsRunsOut() throws IOException {
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(5, "--auth", "agent-installer-local", "--token-life", "150");
            swarm.startCoordinator();
            swarm.startWorker("w", 10);
            swarm.awaitWorkers(1);
            String plan = plan("""
                    - {api: kube-api, singleNode: true, holdInstallation: true}
                    - {api: kube-api, controlPlanes: 3, numWorkers: 1, holdInstallation: true}
                    """, "deadlines: {preparation: 1m, installation: 1m}\n");
            String config = hub.resolve("service-config-hollow.yaml").toString();
            run(swarm, "submit", plan, "--service-config", config, "--name", "middle", "--no-preflight");
            // An installation takes more than this; and it begins only now, however slow the machine is.
            Instant begin = endOf(Files.readString(hub.resolve("agent-token"))).minusSeconds(12);
            await().atMost(Duration.ofMinutes(4)).until(() -> Instant.now().isAfter(begin));
            assertThat(swarm.run("get", "hosts", "--swarm", "middle", "-o", "json")
                            .json())
                    .hasSize(5)
                    .allSatisfy(host -> assertThat(host.path("phase").asText()).isEqualTo("known"));
            run(swarm, "release", "middle");
            swarm.run("wait", "middle", "--for=done", "--timeout", "4m");
            assertThat(failed(swarm, 5)).allSatisfy(host -> {
                assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("plan");
                assertThat(host.at("/failure/reason").asText()).isEqualTo("Unauthorized");
                assertThat(host.at("/failure/message").asText())
                        .startsWith("the service does not accept the agents' token")
                        .contains("The provided authentication token has expired");
            });
            for (String cluster : List.of("middle-0", "middle-1")) {
                assertThat(run(swarm, "describe", "cluster", cluster))
                        .contains("plan/Unauthorized: ", "token has expired");
            }
        }
    }

    /** Its own user is right, so that there are clusters; but no host of them registers. */
    private void agentsBringATokenOfNobody(Launcher swarm, Path hub) throws IOException {
        TestingServiceConfig configs = new TestingServiceConfig(hub);
        String foreign = new SchemeTokens(Clock.systemUTC(), Optional.empty()).token(SchemeTokens.Role.AGENT);
        configs.writeSecret("foreign-agent-token", foreign);
        String config = configs.changed(
                        "service-config-hollow.yaml",
                        "service-config-foreign.yaml",
                        spec -> ((ObjectNode) spec.path("auth")).put("agentTokenFile", "foreign-agent-token"))
                .toString();
        String plan = plan(
                "- {api: rest, singleNode: true}\n- {api: kube-api, controlPlanes: 3}\n",
                "deadlines: {registration: 10s}\n");
        long refusedBefore = answered(swarm, 401);
        run(swarm, "submit", plan, "--service-config", config, "--name", "foreign", "--no-preflight");
        swarm.run("wait", "foreign", "--for=done", "--timeout", "4m");
        assertThat(answered(swarm, 401) - refusedBefore)
                .as("each of four hosts registers once, and of each cluster at least one is asked for once")
                .isBetween(4L + 2, 4L + 4);
        for (String cluster : List.of("foreign-0", "foreign-1")) {
            assertThat(run(swarm, "describe", "cluster", cluster))
                    .containsPattern(
                            "plan/Unauthorized: host " + cluster
                                    + "-[0-9]: the service does not accept the agents' token: look at the pull secret .* it says 401 ")
                    .doesNotContain(foreign);
        }
        run(swarm, "delete", "foreign");
    }

    private static long answered(Launcher swarm, int status) throws IOException {
        return swarm.askHub("/metrics")
                .lines()
                .filter(line -> line.startsWith("http_request_duration_seconds_count{")
                        && line.contains("code=\"" + status + "\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String plan(String clusters, String more) throws IOException {
        return Files.writeString(folder.resolve("plan-of-some.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: some}
                        spec:
                        %s  clusters:
                        %s""".formatted(more.indent(2), clusters.indent(4)))
                .toString();
    }

    private void install(Launcher swarm, Path hub, String mode, String second, List<String> apis, String... secrets)
            throws IOException {
        swarm.startCoordinator();
        swarm.startWorker("w", 40);
        swarm.awaitWorkers(1);
        String clusters = apis.stream().map(api -> """
                            - {api: %1$s, singleNode: true}
                            - {api: %1$s, controlPlanes: 3, numWorkers: 2}
                        """.formatted(api)).collect(Collectors.joining());
        String plan =
                Files.writeString(folder.resolve("plan.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: users}
                        spec:
                          clusters:
                        """ + clusters).toString();
        String exec = hub.resolve("service-config.yaml").toString();
        Outcome preflight = swarm.run("preflight", plan, "--service-config", exec);
        assertThat(preflight.out())
                .as(preflight.err())
                .containsPattern("ok +authentication +" + mode + ": it accepts the user");
        run(swarm, "submit", plan, "--service-config", exec, "--name", "exec");
        run(swarm, "submit", plan, "--service-config", hub.resolve(second).toString(), "--name", "hollow");
        SecretSearch search = new SecretSearch(List.of(secrets));
        for (String name : List.of("exec", "hollow")) {
            Outcome waited = search.inNoCommandLineUntilDone(swarm, name, Duration.ofMinutes(4));
            assertThat(waited.exitCode())
                    .as(waited.out() + waited.err() + swarm.log("w"))
                    .isZero();
            assertThat(swarm.run("get", "hosts", "--swarm", name, "-o", "json").json())
                    .extracting(host -> host.path("phase").asText())
                    .filteredOn("installed"::equals)
                    .hasSize(6 * apis.size());
            run(swarm, "report", name, "-d", folder.resolve("results-" + name).toString());
        }
        List<Path> holders = new ArrayList<>(search.inFiles(folder));
        holders.removeIf(file -> file.startsWith(hub));
        assertThat(holders).as("files with a secret").isEmpty();
        for (String below : List.of("coordinator", "w", "results-exec", "results-hollow")) {
            assertThat(tokensIn(folder.resolve(below))).as("tokens in files").isEmpty();
        }
        assertThat(JWT.matcher(swarm.log("coordinator") + swarm.log("w")).find())
                .as("a token in a log")
                .isFalse();
    }

    private static List<Path> tokensIn(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(file -> Files.isRegularFile(file)
                            && JWT.matcher(new String(read(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                                    .find())
                    .toList();
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            // It has gone since it was listed.
            return new byte[0];
        }
    }

    private static String run(Launcher swarm, String... arguments) {
        Outcome outcome = swarm.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        return outcome.out();
    }
}
