package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserShares;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The swarms that have hosts here, sent once to each worker. Read by all actors of the worker. */
public final class OpenSwarms {
    private final Map<SwarmId, Open> swarms = new ConcurrentHashMap<>();

    private record Open(SwarmSpec spec, UserShares shares) {
        private SwarmSpec of(ClusterId cluster) {
            return shares.userOf(cluster)
                    .map(user -> spec.withService(spec.service().as(user)))
                    .orElse(spec);
        }
    }

    public void open(SwarmSpec spec) {
        swarms.put(spec.id(), new Open(spec, spec.service().shares()));
    }

    public void close(SwarmId swarm) {
        swarms.remove(swarm);
    }

    public boolean isOpen(SwarmId swarm) {
        return swarms.containsKey(swarm);
    }

    /** As the cluster's user brings it. */
    public Optional<SwarmSpec> find(ClusterId cluster) {
        return Optional.ofNullable(swarms.get(cluster.swarm())).map(open -> open.of(cluster));
    }
}
