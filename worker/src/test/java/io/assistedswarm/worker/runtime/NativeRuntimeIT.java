package io.assistedswarm.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.Leftovers;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.OsProcesses;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.ProcessTools;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes in real mount namespaces; the binaries are {@link TestingBinaries}. */
class NativeRuntimeIT {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 0);
    private static final InfraEnvAccess ACCESS =
            new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret(Samples.PULL_SECRET));

    @TempDir
    private Path folder;

    private final OsProcesses processes = new OsProcesses(
            ProcessTools.find(),
            "native-it-" + ProcessHandle.current().pid(),
            Duration.ofSeconds(2),
            new LogFiles(1 << 20));
    private String caFile = "";
    private Workspace workspace;
    private Path binaries;
    private NativeRuntime runtime;

    @BeforeAll
    static void needsMountNamespaces() {
        try {
            MountNamespace.find(System.getenv("PATH"));
        } catch (IllegalArgumentException e) {
            assumeTrue(false, "skipped: " + e.getMessage());
        }
    }

    @BeforeEach
    void makeRuntime() throws IOException {
        workspace = new Workspace(folder.resolve("data"));
        binaries = TestingBinaries.write(Files.createDirectory(folder.resolve("binaries")));
        runtime = runtime(MountNamespace::find);
    }

    private NativeRuntime runtime(Function<String, MountNamespace> namespaces) {
        return new NativeRuntime(
                new ExecRuntime(Samples.WORKER, workspace, processes, System.getenv(), Runnable::run),
                workspace,
                processes,
                System.getenv("PATH"),
                Runnable::run,
                namespaces);
    }

    @AfterEach
    void close() throws IOException {
        assertThat(processes.close()).succeedsWithin(LONG);
        workspace.remove(Samples.SWARM);
    }

    @Test
    void runsAnAgentUntilItsFakeReboot() {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(agent.exit()).isNotDone();
        workspace.makeMarker(host);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
    }

    /** Root may make a user namespace as well, and is as powerless in it as everybody. */
    @Test
    void doesTheSameWithoutRoot() throws IOException {
        runtime = runtime(MountNamespace::asUser);
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(own(host, "var/log/logs.tar.gz")).hasContent(host.name());
        assertThat(runnerLog(host)).contains("cannot write /etc");
        workspace.makeMarker(host);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
    }

    /** Started as by a worker that has been killed with its watchdog: nobody looks after it. */
    @Test
    void leavesNoHostRunningThatTheNextWorkerCannotEnd() throws IOException, InterruptedException {
        HostId host = CLUSTER.host(0);
        prepare();
        workspace.prepare(CLUSTER);
        ProcessSpec spec = runtime.agent(host, order());
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .directory(spec.folder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(spec.logFile().toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        Process agent = builder.start();
        awaitReady(host);
        assertThat(new Leftovers(workspace.root()).end()).isPositive();
        assertThat(agent.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(new Leftovers(workspace.root()).end()).isZero();
    }

    @Test
    void keepsWhatHostsWriteApartFromEachOtherAndFromTheMachine() throws IOException {
        List<HostId> hosts = List.of(CLUSTER.host(0), CLUSTER.host(1));
        hosts.forEach(this::started);
        for (HostId host : hosts) {
            awaitReady(host);
            assertThat(own(host, "var/log/logs.tar.gz")).hasContent(host.name());
            assertThat(own(host, "opt/install-dir/bootstrap.ign")).hasContent(host.name());
            assertThat(own(host, "root/mtab")).exists();
            assertThat(runnerLog(host)).contains("cannot write /etc");
        }
        assertThat(Path.of("/var/log/logs.tar.gz")).doesNotExist();
        assertThat(Path.of("/etc/written-by-a-fake-host")).doesNotExist();
    }

    /** The authority's file is in a folder that each host has of its own, which hides what the machine has there. */
    @Test
    void letsHostsReadTheServicesAuthority() throws IOException {
        caFile = Files.writeString(folder.resolve("ca.crt"), "the authority").toString();
        HostId host = CLUSTER.host(0);
        started(host);
        awaitReady(host);
        assertThat(runnerLog(host)).contains("the authority");
    }

    @Test
    void answersTheInventoryWithWhatTheAgentSawOfTheMachineOnce() throws IOException {
        HostId host = CLUSTER.host(1);
        started(host);
        awaitReady(host);
        assertThat(Files.readString(own(host, "tmp/inventory")))
                .contains("\"hostname\":\"" + host.name() + "\"", Identity.mac(host), Identity.ipv4(host) + "/16")
                .contains("\"name\":\"eth0\"", "\"type\":\"physical\"", "\"ipv6_addresses\":[]")
                // The machine below /host, where the real inventory looks for it.
                .contains("/host/dev /host/etc /host/proc /host/run /host/sys /host/var");
    }

    @Test
    void tellsInTheHostsLogWhatWasRefused() {
        HostId host = CLUSTER.host(0);
        started(host);
        awaitReady(host);
        assertThat(workspace.agentLog(host)).content().contains("swarm: refused [dd of=/dev/null]");
    }

    @Test
    void endsAgentAndRunnerTogether() {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(agent.stop()).succeedsWithin(LONG);
        assertThat(processes.count()).isZero();
    }

    @Test
    void givesEachControllerALogFileOfItsOwn() {
        prepare();
        Running controller = value(runtime.startController("the-uuid", order()));
        assertThat(value(controller.exit())).isEqualTo(new Exit(0, false));
        assertThat(controller.logFile()).hasContent("controller of the-uuid");
        assertThat(workspace.controllerFolder(CLUSTER.id()).resolve("files/tmp/controller_logs.log"))
                .hasContent("the-uuid");
    }

    @Test
    void leavesNothingBehindWhenTheSwarmIsRemoved() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(agent.stop()).succeedsWithin(LONG);
        workspace.remove(Samples.SWARM);
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(runtime.prepare(swarm())).succeedsWithin(LONG);
        assertThat(workspace.swarmFolder(Samples.SWARM)).isNotEmptyDirectory();
    }

    @Test
    void saysAllThatIsWrongWithTheBinariesBeforeAnythingIsStarted() throws IOException {
        Files.delete(binaries.resolve("installer"));
        Files.writeString(binaries.resolve("agent"), "<html>");
        assertThat(runtime.prepare(swarm()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining(
                        "agent '" + binaries.resolve("agent") + "' is neither an ELF program nor a script; "
                                + "installer '" + binaries.resolve("installer") + "' is not there");
        assertThat(processes.count()).isZero();
    }

    @Test
    void saysWhenTheAgentsInventoryDoesNotWork() throws IOException {
        Files.writeString(binaries.resolve("agent"), "#!/bin/sh\necho 'no such name' >&2\nexit 3\n");
        assertThat(runtime.prepare(swarm()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the agent's inventory failed with exit code 3: no such name");
    }

    private Running started(HostId host) {
        prepare();
        return value(runtime.startAgent(host, order()));
    }

    private void prepare() {
        assertThat(runtime.prepare(swarm())).succeedsWithin(LONG);
    }

    private void awaitReady(HostId host) {
        await().atMost(LONG).until(() -> runnerLog(host).contains("ready"));
    }

    private String runnerLog(HostId host) throws IOException {
        Path log = workspace.hostFolder(host).resolve("runner.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private Path own(HostId host, String file) {
        return workspace.hostFolder(host).resolve("files").resolve(file);
    }

    private Order order() {
        return new Order(swarm(), CLUSTER, ACCESS, 1);
    }

    private SwarmSpec swarm() {
        SwarmSpec plain = Samples.swarm(
                TestingBinaries.runtime(binaries, ""), new Manifests(List.of(), List.of(), List.of(), List.of()));
        ServiceSpec service = plain.service();
        return new SwarmSpec(
                plain.id(),
                new ServiceSpec(
                        service.url(),
                        service.insecure(),
                        caFile,
                        service.sshPublicKey(),
                        service.pullSecret(),
                        service.releaseImage(),
                        service.openshiftVersion(),
                        service.baseDomain(),
                        service.agentImage()),
                plain.runtime(),
                plain.manifests(),
                plain.deadlines());
    }

    private static <T> T value(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("did not complete", e);
        }
    }
}
