package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Processes.Running;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Those runtimes that run each agent and each controller by itself. */
record SeparateRuntimes(AgentRuntime exec, AgentRuntime nativ, AgentRuntime podman) implements AgentRuntime {
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
        return exec.close(swarm).thenCompose(done -> nativ.close(swarm)).thenCompose(done -> podman.close(swarm));
    }

    private AgentRuntime of(SwarmSpec swarm) {
        if (swarm.runtime() instanceof RuntimeSpec.Separate separate) {
            return switch (separate) {
                case RuntimeSpec.Exec used -> exec;
                case RuntimeSpec.Native used -> nativ;
                case RuntimeSpec.Podman used -> podman;
            };
        }
        throw new IllegalArgumentException(
                "the " + swarm.runtime().name() + " runtime does not run each agent by itself");
    }
}
