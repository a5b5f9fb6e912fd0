package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The swarms that have hosts here, sent once to each worker. Read by all actors of the worker. */
public final class OpenSwarms {
    private final Map<SwarmId, SwarmSpec> specs = new ConcurrentHashMap<>();

    public void open(SwarmSpec spec) {
        specs.put(spec.id(), spec);
    }

    public void close(SwarmId swarm) {
        specs.remove(swarm);
    }

    public Optional<SwarmSpec> find(SwarmId swarm) {
        return Optional.ofNullable(specs.get(swarm));
    }
}
