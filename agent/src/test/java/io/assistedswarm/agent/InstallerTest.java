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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallerTest {
    private static final List<String> PERCENTAGES = List.of(
            "8%",
            "15%", "23%", "31%", "37%", "42%", "48%", "53%", "63%", "71%", "77%", "82%", "87%", "92%", "99%", "100%");

    @TempDir
    Path directory;

    private double scale = 200;
    private TestingService service;

    @BeforeEach
    void startService() throws IOException {
        service = new TestingService();
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    private TestingHost host(int index, String role, String installRole, int controlPlanes) throws IOException {
        TestingHost host = service.add(new TestingHost("host-" + index, role, installRole, controlPlanes));
        TestingEnvironment.writeHostsFile(directory, List.of(host));
        return host;
    }

    private int install(TestingHost host) throws Exception {
        return install(host, Map.of());
    }

    private int install(TestingHost host, Map<String, String> more, String... flags) throws Exception {
        Map<String, String> environment = TestingEnvironment.hostEnvironment(host, 0, directory, scale);
        environment.putAll(more);
        List<String> arguments = new InstallCommand(ServiceAddress.of(service.url(), true, ""), "agent:1")
                .arguments(host.arguments("install"));
        arguments.addAll(List.of(flags));
        InstallerSettings settings = InstallerSettings.of(arguments, environment);
        ScaledClock clock = new ScaledClock(scale);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.host().host(), environment),
                Retries.OF_INSTALLER,
                clock);
        TextLog log = new TextLog(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        return new Installer(settings, new AssistedService(client), clock, log, Background.OF_PROCESS).run();
    }

    private static List<String> stages(String host, Object... stages) {
        List<String> all = new ArrayList<>();
        for (Object stage : stages) {
            if (stage.equals(PERCENTAGES)) {
                all.add(host + ": Writing image to disk");
                PERCENTAGES.forEach(percent -> all.add(host + ": Writing image to disk - " + percent));
            } else {
                all.add(host + ": " + stage);
            }
        }
        return all;
    }

    @Test
    void aSingleNodeWaitsForBootkubeBeforeItWritesItsImage() throws Exception {
        TestingHost host = host(0, "master", "bootstrap", 1);
        assertThat(install(host)).isZero();
        assertThat(service.stages())
                .isEqualTo(stages(
                        "host-0",
                        "Starting installation - bootstrap",
                        "Installing - bootstrap",
                        "Waiting for bootkube",
                        PERCENTAGES,
                        "Rebooting"));
        assertThat(service.calls()).contains("GET /v2/clusters/{cluster}/downloads/files?file_name=bootstrap.ign");
        assertThat(TestingEnvironment.marker(directory, host)).exists();
    }

    @Test
    void aMasterGoesStraightToItsReboot() throws Exception {
        assertThat(install(host(1, "master", "master", 3))).isZero();
        assertThat(service.stages())
                .isEqualTo(stages(
                        "host-1", "Starting installation - master", "Installing - master", PERCENTAGES, "Rebooting"));
        assertThat(service.calls()).contains("GET /v2/infra-env/{infra-env}/hosts/{host}/downloads/ignition");
    }

    @Test
    void anArbiterGoesTheWayOfAMaster() throws Exception {
        assertThat(install(host(1, "arbiter", "arbiter", 2))).isZero();
        assertThat(service.stages())
                .startsWith("host-1: Starting installation - arbiter", "host-1: Installing - arbiter");
    }

    @Test
    void aWorkerWaitsForTwoMastersThatAreDone() throws Exception {
        TestingHost worker = host(3, "worker", "worker", 3);
        TestingHost first = service.add(new TestingHost("host-0", "master", "master", 3));
        TestingHost second = service.add(new TestingHost("host-1", "master", "master", 3));
        first.stage("Done");
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> exitOf(worker));
        await().until(() -> service.calls().stream()
                        .filter(call -> call.endsWith("/hosts?role=master"))
                        .count()
                >= 3);
        assertThat(exit).isNotDone();
        assertThat(service.stages()).last().isEqualTo("host-3: Waiting for control plane");
        second.stage("Done");
        assertThat(exit.get()).isZero();
        assertThat(service.stages()).last().isEqualTo("host-3: Rebooting");
        assertThat(service.calls()).containsOnlyOnce("GET /v2/clusters/{cluster}?exclude-hosts=true");
    }

    private int exitOf(TestingHost host) {
        try {
            return install(host);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theBootstrapReportsOtherMastersThatRebootedAndWaitsForBootkubeAndController() throws Exception {
        TestingHost bootstrap = service.add(new TestingHost("host-0", "master", "bootstrap", 3));
        TestingHost first = service.add(new TestingHost("host-1", "master", "master", 3));
        TestingHost second = service.add(new TestingHost("host-2", "master", "master", 3));
        TestingEnvironment.writeHostsFile(directory, List.of(bootstrap, first, second));
        Files.createFile(TestingEnvironment.marker(directory, first));
        Files.createFile(TestingEnvironment.marker(directory, second));
        assertThat(install(bootstrap)).isZero();
        List<String> expected = new ArrayList<>(stages(
                "host-0",
                "Starting installation - bootstrap",
                "Installing - master",
                PERCENTAGES,
                "Waiting for control plane - Waiting for bootstrap node preparation",
                "Waiting for control plane - Waiting for masters to join bootstrap control plane"));
        expected.addAll(List.of("host-1: Joined", "host-2: Joined"));
        expected.addAll(stages(
                "host-0",
                "Waiting for bootkube",
                "Waiting for bootkube - waiting for ETCD bootstrap to be complete",
                "Waiting for controller - waiting for controller pod ready event",
                "Rebooting"));
        assertThat(service.stages()).isEqualTo(expected);
        assertThat(service.calls()).contains("PUT /v2/clusters/{cluster}/logs-progress requested");
    }

    @Test
    void theBootstrapWaitsForTheArbiterToo() throws Exception {
        TestingHost bootstrap = service.add(new TestingHost("host-0", "master", "bootstrap", 2));
        TestingHost master = service.add(new TestingHost("host-1", "master", "master", 2));
        TestingHost arbiter = service.add(new TestingHost("host-2", "arbiter", "arbiter", 2));
        TestingEnvironment.writeHostsFile(directory, List.of(bootstrap, master, arbiter));
        Files.createFile(TestingEnvironment.marker(directory, master));
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> exitOf(bootstrap));
        await().until(() -> service.stages().contains("host-1: Joined"));
        await().during(Duration.ofMillis(200))
                .until(() -> service.stages().stream().noneMatch(stage -> stage.contains("bootkube")));

        Files.createFile(TestingEnvironment.marker(directory, arbiter));

        assertThat(exit.get()).isZero();
        assertThat(service.stages()).containsSubsequence("host-2: Joined", "host-0: Waiting for bootkube");
    }

    @Test
    void theBootstrapAsksAgainForHostsWhenAReportIsRefused() throws Exception {
        TestingHost bootstrap = service.add(new TestingHost("host-0", "master", "bootstrap", 3));
        TestingHost first = service.add(new TestingHost("host-1", "master", "master", 3));
        TestingHost second = service.add(new TestingHost("host-2", "master", "master", 3));
        TestingEnvironment.writeHostsFile(directory, List.of(bootstrap, first, second));
        Files.createFile(TestingEnvironment.marker(directory, first));
        Files.createFile(TestingEnvironment.marker(directory, second));
        // The controller was faster: Joined would be a step back.
        service.answers((method, path, before) ->
                path.contains(first.id()) && path.endsWith("/progress") && before == 0 ? 409 : null);
        assertThat(install(bootstrap)).isZero();
        assertThat(service.stages()).filteredOn("host-1: Joined"::equals).hasSize(2);
    }

    @Test
    void withoutItsIgnitionItReportsFailedAndEndsWith1() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/downloads/ignition") ? 409 : null);
        assertThat(install(host(1, "master", "master", 3))).isEqualTo(1);
        assertThat(service.stages())
                .last()
                .asString()
                .startsWith("host-1: Failed - failed to fetch master-")
                .contains("409");
    }

    @Test
    void asksAgainForAnIgnitionThatIsNotThereYet() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/downloads/ignition") && before < 2 ? 404 : null);
        assertThat(install(host(1, "master", "master", 3))).isZero();
    }

    @Test
    void aMarkerThatCannotBeTouchedIsAFailure() throws Exception {
        TestingHost host = host(1, "master", "master", 3);
        String nowhere = directory.resolve("none").resolve("marker").toString();
        assertThat(install(host, Map.of("DRY_FAKE_REBOOT_MARKER_PATH", nowhere)))
                .isEqualTo(1);
        assertThat(service.stages()).last().asString().contains("failed to touch fake reboot marker");
    }

    @Test
    void aMarkerThatIsThereAlreadyIsTouchedAgain() throws Exception {
        TestingHost host = host(1, "master", "master", 3);
        Files.createFile(TestingEnvironment.marker(directory, host));
        assertThat(install(host)).isZero();
    }

    @Test
    void aFailedUploadOfLogsHoldsNothingUp() throws Exception {
        service.answers((method, path, before) -> path.contains("/logs?") ? 409 : null);
        assertThat(install(host(1, "master", "master", 3))).isZero();
        assertThat(service.calls()).noneMatch(call -> call.endsWith("logs-progress completed"));
    }

    @Test
    void aServiceThatLeavesTheSkippedRebootOnCosts20Minutes() throws Exception {
        TestingHost host = host(1, "master", "master", 3);
        scale = 4000;
        long start = System.nanoTime();
        assertThat(install(host, Map.of(), "--enable-skip-mco-reboot")).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMinutes(20).dividedBy(4000));
    }
}
