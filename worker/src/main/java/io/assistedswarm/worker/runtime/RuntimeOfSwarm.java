package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The runtime that a swarm asks for. */
public record RuntimeOfSwarm(AgentRuntime exec, AgentRuntime nativ) implements AgentRuntime {
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

    private AgentRuntime of(SwarmSpec swarm) {
        return switch (swarm.runtime()) {
            case RuntimeSpec.Exec used -> exec;
            case RuntimeSpec.Native used -> nativ;
        };
    }
}
