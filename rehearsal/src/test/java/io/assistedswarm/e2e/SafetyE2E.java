package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A run with certificates and a token, after which no secret is where somebody else could read it. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class SafetyE2E {
    /** Of the pull secret; found nowhere else. */
    private static final String MARK = "c3dhcm06ZmluZC1tZS1ub3doZXJl";

    @TempDir
    Path folder;

    @Test
    void aRunLeavesItsSecretsNowhere() throws Exception {
        // Others may enter, as they may a home folder: what keeps them out has to be the files themselves.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path certificates = folder.resolve("certificates");
        Path tokenFile = folder.resolve("token");
        try (Launcher swarm = new Launcher(folder)) {
            Path hub = swarm.startHub(20);
            Path secret = folder.resolve("pull-secret.json");
            Files.createFile(
                    secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(secret, "{\"auths\":{\"registry.example\":{\"auth\":\"" + MARK + "\"}}}");
            Path config = folder.resolve("service-config.yaml");
            Files.writeString(
                    config,
                    Files.readString(hub.resolve("service-config.yaml"))
                            .replace("\"pull-secret.json\"", "\"" + secret + "\""));
            assertThat(config).content().contains(secret.toString());
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
                    spec: {clusters: [{singleNode: true}]}
                    """);
            Outcome submitted =
                    swarm.run("submit", plan.toString(), "--service-config", config.toString(), "--name", "safe");
            assertThat(submitted.exitCode()).as(submitted.err()).isZero();
            assertThat(new ObjectMapper()
                            .readTree(folder.resolve("coordinator/coordinator.json")
                                    .toFile())
                            .path("http")
                            .asText())
                    .startsWith("https://");
            List<String> secrets = List.of(MARK, Files.readString(tokenFile).strip());
            while (true) {
                // From the first process to the last one: what is started later is looked at, too.
                noCommandLineHas(secrets, swarm);
                Outcome state = swarm.run("wait", "safe", "--for=done", "--timeout", "1s");
                if (state.exitCode() != 4) {
                    assertThat(state.exitCode()).as(state.out() + state.err()).isZero();
                    break;
                }
            }
            Outcome report =
                    swarm.run("report", "safe", "-d", folder.resolve("results").toString());
            assertThat(report.exitCode()).as(report.err()).isZero();
            noFileHas(secrets, secret, tokenFile);
            Outcome deleted = swarm.run("delete", "safe");
            assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
            assertThat(submitted.out() + report.out() + deleted.out()).doesNotContain(secrets);
        }
    }

    private static void noCommandLineHas(List<String> secrets, Launcher swarm) {
        for (String secret : secrets) {
            assertThat(swarm.processesWith(secret))
                    .as("processes with a secret among their arguments")
                    .isEmpty();
        }
    }

    /** Files of the hub are not ours: it plays the Kubernetes API, which has the secret of course. */
    private void noFileHas(List<String> secrets, Path... known) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (List.of(known).contains(file)) {
                    assertThat(Files.getPosixFilePermissions(file))
                            .as(file.toString())
                            .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
                    continue;
                }
                String content = read(file);
                for (String secret : secrets) {
                    if (content.contains(secret)) {
                        assertThat(isPrivate(file))
                                .as("%s holds a secret", file)
                                .isTrue();
                        assertThat(file.toString())
                                .as("only a worker's files for its hosts may")
                                .contains("/w1/");
                    }
                }
            }
        }
    }

    private boolean isPrivate(Path file) throws IOException {
        for (Path at = file; !at.equals(folder); at = at.getParent()) {
            if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_READ)
                    && !Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return true;
            }
        }
        return false;
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
