package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run with certificates and a token, after which no secret is where somebody else could read it. */
@Execution(ExecutionMode.CONCURRENT)
class SafetyE2E {
    /** Of the pull secret, and none of the agents' business; found nowhere else. */
    private static final String MARK = "c3dhcm06ZmluZC1tZS1ub3doZXJl";

    /** The pull secret's entry that agents, installers and controllers bring. */
    private static final String AGENTS_MARK = "YWdlbnRzOmluLW15LWVudmlyb25tZW50LW9ubHk";

    /** In the plan and no secret at all: the record has it, which a search that finds nothing anywhere would not tell. */
    private static final String OPEN = "not-a-secret-but-to-be-found";

    private static final Pattern TOKEN_OF_KUBECONFIG = Pattern.compile("token\"? *: *\"?([0-9a-f]{32})");

    @TempDir
    Path folder;

    @Test
    @Tag("heavy")
    void aRunLeavesItsSecretsNowhere() throws Exception {
        // Others may enter, as they may a home folder: what keeps them out has to be the files themselves.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path certificates = folder.resolve("certificates");
        Path tokenFile = folder.resolve("token");
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(20);
            Path pullSecret = folder.resolve("pull-secret.json");
            Files.createFile(
                    pullSecret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    pullSecret,
                    "{\"auths\":{\"registry.example\":{\"auth\":\"%s\"},\"cloud.openshift.com\":{\"auth\":\"%s\"}}}"
                            .formatted(MARK, AGENTS_MARK));
            Path config = folder.resolve("service-config.yaml");
            Files.writeString(
                    config,
                    Files.readString(hub.resolve("service-config.yaml"))
                            .replace("\"pull-secret.json\"", "\"" + pullSecret + "\""));
            assertThat(config).content().contains(pullSecret.toString());
            Outcome made = swarm.run("certificates", certificates.toString(), "127.0.0.1");
            assertThat(made.exitCode()).as(made.err()).isZero();
            swarm.environment("SWARM_TLS", certificates.resolve("127.0.0.1").toString());
            swarm.environment("SWARM_CA", certificates.resolve("ca.crt").toString());
            swarm.environment("SWARM_TOKEN_FILE", tokenFile.toString());
            swarm.startCoordinator();
            swarm.startWorker("w1", 2);
            swarm.awaitWorkers(1);
            Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                    apiVersion: assistedswarm.io/v1alpha1
                    kind: SwarmPlan
                    metadata: {name: safe}
                    spec: {clusters: [{singleNode: true, infraenvLabels: {example.com/mark: %s}}]}
                    """.formatted(OPEN));
            Outcome submitted =
                    swarm.run("submit", plan.toString(), "--service-config", config.toString(), "--name", "safe");
            assertThat(submitted.exitCode()).as(submitted.err()).isZero();
            assertThat(new ObjectMapper()
                            .readTree(folder.resolve("coordinator/coordinator.json")
                                    .toFile())
                            .path("http")
                            .asText())
                    .startsWith("https://");
            Path kubeconfig = hub.resolve("kubeconfig");
            Path nodeKey = certificates.resolve("127.0.0.1/tls.key");
            SecretSearch search = new SecretSearch(List.of(
                    MARK, AGENTS_MARK, Files.readString(tokenFile).strip(), tokenOf(kubeconfig), partOf(nodeKey)));
            SecretSearch ofAgents = new SecretSearch(List.of(AGENTS_MARK));
            SecretSearch notOfAgents = new SecretSearch(List.of(MARK));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(ofAgents.inEnvironments(swarm.processes()))
                            .as("the agents have their token, so that they could show it")
                            .isNotEmpty());
            Outcome done = search.inNoCommandLineUntilDone(swarm, "safe", Duration.ofMinutes(5));
            assertThat(done.exitCode()).as(done.out() + done.err()).isZero();
            assertThat(notOfAgents.inEnvironments(swarm.processes()))
                    .as("the whole pull secret is in nobody's environment")
                    .isEmpty();
            Outcome report =
                    swarm.run("report", "safe", "-d", folder.resolve("results").toString());
            assertThat(report.exitCode()).as(report.err()).isZero();
            assertThat(notOfAgents.inFiles(folder))
                    .as("and in no file but its own")
                    .containsExactly(pullSecret);
            assertHeldOnlyWhereTheyBelong(search, pullSecret, tokenFile, kubeconfig, nodeKey);
            assertThat(new SecretSearch(List.of(OPEN)).inFiles(folder.resolve("coordinator")))
                    .as("what the plan says openly is in the record")
                    .isNotEmpty();
            Outcome deleted = swarm.run("delete", "safe");
            assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
            assertThat(search.holdsAny(submitted.out() + submitted.err() + report.out() + deleted.out()))
                    .isFalse();
        }
    }

    @Test
    void theSearchFindsALeakWhereverItIs() throws Exception {
        String planted = UUID.randomUUID().toString();
        SecretSearch search = new SecretSearch(List.of(planted));
        assertThat(search.inFiles(folder)).isEmpty();
        assertThat(search.inCommandLines()).isEmpty();

        Path log = Files.writeString(folder.resolve("worker.log"), "INFO it is " + planted + "\n");
        Path encoded = Files.writeString(
                Files.createDirectories(folder.resolve("results/a")).resolve("manifest.yaml"),
                Base64.getEncoder()
                        .encodeToString(("{\"auth\":\"" + planted + "\"}").getBytes(StandardCharsets.UTF_8)));
        assertThat(search.inFiles(folder)).containsExactlyInAnyOrder(log, encoded);
        assertThat(SecretSearch.isPrivate(log, folder)).isFalse();
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));
        assertThat(SecretSearch.isPrivate(log, folder)).isTrue();

        Process leaking = new ProcessBuilder("sh", "-c", "read end", "--token=" + planted).start();
        try {
            assertThat(search.inCommandLines()).containsExactly("/proc/" + leaking.pid() + "/cmdline");
        } finally {
            leaking.destroy();
        }
    }

    private void assertHeldOnlyWhereTheyBelong(SecretSearch search, Path... given) throws IOException {
        List<Path> found = search.inFiles(folder);
        assertThat(found).contains(given);
        for (Path file : found) {
            if (List.of(given).contains(file)) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            } else {
                assertThat(SecretSearch.isPrivate(file, folder))
                        .as("%s holds a secret", file)
                        .isTrue();
                assertThat(file.toString())
                        .as("only a worker's files for its hosts may")
                        .contains("/w1/");
            }
        }
    }

    private static String tokenOf(Path kubeconfig) throws IOException {
        Matcher token = TOKEN_OF_KUBECONFIG.matcher(Files.readString(kubeconfig));
        assertThat(token.find()).isTrue();
        return token.group(1);
    }

    /** A line from the middle of it, so that it is told from any other. */
    private static String partOf(Path key) throws IOException {
        List<String> lines = Files.readAllLines(key);
        return lines.get(lines.size() / 2);
    }
}
