package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingProcesses;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a podman that only writes down how it is called; the real one is in {@link PodmanRuntimeIT}. */
class PodmanRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 0);
    private static final HostId HOST = CLUSTER.host(1);
    private static final InfraEnvAccess ACCESS = new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret("the-token"));
    private static final Images IMAGES = new Images("quay.io/agent:1", "quay.io/installer:1", "quay.io/controller:1");

    /** Says what the test has put beside it, by the first word of the call. */
    private static final String SCRIPT = """
            #!/bin/sh
            here=${0%/*}
            echo "$*" >> "$here/calls"
            [ "$1" = pull ] && cat "$4" > "$here/auth" && stat -c %a "$4" > "$here/mode"
            [ -f "$here/$1.says" ] && cat "$here/$1.says" >&2
            exit "$(cat "$here/$1.status" 2>/dev/null || echo 0)"
            """;

    @TempDir
    private Path folder;

    private final TestingProcesses processes = new TestingProcesses();
    private Workspace workspace;
    private Path bin;
    private PodmanRuntime runtime;

    @BeforeEach
    void makeRuntime() throws IOException {
        workspace = new Workspace(folder.resolve("data"));
        bin = Files.createDirectory(folder.resolve("bin"));
        Files.writeString(bin.resolve("podman"), SCRIPT);
        Files.setPosixFilePermissions(bin.resolve("podman"), PosixFilePermissions.fromString("rwxr-xr-x"));
        TestingNsenter.make(bin);
        says("--version", 0, "podman version 5.2.3");
        says("image", 1, "");
        Path journal = folder.resolve("machine/run/systemd/journal/socket");
        Files.createDirectories(journal.getParent());
        Files.createFile(journal);
        Map<String, String> environment = Map.of("PATH", bin + ":/usr/bin:/bin", "HOME", "/root");
        runtime = new PodmanRuntime(
                new ExecRuntime(Samples.WORKER, workspace, processes, environment, Runnable::run),
                environment,
                new Places(folder.resolve("visible"), folder.resolve("r"), folder.resolve("machine")),
                Runnable::run);
    }

    @Test
    void pullsEachImageOnceWithTheUsersAuthFile() throws IOException {
        prepare();
        assertThat(Files.readAllLines(bin.resolve("calls")))
                .filteredOn(call -> call.startsWith("pull"))
                .extracting(call -> call.replaceAll("/\\S*/", ""))
                .satisfiesExactly(
                        call -> assertThat(call).matches("pull --quiet --authfile auth\\d+\\.json quay\\.io/agent:1"),
                        call -> assertThat(call)
                                .matches("pull --quiet --authfile auth\\d+\\.json quay\\.io/installer:1"),
                        call -> assertThat(call)
                                .matches("pull --quiet --authfile auth\\d+\\.json quay\\.io/controller:1"));
        assertThat(bin.resolve("auth")).hasContent(Samples.PULL_SECRET);
        assertThat(bin.resolve("mode")).hasContent("600");
        assertThat(workspace.root().resolve(".containers/quickstart-7f3a/images"))
                .isDirectoryNotContaining("glob:**auth*");
    }

    @Test
    void takesTheAgentFromItsImageTheWayItStartsItsRunner() throws IOException {
        prepare();
        assertThat(bin.resolve("calls"))
                .content()
                .contains("run --rm --pull=never --privileged --pid=host --uts=host --net=host --pids-limit=0"
                        + " --volume=/dev:/dev --volume=" + folder + "/machine/opt:/opt --volume=" + folder
                        + "/machine/run/systemd/journal/socket:/run/systemd/journal/socket --volume=" + folder
                        + "/machine/var/log:/var/log --volume=" + folder + "/machine/run/media:/run/media --volume="
                        + folder + "/machine/etc/pki:/etc/pki --volume=" + stores()
                        + ":/hostbin quay.io/agent:1 cp /usr/bin/agent /hostbin/agent");
    }

    @Test
    void startsTheAgentOnTheMachineWithAStoreOfItsOwn() throws IOException {
        prepare();
        assertThat(runtime.startAgent(HOST, order())).succeedsWithin(LONG);
        ProcessSpec agent = processes.started().getLast().spec;
        Path store = stores().resolve("quickstart-7f3a-0/quickstart-7f3a-0-1");
        assertThat(agent.command())
                .containsExactly(
                        stores().resolve("agent").toString(),
                        "--url",
                        "http://127.0.0.1:8090",
                        "--infra-env-id",
                        Samples.INFRA_ENV_ID);
        assertThat(agent.environment())
                .containsEntry(
                        "CONTAINERS_CONF", store.resolve("containers.conf").toString())
                .containsEntry(
                        "CONTAINERS_STORAGE_CONF", store.resolve("storage.conf").toString())
                .containsEntry("PULL_SECRET_TOKEN", "the-token")
                .containsEntry("SWARM_WORKSPACE", workspace.root().toString())
                .containsEntry(
                        "DRY_REBOOT_MARKER",
                        folder.resolve("visible/w1/quickstart-7f3a/quickstart-7f3a-0/markers/" + HOST.name())
                                .toString());
        assertThat(store.resolve("containers.conf"))
                .content()
                .contains("'CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF', 'PULL_SECRET_TOKEN', 'DRY_ENABLE',"
                        + " 'DRY_HOST_ID', 'DRY_FORCED_MAC_ADDRESS', 'DRY_FORCED_HOSTNAME', 'DRY_FORCED_HOST_IPV4',"
                        + " 'DRY_FAKE_REBOOT_MARKER_PATH', 'DRY_CLUSTER_HOSTS_PATH', 'HTTP_PROXY', 'HTTPS_PROXY',"
                        + " 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'DRY_REBOOT_MARKER'")
                .contains("'SWARM_INCARNATION', 'SWARM_CHILD'")
                .doesNotContain("the-token", "'PATH'", "'HOME'");
        assertThat(store.resolve("storage.conf"))
                .content()
                .contains(
                        "storage.graphroot = '" + store.resolve("graphroot") + "'",
                        "additionalimagestores = ['" + stores().resolve("images/graphroot") + "']");
    }

    @Test
    void pullsTheStandInForBootstrapsAndLetsItsAgentsFindTheShimFirst() throws IOException {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        SwarmSpec swarm = swarm(IMAGES, "quay.io/stand-in:1");
        assertThat(runtime.prepare(swarm)).succeedsWithin(LONG);
        assertThat(Files.readAllLines(bin.resolve("calls")))
                .filteredOn(call -> call.startsWith("pull"))
                .hasSize(4)
                .last()
                .asString()
                .endsWith(" quay.io/stand-in:1");
        assertThat(runtime.startAgent(HOST, new Order(swarm, CLUSTER, ACCESS, 1)))
                .succeedsWithin(LONG);
        ProcessSpec agent = processes.started().getLast().spec;
        assertThat(agent.environment())
                .containsEntry("PATH", stores() + "/shims:" + bin + ":/usr/bin:/bin")
                .containsEntry("SWARM_BOOTSTRAP_INSTALLER", "quay.io/stand-in:1")
                .containsEntry("SWARM_LOG", agent.logFile().toString());
        assertThat(stores().resolve("shims/podman")).isExecutable();
        assertThat(stores().resolve("quickstart-7f3a-0/quickstart-7f3a-0-1/containers.conf"))
                .content()
                .contains("'SWARM_BOOTSTRAP_INSTALLER'", "'SWARM_LOG'", "'SWARM_PODMAN'", "'SWARM_SHIMS'");
    }

    @Test
    void startsTheControllerInALabelledContainer() {
        prepare();
        assertThat(runtime.startController("the-uuid", order())).succeedsWithin(LONG);
        ProcessSpec controller = processes.started().getLast().spec;
        Path cluster = folder.resolve("visible/w1/quickstart-7f3a/quickstart-7f3a-0");
        assertThat(controller.command())
                .containsExactly(
                        bin.resolve("podman").toString(),
                        "run",
                        "--rm",
                        "--name=controller",
                        "--pull=never",
                        "--net=host",
                        "--pid=host",
                        "--privileged",
                        "--log-driver=none",
                        "--label=io.assistedswarm.worker=w1",
                        "--label=io.assistedswarm.swarm=quickstart-7f3a",
                        "--label=io.assistedswarm.cluster=quickstart-7f3a-0",
                        "--volume=" + cluster + ":" + cluster + ":rw",
                        "quay.io/controller:1",
                        "the-uuid");
        assertThat(controller.environment()).containsEntry("PULL_SECRET_TOKEN", "the-token");
    }

    @Test
    void stopsPullingAtTheFirstImageThatCannotBeHadAndLeavesNothing() throws IOException {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        says("pull", 125, "Error: initializing source docker://quay.io/agent:1: unauthorized: access denied");
        assertThat(runtime.prepare(swarm(IMAGES)))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("image 'quay.io/agent:1' cannot be pulled: initializing source"
                        + " docker://quay.io/agent:1: unauthorized: access denied; does the pull secret hold this"
                        + " registry, and does the worker reach it?");
        assertNothingLeft();
    }

    @Test
    void saysWhyContainersDoNotRunHere() throws IOException {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        says("run", 126, "Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied");
        assertThat(runtime.prepare(swarm(IMAGES)))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining(
                        "podman cannot run image 'quay.io/agent:1' here, the way the agent runs it: crun:"
                                + " setrlimit `RLIMIT_NOFILE`: Operation not permitted");
        assertNothingLeft();
    }

    @Test
    void saysWhenTheImageIsNoAgents() throws IOException {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        says("run", 1, "cp: cannot stat '/usr/bin/agent': No such file or directory");
        assertThat(runtime.prepare(swarm(IMAGES)))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining(
                        "image 'quay.io/agent:1' is no agent's: 'cp /usr/bin/agent' in it says: cp: cannot"
                                + " stat '/usr/bin/agent'");
        assertNothingLeft();
    }

    @Test
    void saysWhenTheAgentCouldNotEnterTheNamespacesOfProcessOne() throws IOException {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        Files.writeString(
                bin.resolve("nsenter"), "#!/bin/sh\necho 'nsenter: cannot open: Permission denied'\nexit 1\n");
        assertThat(runtime.prepare(swarm(IMAGES)))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageEndingWith(
                        "the agent could not enter the namespaces of process 1, 'nsenter --target 1 --cgroup"
                                + " --mount --ipc --net -- stat " + folder.resolve("visible")
                                + "' says: nsenter: cannot open: Permission denied. Run the worker on the machine itself, not in a"
                                + " container, or choose the native runtime");
        assertNothingLeft();
    }

    @Test
    void wantsAllImages() {
        assertThat(runtime.prepare(swarm(new Images("quay.io/agent:1", "", ""))))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("runtime.podman.images does not name them");
    }

    @Test
    void saysWhatToInstallWhereThereIsNoPodman() {
        assertThatThrownBy(() -> Podman.find(Map.of("PATH", folder.toString())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'podman' is not on the worker's PATH: install podman 4 or later, or choose the native"
                        + " runtime");
    }

    @Test
    void saysWhichPodmanIsTooOld() throws IOException {
        says("--version", 0, "podman version 3.4.4");
        assertThatThrownBy(() -> Podman.find(Map.of("PATH", bin + ":/usr/bin:/bin")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(bin.resolve("podman") + " is version 3.4.4: install podman 4 or later");
    }

    private void says(String call, int status, String text) throws IOException {
        Files.writeString(bin.resolve(call + ".says"), text + "\n");
        Files.writeString(bin.resolve(call + ".status"), String.valueOf(status));
    }

    private void assertNothingLeft() {
        assertThat(stores()).doesNotExist();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(folder.resolve("visible/w1")).doesNotExist();
        assertThat(folder.resolve("machine/usr")).doesNotExist();
    }

    private Path stores() {
        return workspace.root().resolve(".containers/quickstart-7f3a");
    }

    private void prepare() {
        assumeTrue(isRoot(), "skipped: the podman runtime needs root");
        assertThat(runtime.prepare(swarm(IMAGES))).succeedsWithin(LONG);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private Order order() {
        return new Order(swarm(IMAGES), CLUSTER, ACCESS, 1);
    }

    private static SwarmSpec swarm(Images images) {
        return swarm(images, "");
    }

    private static SwarmSpec swarm(Images images, String bootstrapInstaller) {
        return Samples.swarm(
                new RuntimeSpec.Podman(
                        images, bootstrapInstaller, (RuntimeSpec.Exec) Samples.exec(), "", Duration.ofSeconds(20)),
                new Manifests(List.of(), List.of(), List.of(), List.of()));
    }
}
