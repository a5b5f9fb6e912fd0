package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingLog;
import io.assistedswarm.worker.TestingProcesses;
import io.assistedswarm.worker.TestingProcesses.TestingProcess;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.InfraEnvAccess;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import io.assistedswarm.worker.runtime.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that speaks the combined agent's API. */
class CombinedRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 0);
    private static final InfraEnvAccess ACCESS = new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret("the-token"));
    private static final Executor FILES = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir
    private Path folder;

    private final TestingProcesses processes = new TestingProcesses();
    private TestingCombinedAgent program;
    private Path binary;
    private Workspace workspace;
    private CombinedRuntime runtime;

    /** The program becomes healthy when it is started. */
    private final Processes startingTheProgram = new Processes() {
        @Override
        public CompletionStage<Running> start(ProcessSpec spec) {
            program.isHealthy(spec.command().equals(List.of(binary.toString())));
            return processes.start(spec);
        }

        @Override
        public int count() {
            return processes.count();
        }

        @Override
        public CompletionStage<Done> close() {
            return processes.close();
        }
    };

    @BeforeEach
    void makeRuntime() throws IOException {
        program = new TestingCombinedAgent();
        binary = folder.resolve("assisted-swarm");
        new Script("#!/bin/sh\n").place(binary);
        program.onExit(() -> {
            program.isHealthy(false);
            processes.started().getFirst().exit(0);
            processes.started().getFirst().gone.complete(Done.getInstance());
        });
        workspace = new Workspace(folder.resolve("data"));
        Path journal = folder.resolve("machine/run/systemd/journal/socket");
        Files.createDirectories(journal.getParent());
        Files.createFile(journal);
        runtime = runtime(Duration.ofMillis(300));
    }

    private CombinedRuntime runtime(Duration grace) {
        ExecRuntime exec =
                new ExecRuntime(Samples.WORKER, workspace, startingTheProgram, Map.of("PATH", "/usr/bin:/bin"), FILES);
        return new CombinedRuntime(
                exec,
                exec,
                Map.of("PATH", "/usr/bin:/bin"),
                new Places(folder.resolve("visible"), folder.resolve("r"), folder.resolve("machine")),
                new CombinedAgent.Times(Duration.ofSeconds(5), Duration.ofMillis(20), grace),
                FILES);
    }

    @AfterEach
    void stopProgram() {
        program.close();
        processes.started().forEach(process -> process.exit(0));
    }

    @Test
    void saysAtOnceWhenTheProgramCannotBeStartedHere() throws IOException {
        Files.delete(binary);
        assertThat(runtime.prepare(swarm()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(IllegalArgumentException.class)
                .withMessageContaining("combined agent '" + binary + "' is not there");
        assertThat(processes.started()).isEmpty();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
    }

    @Test
    void startsOneProgramForAllSwarmsAndEndsItWithTheLast() {
        SwarmSpec other = new SwarmSpec(
                new SwarmId("other-1111"),
                swarm().service(),
                swarm().runtime(),
                swarm().manifests(),
                swarm().deadlines());
        prepare();
        assertThat(runtime.prepare(other)).succeedsWithin(LONG);
        assertThat(processes.started()).hasSize(1);
        assertThat(processes.started().getFirst().spec.command()).containsExactly(binary.toString());
        // By it the next worker knows what this one left.
        assertThat(processes.started().getFirst().spec.environment())
                .containsEntry("SWARM_WORKSPACE", workspace.root().toString());

        assertThat(runtime.close(Samples.SWARM)).succeedsWithin(LONG);
        assertThat(program.calls("GET /exit")).isZero();
        assertThat(runtime.close(other.id())).succeedsWithin(LONG);
        assertThat(program.calls("GET /exit")).isOne();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
        assertThat(folder.resolve("visible/w1")).doesNotExist();
    }

    @Test
    void handsAHostToTheProgram() throws IOException {
        prepare();
        HostId host = CLUSTER.host(1);
        Running agent = started(host);
        JsonNode parameters = program.created().getFirst();
        Path visible = folder.resolve("visible/w1/quickstart-7f3a/quickstart-7f3a-0");
        assertThat(parameters.path("service_url").asText()).isEqualTo("http://127.0.0.1:8090");
        assertThat(parameters.path("infra_env_id").asText()).isEqualTo(Samples.INFRA_ENV_ID);
        assertThat(parameters.path("agent_version").asText()).isEqualTo("quay.io/agent:latest");
        assertThat(parameters.path("pull_secret").asText()).isEqualTo("the-token");
        assertThat(parameters.path("dry_forced_host_id").asText())
                .isEqualTo(Identity.hostUuid(host).toString());
        assertThat(parameters.path("dry_forced_host_ipv4").asText()).isEqualTo(Identity.ipv4(host) + "/16");
        assertThat(parameters.path("dry_forced_mac_address").asText()).isEqualTo(Identity.mac(host));
        assertThat(parameters.path("dry_forced_hostname").asText()).isEqualTo(host.name());
        assertThat(parameters.path("dry_cluster_hosts_path").asText())
                .isEqualTo(visible.resolve("hosts.json").toString());
        assertThat(visible.resolve("hosts.json"))
                .content()
                .contains(visible.resolve("markers").resolve(host.name()).toString());
        assertThat(agent.pid()).isZero();
        assertThat(agent.label()).isEqualTo("agent 1 of the combined agent");
        assertThat(workspace.agentLog(host)).content().contains("journalctl DRY_AGENT_ID=" + Identity.hostUuid(host));
    }

    @Test
    void tellsSiblingsOfARebootAndEndsWithIt() throws IOException {
        prepare();
        HostId host = CLUSTER.host(0);
        Running agent = started(host);
        Files.createFile(ownMarker(0));
        await().atMost(LONG).until(() -> workspace.hasMarker(host));
        assertThat(agent.exit()).isNotDone();
        program.terminate(1);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, false));
        assertThat(program.listed()).isEmpty();
    }

    @Test
    void anAgentThatEndsWithoutARebootBrokeOff() {
        prepare();
        Running agent = started(CLUSTER.host(0));
        program.terminate(1);
        assertThat(value(agent.exit())).isEqualTo(new Exit(1, false));
        assertThat(workspace.hasMarker(CLUSTER.host(0))).isFalse();
    }

    @Test
    void endsAnAgentByItsMarkerWithoutTellingSiblings() {
        runtime = runtime(LONG);
        prepare();
        Running agent = started(CLUSTER.host(0));
        CompletionStage<Done> stopped = agent.stop();
        await().atMost(LONG).until(() -> Files.exists(ownMarker(0)));
        program.terminate(1);
        assertThat(stopped).succeedsWithin(LONG);
        assertThat(value(agent.exit())).isEqualTo(new Exit(0, true));
        assertThat(workspace.hasMarker(CLUSTER.host(0))).isFalse();
        assertThat(program.listed()).isEmpty();
        assertThat(agent.stop()).succeedsWithin(LONG);
    }

    @Test
    void takesAnAgentOffTheListThatDoesNotEndWithinItsGrace() {
        prepare();
        Running agent = started(CLUSTER.host(0));
        try (TestingLog log = new TestingLog()) {
            assertThat(agent.stop()).succeedsWithin(LONG);
            assertThat(log.idsOfLineWith("has not ended within")).isEqualTo(LogIds.of(CLUSTER.host(0)));
        }
        assertThat(program.listed()).isEmpty();
        assertThat(ownMarker(0)).exists();
    }

    @Test
    void asksForAllHostsAtOnce() {
        prepare();
        CLUSTER.hosts().forEach(this::started);
        long before = program.calls("GET /agents");
        await().atMost(LONG).until(() -> program.calls("GET /agents") > before + 2);
        assertThat(program.listed()).containsExactly(1L, 2L, 3L);
        assertThat(program.calls("GET /agents/1")).isZero();
    }

    @Test
    void hostsBreakOffWithTheProgramAndTheNextOneStartsItAgain() {
        prepare();
        Running agent = started(CLUSTER.host(0));
        program.isHealthy(false);
        processes.started().getFirst().exit(2);
        assertThat(value(agent.exit())).isEqualTo(new Exit(2, false));
        assertThat(agent.stop()).succeedsWithin(LONG);
        started(CLUSTER.host(0));
        assertThat(processes.started()).hasSize(2);
    }

    @Test
    void saysWhyTheProgramTakesNoHost() {
        prepare();
        program.refuses("open /var/log/hosts.json: no such file");
        assertThat(runtime.startAgent(CLUSTER.host(0), order()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the combined agent answered the agent of quickstart-7f3a-0-0 with 400: open"
                        + " /var/log/hosts.json: no such file");
    }

    @Test
    void refusesWhenAnotherProgramAnswersAlready() {
        program.isHealthy(true);
        assertThat(runtime.prepare(swarm()))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("answers at http://127.0.0.1:" + program.port()
                        + "/api/assisted-swarm already: there is one to a machine");
        assertThat(processes.started()).isEmpty();
        assertThat(workspace.swarmFolder(Samples.SWARM)).doesNotExist();
    }

    @Test
    void refusesAnotherProgramWhileOneRuns() {
        prepare();
        SwarmSpec other = new SwarmSpec(
                new SwarmId("other-1111"),
                swarm().service(),
                new RuntimeSpec.Combined(
                        "", List.of("/opt/another"), program.port(), (RuntimeSpec.Exec) Samples.exec()),
                swarm().manifests(),
                swarm().deadlines());
        assertThat(runtime.prepare(other))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("a worker runs one combined agent");
        assertThat(program.calls("GET /exit")).isZero();
        started(CLUSTER.host(0));
    }

    @Test
    void runsControllersByAnotherRuntime() {
        prepare();
        Running controller = value(runtime.startController("the-uuid", order()));
        TestingProcess process = processes.started().getLast();
        assertThat(process.spec.command()).containsExactly("controller", "the-uuid");
        assertThat(controller.pid()).isEqualTo(process.pid());
    }

    @Test
    void runsTheImageWithTheMountsOfTheOriginal() {
        assertThat(CombinedProgram.container(
                        Path.of("/usr/bin/podman"), "quay.io/combined:1", path -> !path.endsWith("hugepages")))
                .startsWith("/usr/bin/podman", "run", "--rm", "--name=combined-agent", "--pull=never", "--net=host")
                .contains(
                        "--privileged",
                        "--volume=/var/log:/var/log",
                        "--volume=/opt:/opt",
                        "--volume=/run/systemd/journal/socket:/run/systemd/journal/socket",
                        "--volume=/proc/cpuinfo:/host/proc/cpuinfo:ro",
                        "--volume=/etc/mtab:/host/etc/mtab:ro")
                .noneMatch(argument -> argument.contains("hugepages"))
                .endsWith("quay.io/combined:1");
    }

    private Path ownMarker(int created) {
        return Path.of(program.created()
                .get(created)
                .path("dry_fake_reboot_marker_path")
                .asText());
    }

    private void prepare() {
        assertThat(runtime.prepare(swarm())).succeedsWithin(LONG);
    }

    private Running started(HostId host) {
        return value(runtime.startAgent(host, order()));
    }

    private Order order() {
        return new Order(swarm(), CLUSTER, ACCESS, 1);
    }

    private SwarmSpec swarm() {
        return Samples.swarm(
                new RuntimeSpec.Combined(
                        "", List.of(binary.toString()), program.port(), (RuntimeSpec.Exec) Samples.exec()),
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
