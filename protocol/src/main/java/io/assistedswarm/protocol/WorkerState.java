package io.assistedswarm.protocol;

/**
 * A worker's size and load.
 *
 * @param address of its Pekko node, {@code pekko://…}
 * @param capacity hosts that it may hold at one time
 * @param hosts host actors now
 * @param processes child processes now, grandchildren not counted
 * @param hubRequests requests sent to the Kubernetes API since the start
 */
public record WorkerState(
        WorkerName name,
        String address,
        String version,
        int capacity,
        int cores,
        long memoryBytes,
        int hosts,
        int processes,
        long heapUsedBytes,
        int threads,
        long hubRequests) {}
