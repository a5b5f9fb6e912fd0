package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The way to the hub under test for each cluster. */
public interface Hubs extends AutoCloseable {
    /** Always the same one for the same cluster. */
    Hub of(SwarmSpec swarm, ClusterSpec cluster);

    /**
     * Asks the service once as one of its agents would, for who waits for an agent in vain: whether it lets in who brings the token.
     *
     * @return what it says to who may not come in; empty if he may, or if that cannot be found out
     */
    CompletionStage<Optional<String>> refusalOfAgent(ServiceSpec service, Secret token);

    /** Requests sent since the start. */
    long requests();

    @Override
    void close();
}
