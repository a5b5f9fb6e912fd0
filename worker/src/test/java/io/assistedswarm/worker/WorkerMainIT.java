package io.assistedswarm.worker;

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

/** Workers in JVMs of their own, without a coordinator. */
class WorkerMainIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String KUBE_CONFIG = """
            apiVersion: v1
            kind: Config
            clusters: [{name: nowhere, cluster: {server: "http://127.0.0.1:9"}}]
            contexts: [{name: nowhere, context: {cluster: nowhere, user: nobody}}]
            current-context: nowhere
            users: [{name: nobody, user: {}}]
            """;

    @TempDir
    private Path folder;

    private final List<Process> workers = new ArrayList<>();

    @AfterEach
    void killWhatIsLeft() {
        workers.forEach(Process::destroyForcibly);
    }

    @Test
    void endsWithExitCode0WhenItIsToldToGo() throws Exception {
        Process worker = worker("first");
        awaitJoining("first");

        worker.destroy();

        assertThat(worker.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).isZero();
        assertThat(output("first")).contains("Successfully shut down");
    }

    @Test
    void keepsAnotherWorkerOutOfItsFolderAsLongAsItLives() throws Exception {
        Process first = worker("first");
        awaitJoining("first");
        collectGarbage(first);

        Process second = worker("second");

        assertThat(second.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(output("second")).contains("another worker uses the folder " + folder.resolve("data"));
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void saysInOneLineThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process worker = worker("first", "--port", String.valueOf(taken.getLocalPort()));

            assertThat(worker.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue()).isEqualTo(1);
            assertThat(output("first"))
                    .contains("swarm worker: cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .doesNotContain("\tat ");
        }
    }

    private Process worker(String name, String... more) throws IOException {
        Path kubeConfig = Files.writeString(folder.resolve("kubeconfig"), KUBE_CONFIG);
        List<String> command = new ArrayList<>(List.of(
                java("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--join",
                "127.0.0.1:9",
                "--name",
                name,
                "--data",
                folder.resolve("data").toString(),
                "--kubeconfig",
                kubeConfig.toString()));
        command.addAll(List.of(more));
        Process worker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        workers.add(worker);
        return worker;
    }

    private void awaitJoining(String name) {
        await().atMost(LONG).until(() -> output(name).contains("joins the coordinator"));
    }

    private static void collectGarbage(Process jvm) throws Exception {
        Process jcmd = new ProcessBuilder(java("jcmd"), String.valueOf(jvm.pid()), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jcmd.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(jcmd.exitValue()).isZero();
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    private static String java(String tool) {
        return Path.of(System.getProperty("java.home"), "bin", tool).toString();
    }
}
