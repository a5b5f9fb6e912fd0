package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A service as operators set it up: agents have its tokens, it is reached by TLS, and users have custom resources only. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class LocalAuthE2E {
    @TempDir
    Path folder;

    private Launcher swarm;
    private Path hub;

    private void startEverything(double timeScale) throws IOException {
        swarm = new Launcher(folder);
        hub = swarm.startHub(timeScale, "--auth", "local", "--tls");
        swarm.startCoordinator();
        swarm.startWorker("w", 30);
        swarm.awaitWorkers(1);
    }

    @AfterEach
    void stopEverything() {
        if (swarm != null) {
            swarm.close();
            assertThat(swarm.processes()).isEmpty();
        }
    }

    /** By processes and by hollow hosts at the same time. */
    @Test
    void clustersAreInstalledAndHostsDiscoveredAndNoTokenIsShown() throws IOException, InterruptedException {
        startEverything(20);
        String plan = Files.writeString(folder.resolve("plan.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: local}
                        spec:
                          clusters:
                            - {singleNode: true}
                            - {controlPlanes: 3, numWorkers: 2}
                            - {controlPlanes: 2, justInfraenv: true}
                        """).toString();
        String exec = hub.resolve("service-config.yaml").toString();
        Outcome preflight = swarm.run("preflight", plan, "--service-config", exec);
        assertThat(preflight.out()).as(preflight.err()).containsPattern("ok +authentication +local: ");
        run("submit", plan, "--service-config", exec, "--name", "local");
        run("submit", plan, "--service-config", sharedConfig().toString(), "--name", "hollow");

        // That is how a token of ES256 begins.
        String token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";
        for (String name : List.of("local", "hollow")) {
            showsNoTokenUntilDone(name, token);
            assertThat(swarm.run("get", "hosts", "--swarm", name, "-o", "json").json())
                    .extracting(host -> host.path("phase").asText())
                    .filteredOn("installed"::equals)
                    .hasSize(6);
        }
        eachClusterHasItsUsersPullSecret();
        assertThat(run("describe", "cluster", "local-1"))
                .contains("Events of the service, by its clock:", "Successfully finished installing cluster")
                .doesNotContain(token);
        for (String host : List.of("local-1-3", "hollow-1-3")) {
            assertThat(run("describe", "host", host))
                    .contains("Events of the service, by its clock:", "reached installation stage Done")
                    .doesNotContain(token);
        }
        assertThat(run("describe", "cluster", "local-2")).doesNotContain(token, "the service's events of");
        assertThat(swarm.log("coordinator")).doesNotContain(token);
        assertThat(swarm.log("w")).doesNotContain(token);
        run("delete", "local");
        run("delete", "hollow");
        agentsAreNotLetInWithTheTokenOfTheirInfraEnv();
    }

    /** While the programs run: installers have ended when their clusters are installed. */
    private void showsNoTokenUntilDone(String name, String token) {
        boolean programs = false;
        Outcome state;
        do {
            assertThat(new SecretSearch(List.of(token)).inCommandLinesOf(swarm.processes()))
                    .as("processes with a token among their arguments")
                    .isEmpty();
            programs |= !swarm.processesWith("StandInMain").isEmpty();
            state = swarm.run("wait", name, "--for=done", "--timeout", "1s");
        } while (state.exitCode() == 4);
        assertThat(state.exitCode()).as(state.out() + state.err()).isZero();
        assertThat(programs).as("programs were looked at").isTrue();
    }

    /** While they are installed: to the service its hosts fall silent, and it is the one that refuses its own tokens. */
    @Test
    void agentsAreNotLetInAnyMoreInTheMiddle() throws IOException, InterruptedException {
        startEverything(5);
        String plan =
                Files.writeString(folder.resolve("plan-of-middle.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: middle}
                        spec:
                          deadlines: {installation: 1m}
                          clusters:
                            - {singleNode: true}
                            - {controlPlanes: 3}
                        """).toString();
        run(
                "submit",
                plan,
                "--service-config",
                hub.resolve("service-config-hollow.yaml").toString(),
                "--name",
                "middle",
                "--no-preflight");
        run("wait", "middle", "--for=installing", "--timeout", "2m");
        assertThat(swarm.troubles("POST", """
                                troubles:
                                - {hub: service, kind: answer, status: 401, duration: 1h, paths: [/v2/infra-envs, /v2/clusters]}
                                """).statusCode()).isEqualTo(202);
        swarm.run("wait", "middle", "--for=done", "--timeout", "4m");
        // Once one has said why, its cluster fails, and the others are stopped.
        assertThat(swarm.run("get", "hosts", "--swarm", "middle", "-o", "json").json())
                .hasSize(4)
                .filteredOn(host -> !host.path("phase").asText().equals("stopped"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(host -> {
                    assertThat(host.path("phase").asText()).isEqualTo("failed");
                    assertThat(host.at("/failure/side").asText()).isEqualToIgnoringCase("service");
                    assertThat(host.at("/failure/reason").asText()).isEqualTo("Unauthorized");
                    assertThat(host.at("/failure/message").asText())
                            .startsWith("the service does not accept the agents' token, which its own InfraEnv has");
                });
        for (String cluster : List.of("middle-0", "middle-1")) {
            assertThat(run("describe", "cluster", cluster)).contains("service/Unauthorized: ");
        }
        assertThat(swarm.troubles("DELETE", "").statusCode()).isLessThan(300);
    }

    /** The service takes back what it has given, which is nobody else's fault; and its agents and workers do not storm it for that. */
    private void agentsAreNotLetInWithTheTokenOfTheirInfraEnv() throws IOException, InterruptedException {
        String plan =
                Files.writeString(folder.resolve("plan-of-refused.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: refused}
                        spec:
                          deadlines: {registration: 2s}
                          clusters:
                            - {controlPlanes: 3}
                        """).toString();
        assertThat(swarm.troubles("POST", """
                                troubles:
                                - {hub: service, kind: answer, status: 401, duration: 1h, paths: [/v2/infra-envs, /v2/clusters]}
                                """).statusCode()).isEqualTo(202);
        run(
                "submit",
                plan,
                "--service-config",
                hub.resolve("service-config-hollow.yaml").toString(),
                "--name",
                "refused",
                "--no-preflight");
        swarm.run("wait", "refused", "--for=done", "--timeout", "1m");
        assertThat(run("describe", "cluster", "refused-0"))
                .containsPattern(
                        "service/Unauthorized: host refused-0-[0-9]: the service does not accept the agents' token, which its own InfraEnv has; it says 401 ");
        assertThat(new ObjectMapper().readTree(swarm.troubles("GET", "").body()))
                .singleElement()
                .extracting(trouble -> trouble.path("hits").asInt(), INTEGER)
                .as("each of three hosts registers once, and at least one is asked for once")
                .isBetween(3 + 1, 3 + 3);
        run("delete", "refused");
    }

    /** The hollow hosts' swarm is shared by two users, two to one. */
    private Path sharedConfig() throws IOException {
        TestingServiceConfig configs = new TestingServiceConfig(hub);
        for (String user : List.of("alice", "bob")) {
            configs.writeSecret(user + ".json", pullSecret(user));
        }
        return configs.ofUsers(
                "service-config-hollow.yaml",
                "service-config-shared.yaml",
                List.of(
                        Map.of("name", "alice", "weight", 2, "pullSecretFile", "alice.json"),
                        Map.of("name", "bob", "weight", 1, "pullSecretFile", "bob.json")));
    }

    private static String pullSecret(String user) {
        return "{\"auths\":{\"quay.io\":{\"auth\":\""
                + Base64.getEncoder().encodeToString((user + ":pass").getBytes(StandardCharsets.UTF_8)) + "\"}}}";
    }

    private void eachClusterHasItsUsersPullSecret() throws IOException {
        Map<String, String> users = Map.of("hollow-0", "alice", "hollow-1", "bob", "hollow-2", "alice");
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(hub.resolve("kubeconfig").toFile()))
                .build()) {
            for (Map.Entry<String, String> entry : users.entrySet()) {
                assertThat(run("describe", "cluster", entry.getKey()))
                        .containsPattern("User: +" + entry.getValue() + "\n");
                assertThat(client.secrets().inNamespace(entry.getKey()).list().getItems())
                        .filteredOn(secret -> secret.getData().containsKey(".dockerconfigjson"))
                        .extracting(secret -> new String(
                                Base64.getDecoder().decode(secret.getData().get(".dockerconfigjson")),
                                StandardCharsets.UTF_8))
                        .containsExactly(pullSecret(entry.getValue()));
            }
        }
        run("report", "hollow", "-d", folder.resolve("results").toString());
        try (Stream<Path> reports = Files.list(folder.resolve("results"))) {
            assertThat(Files.readString(reports.findFirst().orElseThrow().resolve("report.txt")))
                    .containsPattern("alice +2 +2 +[0-9]+ +1 installed, 1 discovered")
                    .containsPattern("bob +1 +1 +5 +1 installed");
        }
    }

    private String run(String... arguments) {
        Outcome outcome = swarm.run(arguments);
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
        return outcome.out();
    }
}
