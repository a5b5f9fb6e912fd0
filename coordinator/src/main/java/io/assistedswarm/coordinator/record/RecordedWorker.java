package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.WorkerName;

/**
 * A worker as it was when it joined.
 *
 * @param address of its node
 * @param incarnation differs for each start of a worker
 */
public record RecordedWorker(WorkerName name, String address, String incarnation) {}
