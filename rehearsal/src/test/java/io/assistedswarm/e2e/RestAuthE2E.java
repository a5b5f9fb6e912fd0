package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
            for (String name : List.of("exec", "hollow")) {
                run(swarm, "delete", name);
            }
        }
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
            Outcome waited = swarm.run("wait", name, "--for=done", "--timeout", "4m");
            assertThat(search.inCommandLines()).isEmpty();
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
        assertThat(tokensIn(folder.resolve("coordinator"))).isEmpty();
        assertThat(tokensIn(folder.resolve("results-exec"))).isEmpty();
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
