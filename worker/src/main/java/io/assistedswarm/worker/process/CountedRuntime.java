package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Counts what another runtime starts, and what has come with it by the time it ends. */
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
        SwarmId swarm = order.swarm().id();
        Map<String, Long> atStart = running.had();
        belongings.came(swarm, atStart);
        CompletionStage<Void> unused = running.exit().thenAccept(exit -> {
            Map<String, Long> since = new HashMap<>(running.had());
            atStart.forEach((kind, count) -> since.merge(kind, -count, Long::sum));
            belongings.came(swarm, since);
        });
        return running;
    }
}
