package io.assistedswarm.rehearsal.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.agent.Bytes;
import io.assistedswarm.agent.TestingEnvironment;
import io.assistedswarm.agent.TestingHost;
import io.assistedswarm.agent.TestingService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only shows with real processes: exit codes, standard error, arguments, and the end of a parent. */
class StandInProcessIT {
    private static final String TOKEN = "very-secret-token";

    @TempDir
    Path directory;

    private final TestingHost host = TestingHost.single();
    private Map<String, String> environment;

    @BeforeEach
    void prepare() throws Exception {
        TestingEnvironment.writeHostsFile(directory, List.of(host));
        environment = new HashMap<>(TestingEnvironment.hostEnvironment(host, 0, directory, 1));
        environment.put("PULL_SECRET_TOKEN", TOKEN);
    }

    private void endsWith(int exitCode, String message, String program, String... arguments) throws Exception {
        try (StandInProcess process = StandInProcess.start(directory, environment, program, List.of(arguments))) {
            assertThat(process.exitCode()).as(process.output()).isEqualTo(exitCode);
            assertThat(process.output()).contains(message).doesNotContain("\tat ");
        }
    }

    @Test
    void exitCodesAreThoseOfTheRealPrograms() throws Exception {
        endsWith(1, "--infra-env-id", "agent", "--url", "http://127.0.0.1:1");
        endsWith(2, "flag provided but not defined: -urll", "agent", "--urll", "http://127.0.0.1:1");
        endsWith(2, "Must provide --cluster-id", "logs_sender", "-url", "http://127.0.0.1:1");
        endsWith(1, "required key CLUSTER_ID missing value", "controller");
        endsWith(2, "usage:", "no-such-program");
        environment.put("DRY_CLUSTER_HOSTS_PATH", "/no/such/file");
        endsWith(1, "/no/such/file", "installer", "--url", "http://127.0.0.1:1");
    }

    @Test
    void theLogSenderRunsByItself() throws Exception {
        try (TestingService service = new TestingService()) {
            service.add(host);
            endsWith(
                    0,
                    "Logs were sent",
                    "logs_sender",
                    "-cluster-id",
                    TestingService.CLUSTER,
                    "-url",
                    service.url(),
                    "-host-id",
                    host.id(),
                    "-infra-env-id",
                    TestingService.INFRA_ENV,
                    "-insecure=true",
                    "-bootstrap=true");
            assertThat(service.calls()).hasSize(4);
        }
    }

    @Test
    void trainingGoesThroughAWholeLife() throws Exception {
        endsWith(0, "Finished all", "train");
    }

    @Test
    void anArchiveOfItsClassesIsMadeInOneGo() throws Exception {
        Path archive = directory.resolve("stand-in.jsa");
        StandInJvm.makeArchive(archive);
        assertThat(archive).isNotEmptyFile();
        assertThat(outcome(StandInJvm.command("agent", archive))).isEqualTo("1 Must provide --url");
        assertThat(directory.toFile().list())
                .contains("stand-in.jsa")
                .noneMatch(name -> name.matches("stand-in\\d+\\.jsa"));
    }

    @Test
    void runsWithTheLeanCommandWhetherItsArchiveFitsOrNot() throws Exception {
        Path archive = directory.resolve("stand-in.jsa");
        assertThat(outcome(StandInJvm.command("agent", archive))).isEqualTo("1 Must provide --url");
        Files.writeString(archive, "broken");
        assertThat(outcome(StandInJvm.command("agent", archive))).isEqualTo("1 Must provide --url");
    }

    private static String outcome(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = Bytes.utf8(process.getInputStream().readAllBytes());
        return process.waitFor() + " " + output.strip();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theInstallerDiesWithAKilledAgentAndNeitherShowsTheToken() throws Exception {
        try (TestingService service = new TestingService()) {
            service.add(host.given(List.of(List.of("install"))));
            try (StandInProcess agent = StandInProcess.start(
                    directory, environment, "agent", TestingEnvironment.agentArguments(service.url()))) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> service.stages().contains("host-0: Waiting for bootkube"));
                ProcessHandle installer = agent.handle().children().findFirst().orElseThrow();
                assertThat(commandLine(installer))
                        .contains("installer\0--role\0bootstrap")
                        .doesNotContain(TOKEN);
                assertThat(commandLine(agent.handle())).doesNotContain(TOKEN);
                agent.handle().destroyForcibly();
                await().atMost(Duration.ofSeconds(5)).until(() -> !installer.isAlive());
                assertThat(agent.output()).doesNotContain(TOKEN);
            }
        }
    }

    private static String commandLine(ProcessHandle process) throws Exception {
        return Bytes.utf8(Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline")));
    }
}
