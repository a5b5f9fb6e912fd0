package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.Placement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that earlier coordinators with this record knew.
 *
 * @param coordinator address of the last one's node; empty when there was none
 * @param workers that were in its cluster
 * @param dismissed incarnations of workers whose hosts others have
 * @param drains of workers that get nothing new
 * @param placements all that ever were: a berth is not given twice
 */
public record Memory(
        Optional<String> coordinator,
        List<RecordedSwarm> swarms,
        List<RecordedWorker> workers,
        Set<String> dismissed,
        List<Change.WorkerDrained> drains,
        List<Placement> placements) {
    public Memory {
        swarms = List.copyOf(swarms);
        workers = List.copyOf(workers);
        dismissed = Set.copyOf(dismissed);
        drains = List.copyOf(drains);
        placements = List.copyOf(placements);
    }
}
