package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.runtime.container.CombinedRuntime;
import io.assistedswarm.worker.runtime.container.Places;
import io.assistedswarm.worker.runtime.container.PodmanRuntime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * The runtime that a swarm asks for.
 *
 * @param combined empty among those that run each agent and each controller by itself: from them the combined one has its controllers
 */
public record RuntimeOfSwarm(
        AgentRuntime exec,
        AgentRuntime nativ,
        AgentRuntime podman,
        AgentRuntime hollow,
        Optional<AgentRuntime> combined)
        implements AgentRuntime {
    /**
     * All that a worker has.
     *
     * @param inherited the worker's environment
     * @param files runs what blocks
     */
    public static RuntimeOfSwarm create(
            ExecRuntime exec, AgentRuntime hollow, Map<String, String> inherited, Executor files) {
        RuntimeOfSwarm separate = new RuntimeOfSwarm(
                exec,
                new NativeRuntime(exec, exec.workspace(), exec.processes(), inherited.getOrDefault("PATH", ""), files),
                new PodmanRuntime(exec, inherited, Places.STANDARD, files),
                hollow,
                Optional.empty());
        return new RuntimeOfSwarm(
                separate.exec(),
                separate.nativ(),
                separate.podman(),
                separate.hollow(),
                Optional.of(new CombinedRuntime(separate, exec, inherited, Places.STANDARD, files)));
    }

    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return of(swarm).prepare(swarm);
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return of(order.swarm()).startAgent(host, order);
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return of(order.swarm()).startController(clusterUuid, order);
    }

    /** By all of them: a worker that was started anew does not know any more which it was. */
    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        // The combined one has its controllers closed by the others, whether the swarm was one of its own or not.
        return combined.map(all -> all.close(swarm))
                .orElseGet(() -> exec.close(swarm)
                        .thenCompose(done -> nativ.close(swarm))
                        .thenCompose(done -> podman.close(swarm))
                        .thenCompose(done -> hollow.close(swarm)));
    }

    private AgentRuntime of(SwarmSpec swarm) {
        return switch (swarm.runtime()) {
            case RuntimeSpec.Exec used -> exec;
            case RuntimeSpec.Native used -> nativ;
            case RuntimeSpec.Podman used -> podman;
            case RuntimeSpec.Hollow used -> hollow;
            case RuntimeSpec.Combined used ->
                combined.orElseThrow(() -> new IllegalArgumentException(
                        "the " + swarm.runtime().name() + " runtime does not run each agent by itself"));
        };
    }
}
