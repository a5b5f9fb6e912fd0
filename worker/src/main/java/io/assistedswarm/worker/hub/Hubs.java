package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.SwarmSpec;

/** The way to the hub under test for each cluster. */
public interface Hubs extends AutoCloseable {
    /** Always the same one for the same cluster. */
    Hub of(SwarmSpec swarm, ClusterSpec cluster);

    /** Requests sent since the start. */
    long requests();

    @Override
    void close();
}
