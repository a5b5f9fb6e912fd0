package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Counts what another runtime starts. */
public record CountedRuntime(AgentRuntime counted, Belongings belongings) implements AgentRuntime {
    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return counted.prepare(swarm);
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return counted.startAgent(host, order).thenApply(running -> count(running, order));
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return counted.startController(clusterUuid, order).thenApply(running -> count(running, order));
    }

    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        return counted.close(swarm);
    }

    private Running count(Running running, Order order) {
        belongings.came(order.swarm().id(), kind(running, order));
        return running;
    }

    private static String kind(Running running, Order order) {
        if (order.swarm().runtime() instanceof RuntimeSpec.Hollow) {
            return SwarmClosed.HOLLOW;
        }
        return running.pid() == 0 ? SwarmClosed.COMBINED_HOST : SwarmClosed.PROCESS;
    }
}
