package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

class AgentTest {
    private static final double SCALE = 200;

    @TempDir
    Path directory;

    private final TestingHost host = TestingHost.single();
    private final TestingInstaller installer = new TestingInstaller();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private TestingService service;
    private Thread process;
    private Agent agent;
    private Path marker;

    @BeforeEach
    void startService() throws IOException {
        service = new TestingService();
        service.add(host);
        marker = TestingEnvironment.marker(directory, host);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (process != null) {
            process.interrupt();
            process.join();
        }
        service.close();
    }

    private void startAgent() throws UsageException {
        startAgent(Map.of());
    }

    private void startAgent(Map<String, String> more) throws UsageException {
        Map<String, String> environment = TestingEnvironment.hostEnvironment(host, 0, directory, SCALE);
        environment.putAll(more);
        AgentSettings settings = AgentSettings.of(TestingEnvironment.agentArguments(service.url()), environment);
        ScaledClock clock = new ScaledClock(SCALE);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.host(), environment),
                Retries.OF_AGENT,
                clock);
        TextLog log = new TextLog(new PrintStream(output, true, StandardCharsets.UTF_8));
        agent = new Agent(settings, new AssistedService(client), clock, log, Background.OF_PROCESS, installer);
        process = new Thread(() -> {
            try {
                exit.complete(agent.run());
            } catch (InterruptedException stopped) {
                exit.cancel(false);
            }
        });
        process.start();
    }

    private void reboot() throws IOException {
        Files.createFile(marker);
        await().until(exit::isDone);
        assertThat(exit.join()).isZero();
    }

    private long count(String call) {
        return service.calls().stream().filter(made -> made.contains(call)).count();
    }

    @Test
    void registersAnswersItsStepsAndLeavesAfterTheReboot() throws Exception {
        host.given(List.of(List.of("inventory"), List.of("ntp-synchronizer", "domain-resolution")));
        startAgent();
        await().untilAsserted(() -> assertThat(count("POST /v2/infra-envs/{infra-env}/hosts/{host}/instructions"))
                .isEqualTo(3));
        reboot();
        assertThat(service.calls().get(0)).isEqualTo("POST /v2/infra-envs/{infra-env}/hosts");
    }

    @Test
    void aPollAndItsRepliesShareARequestIdAndTwoPollsDoNot() throws Exception {
        host.given(List.of(List.of("inventory", "ntp-synchronizer"), List.of("domain-resolution")));
        startAgent();
        await().until(() -> count("instructions domain-resolution") == 1);
        List<Exchange> replies =
                service.exchanges().stream().filter(Exchange::isStepReply).toList();
        assertThat(replies.get(0).requestId()).isEqualTo(replies.get(1).requestId());
        assertThat(replies.get(2).requestId()).isNotEqualTo(replies.get(0).requestId());
        assertThat(service.exchanges())
                .filteredOn(e -> e.path().contains("timestamp="))
                .extracting(Exchange::requestId)
                .contains(replies.get(0).requestId(), replies.get(2).requestId());
    }

    @Test
    void anUnchangedResultIsPostedOnce() throws Exception {
        host.given(List.of(List.of("inventory"), List.of("inventory"), List.of("verify-vips")));
        startAgent();
        await().until(() -> count("instructions verify-vips") == 1);
        assertThat(count("instructions inventory")).isEqualTo(1);
    }

    @Test
    void afterAFailedPollItTriesAgainAndPostsEverythingAnew() throws Exception {
        service.answers((method, path, before) -> path.contains("timestamp=") && before == 1 ? 500 : null);
        host.given(List.of(List.of("inventory"), List.of("inventory")));
        startAgent();
        await().until(() -> count("instructions inventory") == 2);
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("status 500: scripted");
    }

    @Test
    void aReplyThatTheServiceRefusedIsPostedAgain() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/instructions") && before == 0 ? 500 : null);
        host.given(List.of(List.of("inventory"), List.of("inventory")));
        startAgent();
        await().until(() -> count("instructions inventory") == 2);
    }

    @Test
    void registersAgainAfterItsIntervalWhenTheServiceFails() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/hosts") && before < 2 ? 500 : null);
        startAgent();
        await().until(() -> count("timestamp=") > 0);
        assertThat(service.calls()).filteredOn(call -> call.endsWith("}/hosts")).hasSize(3);
    }

    @Test
    void pollsNoMoreWhenItIsToldToLeaveButStaysLikeTheRealOne() throws Exception {
        host.toldToLeave();
        startAgent();
        await().until(() -> output.toString(StandardCharsets.UTF_8).contains("Step processing has ended"));
        await().during(Duration.ofMillis(300)).until(() -> service.calls().size() == 2);
        reboot();
    }

    @Test
    void registersAgainWhenItIsToldToLeaveIfItObeys() throws Exception {
        host.toldToLeave();
        startAgent(Map.of("REHEARSAL_OBEYS_EXIT", "true"));
        await().until(() -> count("timestamp=") == 2);
        assertThat(service.calls()).filteredOn(call -> call.endsWith("}/hosts")).hasSize(2);
        reboot();
    }

    @Test
    void isSilentForEverOnceItsRegistrationWasRefused() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/hosts") ? 409 : null);
        startAgent();
        await().until(() -> output.toString(StandardCharsets.UTF_8).contains("stop trying to register"));
        // An hour of the real agent at this scale would be 60 tries.
        await().during(Duration.ofMillis(900)).until(() -> service.calls().size() == 1);
        assertThat(exit).isNotDone();
    }

    @Test
    void asksNoMoreAfterA404ButStillLeavesOnItsMarker() throws Exception {
        service.answers((method, path, before) -> path.contains("timestamp=") ? 404 : null);
        startAgent();
        await().until(() -> count("timestamp=") == 1);
        await().during(Duration.ofMillis(300)).until(() -> count("timestamp=") == 1);
        reboot();
    }

    @Test
    void runsTheInstallerAndPostsItsOutput() throws Exception {
        host.given(List.of(List.of("install")));
        startAgent();
        await().until(() -> !installer.started().isEmpty());
        installer.end(0);
        await().until(() -> count("instructions install") == 1);
        assertThat(service.bodies().get(service.bodies().size() - 1)).contains("installing\\ninstalled\\n");
        assertThat(installer.started().get(0)).containsSequence("--role", "bootstrap");
        reboot();
    }

    @Test
    void aSecondInstallStepIsRefusedAsPodmanWould() throws Exception {
        host.given(List.of(List.of("install"), List.of("install")));
        startAgent();
        await().until(() -> count("instructions install") == 1);
        assertThat(service.bodies().get(service.bodies().size() - 1))
                .contains("\"exit_code\":125", "the container name \\\"assisted-installer\\\" is already in use");
        assertThat(installer.started()).hasSize(1);
        installer.end(0);
    }

    @Test
    void aStopStepEndsTheInstaller() throws Exception {
        host.given(List.of(List.of("install"), List.of("stop-installation")));
        startAgent();
        await().until(() -> count("instructions install") == 1 && count("instructions stop-installation") == 1);
        assertThat(service.bodies()).anyMatch(body -> body.contains("\"exit_code\":143"));
    }

    @Test
    void anAgentThatLeavesDoesNotReportTheInstallerThatItEndsAsFailed() throws Exception {
        host.given(List.of(List.of("install"), List.of("verify-vips")));
        startAgent();
        await().until(() -> count("instructions verify-vips") == 1);
        agent.leave();
        await().until(() -> output.toString(StandardCharsets.UTF_8).contains("is not answered"));
        assertThat(count("instructions install")).isZero();
    }

    @Test
    void aFailedInstallerIsReportedWithCodeAndErrors() throws Exception {
        host.given(List.of(List.of("install")));
        startAgent();
        await().until(() -> !installer.started().isEmpty());
        installer.end(2);
        await().until(() -> count("instructions install") == 1);
        assertThat(service.bodies().get(service.bodies().size() - 1)).contains("\"exit_code\":2", "\"error\":\"oops\"");
    }

    @Test
    void gathersLogsInTheOrderOfTheLogSender() throws Exception {
        host.givenStep("logs-gather", List.of("{\"cluster_id\":\"" + TestingService.CLUSTER + "\"}"));
        startAgent();
        await().until(() -> count("instructions logs-gather") == 1);
        assertThat(service.calls())
                .containsSubsequence(
                        "PUT /v2/infra-envs/{infra-env}/hosts/{host}/logs-progress requested",
                        "PUT /v2/infra-envs/{infra-env}/hosts/{host}/logs-progress collecting",
                        "POST /v2/clusters/{cluster}/logs?host_id=*&infra_env_id=*&logs_type=host",
                        "PUT /v2/infra-envs/{infra-env}/hosts/{host}/logs-progress completed");
    }

    @Test
    void aRegistrationWithoutRunnerIsTriedAgainAfterAnHour() throws Exception {
        service.answers((method, path, before) -> path.endsWith("/hosts") && before == 0 ? 202 : null);
        startAgent();
        await().until(() -> output.toString(StandardCharsets.UTF_8).contains("Next step runner failed"));
        assertThat(count("timestamp=")).isZero();
    }
}
