package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.Placement;
import java.util.List;
import java.util.Optional;

/**
 * All that earlier coordinators with this record knew.
 *
 * @param coordinator address of the last one's node; empty when there was none
 * @param workers that were in its cluster
 * @param placements all that ever were: a berth is not given twice
 */
public record Memory(
        Optional<String> coordinator,
        List<RecordedSwarm> swarms,
        List<RecordedWorker> workers,
        List<Placement> placements) {
    public Memory {
        swarms = List.copyOf(swarms);
        workers = List.copyOf(workers);
        placements = List.copyOf(placements);
    }
}
