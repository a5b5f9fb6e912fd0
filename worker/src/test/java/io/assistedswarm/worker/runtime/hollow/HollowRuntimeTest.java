package io.assistedswarm.worker.runtime.hollow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.agent.Recording;
import io.assistedswarm.agent.Strands;
import io.assistedswarm.agent.TestingHost;
import io.assistedswarm.agent.TestingService;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingLog;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the scripted service and the recordings that the stand-ins' processes are compared with. */
class HollowRuntimeTest {
    private static final double SCALE = 30;

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong(1000);
    private TestingService service;
    private Workspace workspace;
    private HollowRuntime runtime;
    private boolean logs;

    @BeforeEach
    void start() throws Exception {
        service = new TestingService();
        workspace = new Workspace(folder);
        runtime = new HollowRuntime(
                Samples.WORKER, workspace, new LogFiles(1 << 20), Runnable::run, new HollowLease(now::get));
    }

    @AfterEach
    void stop() throws Exception {
        runtime.endAll().toCompletableFuture().get(5, TimeUnit.SECONDS);
        service.close();
    }

    private SwarmSpec swarm() {
        return new SwarmSpec(
                Samples.SWARM,
                new ServiceSpec(
                        service.url(),
                        false,
                        "",
                        "",
                        new Secret(Samples.PULL_SECRET),
                        "quay.io/release:4.18.52-x86_64",
                        "4.18",
                        "redhat.com",
                        "agent:1"),
                new RuntimeSpec.Hollow(1, SCALE, Duration.ofSeconds(20), 50, logs, ""),
                new Manifests(List.of(), List.of(), List.of(), List.of()),
                Samples.swarm().deadlines());
    }

    private Order order(ClusterSpec cluster) {
        return new Order(
                swarm(), cluster, new InfraEnvAccess(TestingService.INFRA_ENV, new Secret(Samples.PULL_SECRET)), 1);
    }

    /** Host {@code index} of the cluster, as the recordings call it. */
    private TestingHost played(ClusterSpec cluster, int index, String role, String installRole) {
        HostId host = cluster.host(index);
        return service.add(new TestingHost(
                Identity.hostUuid(host).toString(),
                "host-" + index,
                host.name(),
                role,
                installRole,
                cluster.controlPlanes()));
    }

    private Running agent(ClusterSpec cluster, int index) throws Exception {
        runtime.prepare(swarm()).toCompletableFuture().get();
        return runtime.startAgent(cluster.host(index), order(cluster))
                .toCompletableFuture()
                .get();
    }

    private Running single(List<List<String>> steps) throws Exception {
        ClusterSpec cluster = Samples.singleNode();
        played(cluster, 0, "master", "bootstrap").given(steps);
        return agent(cluster, 0);
    }

    private static Exit exitOf(Running running) throws Exception {
        return running.exit().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private long count(String call) {
        return service.calls().stream().filter(made -> made.contains(call)).count();
    }

    private void installs(String recording, ClusterSpec cluster, List<TestingHost> hosts) throws Exception {
        Map<String, List<String>> expected = Strands.expected(recording);
        List<Running> programs = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            hosts.get(i).given(Recording.read(recording).steps("host-" + i));
            programs.add(agent(cluster, i));
        }
        programs.add(runtime.startController(TestingService.CLUSTER, order(cluster))
                .toCompletableFuture()
                .get());
        for (Running program : programs) {
            assertThat(exitOf(program)).isEqualTo(new Exit(0, false));
        }
        Map<String, List<String>> actual = Strands.played(service.exchanges());
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (strand, calls) -> assertThat(actual.get(strand)).as(strand).isEqualTo(calls));
        assertThat(runtime.count(Samples.SWARM)).isZero();
    }

    private HollowProgram program(HostId host) {
        return new HollowProgram(
                "hollow agent",
                host.toString(),
                () -> LogIds.of(host),
                folder,
                new HollowLease(now::get),
                Instant.now());
    }

    @Test
    void whatAProgramDoesAsideEndsWithIt() throws Exception {
        HollowProgram program = program(Samples.singleNode().host(0));
        CountDownLatch begun = new CountDownLatch(1);
        program.run(() -> program.aside("wait", () -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return 0;
        }));
        begun.await();
        program.stop().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(exitOf(program)).isEqualTo(new Exit(143, true));
    }

    @Test
    void aProgramBreaksByWhatItDoesAside() throws Exception {
        HollowProgram program = program(Samples.singleNode().host(0));
        program.run(() -> program.aside("mistake", () -> {
            throw new IllegalStateException("a mistake of ours");
        }));
        assertThat(exitOf(program)).isEqualTo(new Exit(1, false));
    }

    @Test
    void saysWhoseProgramBroke() throws Exception {
        HostId host = Samples.singleNode().host(0);
        HollowProgram program = program(host);
        try (TestingLog log = new TestingLog()) {
            program.run(() -> {
                throw new IllegalStateException("a mistake of ours");
            });
            assertThat(exitOf(program)).isEqualTo(new Exit(1, false));
            assertThat(log.idsOfLineWith("broke")).isEqualTo(LogIds.of(host));
        }
    }

    @Test
    void aSingleNodeMakesTheCallsOfTheRealProgramsAndNoFile() throws Exception {
        ClusterSpec cluster = Samples.singleNode();
        installs("sno", cluster, List.of(played(cluster, 0, "master", "bootstrap")));
        assertThat(folder).isEmptyDirectory();
        assertThat(runtime.markers().hasMarker(cluster.host(0))).isTrue();
    }

    @Test
    void threeMastersAndAWorkerMakeTheCallsOfTheRealPrograms() throws Exception {
        ClusterSpec cluster = Samples.cluster(3, 1);
        installs(
                "ha-3-1",
                cluster,
                List.of(
                        played(cluster, 0, "master", "bootstrap"),
                        played(cluster, 1, "master", "master"),
                        played(cluster, 2, "master", "master"),
                        played(cluster, 3, "worker", "worker")));
    }

    @Test
    void sendsNothingAnyMoreOnceItsLeaseIsOver() throws Exception {
        runtime.mayRunUntil(1010);
        Running agent = single(List.of(List.of(), List.of("inventory"), List.of(), List.of(), List.of(), List.of()));
        await().until(() -> count("timestamp=") >= 1);
        now.set(1010);
        assertThat(exitOf(agent)).isEqualTo(new Exit(137, false));
        int sent = service.calls().size();
        await().during(Duration.ofMillis(1500)).until(() -> service.calls().size() == sent);
    }

    @Test
    void isNotStartedWithoutALease() {
        runtime.mayRunUntil(1000);
        assertThat(catchThrowableOfType(ExecutionException.class, () -> single(List.of()))
                        .getCause())
                .isInstanceOf(ProcessFailed.class)
                .hasMessageContaining("has not heard from the coordinator");
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void standsStillUntilItMayGoOn() throws Exception {
        Running agent = single(List.of(List.of(), List.of(), List.of(), List.of("verify-vips")));
        await().until(() -> count("timestamp=") == 1);
        agent.suspend().toCompletableFuture().get();
        await().during(Duration.ofMillis(1500)).until(() -> count("timestamp=") <= 1);
        agent.resume().toCompletableFuture().get();
        await().until(() -> count("instructions verify-vips") == 1);
    }

    @Test
    void endsAtOnceWhenItIsStoppedEvenWhileItStandsStill() throws Exception {
        Running agent = single(List.of());
        agent.suspend().toCompletableFuture().get();
        agent.stop().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(exitOf(agent)).isEqualTo(new Exit(143, true));
        assertThat(runtime.count(Samples.SWARM)).isZero();
    }

    @Test
    void anInstallerThatIsKilledIsReportedByItsAgent() throws Exception {
        Running agent = single(List.of(List.of("install")));
        await().until(() -> count("Starting installation") == 1);
        assertThat(agent.killDescendants(AgentRuntime.INSTALLERS)
                        .toCompletableFuture()
                        .get())
                .isEqualTo(1);
        await().until(() -> count("instructions install") == 1);
        assertThat(service.bodies().getLast()).contains("\"exit_code\":137");
        assertThat(agent.exit().toCompletableFuture()).isNotDone();
        assertThat(agent.killDescendants(AgentRuntime.INSTALLERS)
                        .toCompletableFuture()
                        .get())
                .isZero();
    }

    @Test
    void keepsALogWhereTheSwarmAsksForIt() throws Exception {
        logs = true;
        Running agent = single(List.of(List.of("inventory")));
        await().until(() -> count("instructions inventory") == 1);
        assertThat(agent.logFile())
                .isEqualTo(workspace.agentLog(Samples.singleNode().host(0)));
        await().untilAsserted(() ->
                assertThat(Files.readString(agent.logFile())).contains("Registering host", "Sending step <inventory"));
    }

    @Test
    void closingTheSwarmEndsAllOfIt() throws Exception {
        Running agent = single(List.of());
        runtime.close(Samples.SWARM).toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(exitOf(agent).requested()).isTrue();
        assertThat(runtime.count(Samples.SWARM)).isZero();
    }

    @Test
    void markersOfOtherSwarmsAreFiles() {
        HostId host = Samples.singleNode().host(0);
        runtime.markers().makeMarker(host);
        assertThat(workspace.hasMarker(host)).isTrue();
    }
}
