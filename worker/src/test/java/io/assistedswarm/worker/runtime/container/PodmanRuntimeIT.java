package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.OsProcesses;
import io.assistedswarm.worker.process.ProcessTools;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real containers by the podman of this machine; what runs in them is {@link TestingImages}. */
@Tag("heavy")
class PodmanRuntimeIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 0);
    private static final InfraEnvAccess ACCESS =
            new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret(Samples.PULL_SECRET));
    private static final Executor FILES = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private static Path shared;

    private static TestingImages images;

    @TempDir
    private Path folder;

    private final OsProcesses processes = new OsProcesses(
            ProcessTools.find(),
            "podman-it-" + ProcessHandle.current().pid(),
            Duration.ofSeconds(2),
            new LogFiles(1 << 20));
    private Workspace workspace;
    private PodmanRuntime runtime;

    @BeforeAll
    static void makeImages() throws IOException {
        images = TestingImages.make(shared);
    }

    @AfterAll
    static void removeImages() {
        if (images != null) {
            images.remove();
        }
    }

    @BeforeEach
    void makeRuntime() throws IOException {
        workspace = new Workspace(folder.resolve("data"));
        Path journal = folder.resolve("machine/run/systemd/journal/socket");
        Files.createDirectories(journal.getParent());
        Files.createFile(journal);
        Files.createDirectories(folder.resolve("machine/dev"));
        runtime = new PodmanRuntime(
                new ExecRuntime(Samples.WORKER, workspace, processes, System.getenv(), FILES),
                images.environment(),
                new Places(folder.resolve("visible"), folder.resolve("r"), folder.resolve("machine")),
                FILES);
    }

    @AfterEach
    void close() {
        assertThat(runtime.close(Samples.SWARM)).succeedsWithin(LONG);
        assertThat(processes.close()).succeedsWithin(LONG);
    }

    @Test
    void runsAnAgentWithItsRunnerInAContainerUntilTheFakeReboot() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(agent.exit()).isNotDone();
        workspace.makeMarker(host);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
        assertThat(workspace.agentLog(host)).content().contains("agent --url http://127.0.0.1:8090");
        assertNoContainers();
    }

    @Test
    void handsTheHostsVariablesToItsContainers() throws IOException {
        HostId host = CLUSTER.host(1);
        started(host);
        awaitReady(host);
        assertThat(ready(host))
                .content()
                .contains(
                        "DRY_HOST_ID=" + Identity.hostUuid(host),
                        "PULL_SECRET_TOKEN=" + Samples.PULL_SECRET,
                        "CONTAINERS_CONF=",
                        "CONTAINERS_STORAGE_CONF=",
                        "SWARM_IMAGE_LINE_SECONDS=0.250",
                        "OF_THE_USER=x",
                        "SWARM_INCARNATION=podman-it-",
                        "SWARM_CHILD=podman-it-",
                        "container=podman");
    }

    @Test
    void runsContainersOfTheSameNameForHostsSideBySide() {
        List<HostId> hosts = CLUSTER.hosts();
        hosts.forEach(this::started);
        hosts.forEach(this::awaitReady);
        assertThat(processes.count()).isEqualTo(hosts.size());
    }

    @Test
    void endsTheContainersOfAHostThatIsStopped() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(runnersOf(host)).isNotEmpty();
        assertThat(agent.had()).containsEntry(SwarmClosed.CONTAINER_STORE, 1L).containsEntry(SwarmClosed.MOUNT, 0L);
        assertThat(agent.stop()).succeedsWithin(LONG);
        assertThat(runnersOf(host)).isEmpty();
        assertNoContainers();
        assertThat(agent.had().get(SwarmClosed.MOUNT)).isPositive();
    }

    @Test
    void endsTheContainersOfAnAgentThatIsKilledBeforeItCountsAsEnded() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        kill(agent.pid());
        assertThat(value(agent.exit())).isEqualTo(new Exit(128 + 9, false));
        assertThat(runnersOf(host)).isEmpty();
        assertNoContainers();
    }

    @Test
    void killsTheInstallerInItsContainerAndNothingElse() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = installing(host);
        assertThat(value(agent.killDescendants(AgentRuntime.INSTALLERS))).isOne();
        await().atMost(LONG).until(() -> inContainersOf(host, "/usr/bin/installer"), List::isEmpty);
        await().atMost(LONG).until(() -> runnersOf(host), runners -> runners.size() == 1);
        assertThat(agent.exit()).isNotDone();
    }

    @Test
    void letsAHostStandStillWithWhatIsInItsContainers() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = installing(host);
        assertThat(agent.suspend()).succeedsWithin(LONG);
        assertThat(inContainersOf(host, ""))
                .isNotEmpty()
                .allMatch(pid -> state(pid).equals("T"));
        assertThat(agent.resume()).succeedsWithin(LONG);
        await().atMost(LONG)
                .until(
                        () -> inContainersOf(host, ""),
                        pids -> pids.stream().noneMatch(pid -> state(pid).equals("T")));
        workspace.makeMarker(host);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
        assertNoContainers();
    }

    @Test
    void letsTheStandInPlayTheBootstrapOfSeveralControlPlanesThatTheRunnerStarts() throws IOException {
        HostId host = CLUSTER.host(0);
        prepare();
        Map<String, String> bootstrap = Map.of(
                "BOOTSTRAPS",
                "yes",
                "MACHINE",
                String.valueOf(ProcessHandle.current().pid()));
        Running agent = value(runtime.startAgent(
                host,
                new Order(swarm(TestingImages.IMAGES, images.store().toString(), bootstrap), CLUSTER, ACCESS, 1)));
        Path stoodIn = workspace.clusterFolder(host.cluster()).resolve(host.name() + ".stood-in");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(stoodIn)
                        .as(() -> read(workspace.agentLog(host)))
                        .hasContent("--role bootstrap --control-plane-count 3"));
        assertThat(workspace.agentLog(host))
                .content()
                .contains("swarm: runs the stand-in installer as bootstrap of 3 control planes");
        workspace.makeMarker(host);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
        assertNoContainers();
    }

    private Running installing(HostId host) {
        prepare();
        Running agent = value(runtime.startAgent(
                host,
                new Order(
                        swarm(TestingImages.IMAGES, images.store().toString(), Map.of("INSTALLS", "yes")),
                        CLUSTER,
                        ACCESS,
                        1)));
        awaitReady(host);
        await().atMost(LONG).until(() -> inContainersOf(host, "/usr/bin/installer"), pids -> pids.size() == 1);
        return agent;
    }

    @Test
    void runsAControllerInALabelledContainer() throws IOException {
        prepare();
        Running controller = value(runtime.startController("the-uuid", order()));
        Path store = workspace.root().resolve(".containers/quickstart-7f3a/quickstart-7f3a-0/controller");
        await().atMost(LONG).until(() -> Files.readString(controller.logFile()).contains("controller of"));
        assertThat(controller.logFile())
                .hasContent("controller of the-uuid, token " + Samples.PULL_SECRET + ", arguments --verbose");
        Podman podman = Podman.find(images.environment());
        assertThat(podman.run(
                                Store.in(store, podman, folder.resolve("r")).configuration(),
                                "ps",
                                "--filter=label=io.assistedswarm.swarm=quickstart-7f3a",
                                "--format={{.Names}} {{index .Labels \"io.assistedswarm.cluster\"}}"
                                        + " {{index .Labels \"io.assistedswarm.worker\"}}")
                        .text())
                .isEqualToIgnoringNewLines("controller quickstart-7f3a-0 w1");
        workspace.makeMarker(CLUSTER.host(0));
        assertThat(value(controller.exit())).isEqualTo(new Exit(0, false));
        assertNoContainers();
    }

    @Test
    void leavesNothingBehindWhenTheSwarmIsClosed() throws IOException {
        HostId host = CLUSTER.host(0);
        started(host);
        awaitReady(host);
        assertThat(folder.resolve("machine/usr/bin/oc")).isExecutable();
        assertThat(runtime.close(Samples.SWARM)).succeedsWithin(LONG);
        assertThat(runnersOf(host)).isEmpty();
        assertNoContainers();
        assertThat(folder.resolve("visible/w1")).doesNotExist();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(workspace.root().resolve(".containers/quickstart-7f3a")).doesNotExist();
        assertThat(folder.resolve("machine/usr")).doesNotExist();
        assertThat(folder.resolve("machine/opt")).doesNotExist();
    }

    @Test
    void endsWhatAnEarlierWorkerHasLeftBeforeItStartsTheHostAgain() throws IOException {
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        awaitReady(host);
        assertThat(agent.stop()).succeedsWithin(LONG);
        Files.delete(ready(host));
        Podman podman = Podman.find(images.environment());
        Path folderOfHost = workspace.root().resolve(".containers/quickstart-7f3a/quickstart-7f3a-0/" + host.name());
        Store left = Store.in(folderOfHost, podman, folder.resolve("r"));
        left.configure(
                MachineConfig.read(images.environment()),
                List.of(),
                List.of(images.store().resolve("graphroot")));
        String sleep = "sleep " + (100_000 + ProcessHandle.current().pid());
        assertThat(podman.run(
                                left.configuration(),
                                "run",
                                "--detach",
                                "--privileged",
                                "--pid=host",
                                "--net=host",
                                "--name=next-step-runner",
                                TestingImages.IMAGES.agent(),
                                "sh",
                                "-c",
                                sleep)
                        .reason())
                .doesNotContain(" ");
        assertThat(processesOf(sleep)).isNotEmpty();
        started(host);
        awaitReady(host);
        assertThat(processesOf(sleep)).isEmpty();
        assertThat(runnersOf(host)).hasSize(1);
    }

    @Test
    void saysWhichImageCannotBePulledAndLeavesNothing() throws IOException {
        Images unreachable = new Images("127.0.0.1:9/agent:1", TestingImages.IMAGES.installer(), "c");
        assertThat(runtime.prepare(swarm(unreachable, "")))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("image '127.0.0.1:9/agent:1' cannot be pulled: ")
                .withMessageContaining("connection refused; does the pull secret hold this registry");
        assertNoContainers();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(workspace.root().resolve(".containers/quickstart-7f3a")).doesNotExist();
        assertThat(folder.resolve("machine/usr")).doesNotExist();
    }

    @Test
    void saysWhenContainersCannotBeRunHere() throws IOException {
        Path broken = folder.resolve("broken.conf");
        Files.writeString(broken, "engine.runtime = \"/nowhere/runc\"\nengine.cgroup_manager = \"cgroupfs\"\n");
        Map<String, String> environment = new HashMap<>(images.environment());
        environment.put("CONTAINERS_CONF", broken.toString());
        PodmanRuntime cannot = new PodmanRuntime(
                new ExecRuntime(Samples.WORKER, workspace, processes, System.getenv(), FILES),
                environment,
                new Places(folder.resolve("visible"), folder.resolve("r"), folder.resolve("machine")),
                FILES);
        assertThat(cannot.prepare(swarm()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("/nowhere/runc");
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
    }

    private void assertNoContainers() throws IOException {
        assertThat(new MountedFolder(folder.toRealPath()).mounts()).isEmpty();
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(file -> file.endsWith("storage.conf"))).isEmpty();
        }
        // That of the images is kept with them.
        Path ofImages = Store.in(images.store(), Podman.find(images.environment()), folder.resolve("r"))
                .runRoot();
        if (Files.exists(ofImages.getParent())) {
            try (Stream<Path> runs = Files.list(ofImages.getParent())) {
                assertThat(runs.filter(run -> !run.equals(ofImages))).isEmpty();
            }
        }
    }

    /** Processes that run the host's runner, by its command line and marker. */
    private static List<Long> runnersOf(HostId host) {
        return inContainersOf(host, "next_step_runner");
    }

    private static List<Long> inContainersOf(HostId host, String program) {
        return ProcessHandle.allProcesses()
                .filter(process -> environment(process.pid()).contains("DRY_FORCED_HOSTNAME=" + host.name()))
                .filter(process -> environment(process.pid()).contains("container=podman"))
                .filter(process -> commandLine(process.pid()).contains(program))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** One letter (proc(5)); empty when it has ended. */
    private static String state(long pid) {
        return read(Path.of("/proc/" + pid + "/stat"))
                .lines()
                .map(line -> line.substring(line.lastIndexOf(')') + 2, line.lastIndexOf(')') + 3))
                .findFirst()
                .orElse("");
    }

    private static List<Long> processesOf(String command) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).replace('\0', ' ').contains(command))
                .toList();
    }

    private static List<String> environment(long pid) {
        return List.of(read(Path.of("/proc/" + pid + "/environ")).split("\0"));
    }

    private static String commandLine(long pid) {
        return read(Path.of("/proc/" + pid + "/cmdline"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    private static void kill(long pid) throws IOException {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    }

    private Running started(HostId host) {
        prepare();
        return value(runtime.startAgent(host, order()));
    }

    private void prepare() {
        assertThat(runtime.prepare(swarm())).succeedsWithin(LONG);
    }

    private void awaitReady(HostId host) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(ready(host))
                        .as(() -> read(workspace.agentLog(host)))
                        .exists());
    }

    private Path ready(HostId host) {
        return workspace.clusterFolder(host.cluster()).resolve(host.name() + ".ready");
    }

    private Order order() {
        return new Order(swarm(), CLUSTER, ACCESS, 1);
    }

    private SwarmSpec swarm() {
        return swarm(TestingImages.IMAGES, images.store().toString());
    }

    private static SwarmSpec swarm(Images images, String imageStore) {
        return swarm(images, imageStore, Map.of("OF_THE_USER", "x"));
    }

    private static SwarmSpec swarm(Images images, String imageStore, Map<String, String> ofTheUser) {
        Map<String, String> environment = new HashMap<>(ofTheUser);
        environment.putAll(Map.of(
                "DRY_HOST_ID", "{{host.uuid}}",
                "DRY_FORCED_HOSTNAME", "{{host.name}}",
                "DRY_FAKE_REBOOT_MARKER_PATH", "{{files.marker}}",
                "PULL_SECRET_TOKEN", "{{token}}"));
        return Samples.swarm(
                new RuntimeSpec.Podman(
                        images,
                        TestingImages.STAND_IN,
                        new RuntimeSpec.Exec(
                                List.of("agent", "--url", "{{service.url}}"),
                                environment,
                                List.of("assisted-installer-controller", "--verbose"),
                                Map.of(
                                        "CLUSTER_ID", "{{clusterUuid}}",
                                        "DRY_FAKE_REBOOT_MARKER_PATH", "{{files.marker}}",
                                        "PULL_SECRET_TOKEN", "{{token}}")),
                        imageStore,
                        Duration.ofSeconds(5)),
                new Manifests(List.of(), List.of(), List.of(), List.of()));
    }

    private static <T> T value(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("did not complete", e);
        }
    }
}
