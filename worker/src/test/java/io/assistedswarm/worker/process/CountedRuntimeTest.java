package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingProcesses;
import io.assistedswarm.worker.TestingProcesses.TestingProcess;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountedRuntimeTest {
    private static final ClusterSpec CLUSTER = Samples.cluster(3, 0);

    @TempDir
    private Path folder;

    private final TestingProcesses processes = new TestingProcesses();
    private Belongings belongings;
    private CountedRuntime runtime;

    @BeforeEach
    void makeRuntime() {
        Workspace workspace = new Workspace(folder);
        belongings = new Belongings(Samples.WORKER, workspace, swarm -> 0);
        runtime = new CountedRuntime(
                new ExecRuntime(Samples.WORKER, workspace, processes, Map.of("PATH", "/bin"), Runnable::run),
                belongings);
    }

    @Test
    void countsWhatIsStarted() {
        start(CLUSTER.host(0));
        start(CLUSTER.host(1));
        start(CLUSTER.host(0));
        assertThat(runtime.startController("the-uuid", order())).isCompleted();
        assertThat(created()).containsEntry(SwarmClosed.PROCESS, 4L).containsEntry(SwarmClosed.CONTAINER_STORE, 0L);
    }

    @Test
    void countsWhatHasComeWithItByTheTimeItEnds() {
        TestingProcess first = start(CLUSTER.host(0));
        TestingProcess second = start(CLUSTER.host(1));
        first.had = Map.of(SwarmClosed.PROCESS, 1L, SwarmClosed.MOUNT, 2L);
        second.had = Map.of(SwarmClosed.PROCESS, 1L, SwarmClosed.MOUNT, 3L);
        assertThat(created()).containsEntry(SwarmClosed.MOUNT, 0L);
        first.exit(0);
        second.exit(137);
        assertThat(created()).containsEntry(SwarmClosed.PROCESS, 2L).containsEntry(SwarmClosed.MOUNT, 5L);
    }

    private TestingProcess start(HostId host) {
        assertThat(runtime.startAgent(host, order())).isCompleted();
        return processes.started().getLast();
    }

    private Map<String, Long> created() {
        return belongings.look(Samples.SWARM).created();
    }

    private static Order order() {
        SwarmSpec swarm = Samples.swarm();
        return new Order(swarm, CLUSTER, new InfraEnvAccess(Samples.INFRA_ENV_ID, new Secret("the-token")), 1);
    }
}
