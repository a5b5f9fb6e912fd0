package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerName;
import java.time.Instant;
import java.util.Optional;

/**
 * What a user has told the coordinator to do with a swarm or a worker, and it has done.
 *
 * @param swarm empty for a worker, whose hosts may be of any
 * @param name of the swarm or worker
 * @param what as the command line names it
 * @param detail what was set; may be empty
 */
public record Order(Optional<SwarmId> swarm, String name, String what, String detail, Instant at) {
    public static Order of(SwarmId swarm, String what, String detail, Instant at) {
        return new Order(Optional.of(swarm), swarm.value(), what, detail, at);
    }

    public static Order of(WorkerName worker, String what, String detail, Instant at) {
        return new Order(Optional.empty(), worker.value(), what, detail, at);
    }
}
