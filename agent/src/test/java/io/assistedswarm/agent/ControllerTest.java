package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerTest {
    private static final double SCALE = 200;

    @TempDir
    Path directory;

    private final TestingHost host = TestingHost.single();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private TestingService service;
    private Thread process;

    @BeforeEach
    void startService() throws IOException {
        service = new TestingService();
        service.add(host).stage("Rebooting");
        TestingEnvironment.writeHostsFile(directory, List.of(host));
    }

    @AfterEach
    void stop() throws InterruptedException {
        process.interrupt();
        process.join();
        service.close();
    }

    private void startController() throws UsageException {
        Map<String, String> environment =
                TestingEnvironment.controllerEnvironment(host, service.url(), directory, SCALE);
        ControllerSettings settings = ControllerSettings.of(environment);
        ScaledClock clock = new ScaledClock(SCALE);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.cluster(), environment),
                Retries.OF_CONTROLLER,
                clock);
        TextLog log =
                new TextLog(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), 1000);
        Controller controller =
                new Controller(settings, new AssistedService(client), clock, log, Background.OF_PROCESS);
        process = new Thread(() -> {
            try {
                exit.complete(controller.run());
            } catch (InterruptedException stopped) {
                exit.cancel(false);
            }
        });
        process.start();
    }

    private void startRebooted() throws Exception {
        Files.createFile(TestingEnvironment.marker(directory, host));
        startController();
    }

    private void endsWith(int code) {
        await().until(exit::isDone);
        assertThat(exit.join()).isEqualTo(code);
    }

    @Test
    void isSilentUntilItsHostHasRebooted() throws Exception {
        startController();
        await().during(Duration.ofMillis(300)).until(() -> service.calls().isEmpty());
        Files.createFile(TestingEnvironment.marker(directory, host));
        await().until(() -> !service.calls().isEmpty());
    }

    @Test
    void bringsTheClusterToItsEnd() throws Exception {
        startRebooted();
        endsWith(0);
        assertThat(service.stages()).containsExactly("host-0: Joined", "host-0: Done");
        assertThat(service.calls())
                .containsSubsequence(
                        "PUT /v2/clusters/{cluster}/progress Waiting for cluster operators",
                        "GET /v2/clusters/{cluster}/monitored-operators",
                        "PUT /v2/clusters/{cluster}/monitored-operators console",
                        "PUT /v2/clusters/{cluster}/monitored-operators cvo",
                        "PUT /v2/clusters/{cluster}/progress Adding router ca",
                        "POST /v2/clusters/{cluster}/uploads/ingress-cert",
                        "PUT /v2/clusters/{cluster}/progress Waiting for olm operators csv initialization",
                        "PUT /v2/clusters/{cluster}/progress Done",
                        "POST /v2/clusters/{cluster}/actions/complete-installation",
                        "PUT /v2/clusters/{cluster}/logs-progress requested",
                        "POST /v2/clusters/{cluster}/logs?logs_type=controller",
                        "PUT /v2/clusters/{cluster}/logs-progress completed");
    }

    @Test
    void sendsACertificateInPem() throws Exception {
        startRebooted();
        endsWith(0);
        assertThat(service.bodies()).anyMatch(body -> body.startsWith("\"-----BEGIN CERTIFICATE-----\\n"));
    }

    @Test
    void matchesHostsByLowerCaseName() throws Exception {
        Files.writeString(
                directory.resolve("hosts.json"),
                "[{\"hostname\":\"HOST-0\",\"rebootMarkerPath\":\"" + TestingEnvironment.marker(directory, host)
                        + "\"}]");
        startRebooted();
        endsWith(0);
    }

    @Test
    void leavesAHostAloneThatHasNotRebooted() throws Exception {
        TestingHost slow =
                service.add(new TestingHost("host-1", "master", "master", 3)).stage("Rebooting");
        TestingEnvironment.writeHostsFile(directory, List.of(host, slow));
        startRebooted();
        await().until(() -> service.stages().contains("host-0: Done"));
        await().during(Duration.ofMillis(400)).until(() -> service.stages().size() == 2);
        Files.createFile(TestingEnvironment.marker(directory, slow));
        endsWith(0);
        assertThat(service.stages()).endsWith("host-1: Joined", "host-1: Done");
    }

    @Test
    void reportsOperatorsThatAreNotBuiltIn() throws Exception {
        service.operators("[{\"name\":\"console\",\"operator_type\":\"builtin\",\"status\":\"available\"},"
                + "{\"name\":\"cvo\",\"operator_type\":\"builtin\"},{\"name\":\"lvm\",\"operator_type\":\"olm\"}]");
        startRebooted();
        endsWith(0);
        assertThat(service.calls())
                .contains("PUT /v2/clusters/{cluster}/monitored-operators lvm")
                .doesNotContain("PUT /v2/clusters/{cluster}/monitored-operators console");
    }

    @ParameterizedTest
    @ValueSource(strings = {"installed", "adding-hosts", "error", "cancelled"})
    void endsWith0WhenTheClusterIsAtItsEnd(String status) throws Exception {
        service.clusterStatus(status);
        startRebooted();
        endsWith(0);
        assertThat(service.calls()).contains("PUT /v2/clusters/{cluster}/logs-progress completed");
    }

    @Test
    void endsAtOnceWhenTheClusterIsGone() throws Exception {
        host.status("error");
        service.answers((method, path, before) -> path.endsWith("exclude-hosts=true") && before > 1 ? 404 : null);
        startRebooted();
        endsWith(0);
        assertThat(service.calls()).noneMatch(call -> call.contains("/logs"));
    }

    @Test
    void endsAfterThree401sInARow() throws Exception {
        host.status("error");
        service.answers((method, path, before) -> path.endsWith("exclude-hosts=true") && before > 1 ? 401 : null);
        startRebooted();
        endsWith(0);
        assertThat(service.exchanges())
                .filteredOn(e -> e.path().endsWith("exclude-hosts=true") && e.requestId() != null)
                .hasSize(3);
    }

    @Test
    void repeatsWhatFailed() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/complete-installation") && before == 0 ? 500 : null);
        startRebooted();
        endsWith(0);
        assertThat(service.calls())
                .filteredOn(call -> call.endsWith("complete-installation"))
                .hasSize(2);
    }
}
