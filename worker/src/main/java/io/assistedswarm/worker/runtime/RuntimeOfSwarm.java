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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/** The runtime that a swarm asks for. */
public record RuntimeOfSwarm(AgentRuntime separate, AgentRuntime combined) implements AgentRuntime {
    /**
     * All that a worker has.
     *
     * @param inherited the worker's environment
     * @param files runs what blocks
     */
    public static RuntimeOfSwarm create(ExecRuntime exec, Map<String, String> inherited, Executor files) {
        AgentRuntime separate = new SeparateRuntimes(
                exec,
                new NativeRuntime(exec, exec.workspace(), exec.processes(), inherited.getOrDefault("PATH", ""), files),
                new PodmanRuntime(exec, inherited, Places.STANDARD, files));
        return new RuntimeOfSwarm(separate, new CombinedRuntime(separate, exec, inherited, Places.STANDARD, files));
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

    /** The combined one has its controllers closed by the separate ones, whether the swarm was one of its own or not. */
    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        return combined.close(swarm);
    }

    private AgentRuntime of(SwarmSpec swarm) {
        return switch (swarm.runtime()) {
            case RuntimeSpec.Separate used -> separate;
            case RuntimeSpec.Combined used -> combined;
        };
    }
}
