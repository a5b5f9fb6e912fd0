package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.WorkerName;
import java.util.List;

/**
 * A worker as it was when it joined.
 *
 * @param address of its node
 * @param incarnation differs for each start of a worker
 * @param coordinators {@code HOST:PORT} of those that it knows
 */
public record RecordedWorker(WorkerName name, String address, String incarnation, List<String> coordinators) {
    public RecordedWorker {
        coordinators = List.copyOf(coordinators);
    }
}
