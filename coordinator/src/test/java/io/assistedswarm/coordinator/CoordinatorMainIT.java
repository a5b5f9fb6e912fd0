package io.assistedswarm.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coordinators in JVMs of their own, without a hub or workers. */
class CoordinatorMainIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    static final String KUBE_CONFIG = """
            apiVersion: v1
            kind: Config
            clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:9"}}]
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
            current-context: nowhere
            users: [{name: nobody, user: {}}]
            """;

    @TempDir
    private Path folder;

    private final List<Process> coordinators = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        coordinators.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWithExitCode0WhenItIsToldToGo() throws Exception {
        Process coordinator = coordinator("--port", "0", "--http-port", "0");
        await().atMost(LONG).until(() -> output().contains("the coordinator listens"));
        Path contact = folder.resolve("data/coordinator.json");
        assertThat(contact).exists();

        coordinator.destroy();

        assertThat(coordinator.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(coordinator.exitValue()).as(output()).isZero();
        assertThat(contact).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--http-port"})
    void saysInOneLineThatAPortIsTaken(String flag) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process coordinator = coordinator(
                    flag.equals("--port") ? "--http-port" : "--port", "0", flag, String.valueOf(taken.getLocalPort()));

            assertThat(coordinator.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(coordinator.exitValue()).as(output()).isEqualTo(1);
            assertThat(output())
                    .contains("swarm coordinator: cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void saysInOneLineThatTheKubeConfigIsNone() throws Exception {
        Process coordinator = coordinator(
                "--kubeconfig",
                Files.writeString(folder.resolve("none"), "]not yaml[").toString());

        assertThat(coordinator.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(coordinator.exitValue()).as(output()).isEqualTo(2);
        assertThat(output())
                .contains("swarm coordinator: the kube config " + folder.resolve("none"))
                .doesNotContain("\tat ");
    }

    private Process coordinator(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CoordinatorMain.class.getName(),
                "--data",
                folder.resolve("data").toString()));
        command.addAll(List.of(more));
        if (!command.contains("--kubeconfig")) {
            command.addAll(List.of(
                    "--kubeconfig",
                    Files.writeString(folder.resolve("kubeconfig"), KUBE_CONFIG).toString()));
        }
        Process coordinator = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        coordinators.add(coordinator);
        return coordinator;
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("log"));
    }
}
