package io.assistedswarm.coordinator.placement;

import io.assistedswarm.protocol.WorkerName;

/**
 * The places of one worker.
 *
 * @param capacity hosts that it may have at one time
 * @param used places that are taken
 * @param held those of the used ones that no end gives back: of InfraEnvs without a cluster, which stay until their swarm is deleted
 */
public record Room(WorkerName worker, int capacity, int used, int held) {
    public int free() {
        return Math.max(0, capacity - used);
    }

    Room taking(int places, boolean holding) {
        return new Room(worker, capacity, used + places, holding ? held + places : held);
    }

    /** With no more free places than so many. */
    Room offering(int places) {
        return new Room(worker, Math.min(capacity, used + Math.max(0, places)), used, held);
    }
}
