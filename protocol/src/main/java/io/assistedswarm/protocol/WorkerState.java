package io.assistedswarm.protocol;

import java.util.List;

/**
 * A worker's size and load.
 *
 * @param address of its Pekko node, {@code pekko://…}
 * @param coordinators {@code HOST:PORT} of those that it knows; while one of them listens, it runs no processes without a lease
 * @param capacity hosts that it may hold at one time
 * @param hosts host actors now
 * @param processes child processes now, grandchildren not counted
 * @param hubRequests requests sent to the Kubernetes API since the start
 * @param health whether it keeps its times
 * @param disk room for its data folder
 */
public record WorkerState(
        WorkerName name,
        String address,
        String version,
        List<String> coordinators,
        int capacity,
        int cores,
        long memoryBytes,
        int hosts,
        int processes,
        long heapUsedBytes,
        int threads,
        long hubRequests,
        NodeHealth health,
        DataDisk disk) {
    public WorkerState {
        coordinators = List.copyOf(coordinators);
        // A worker of an earlier version does not say.
        disk = disk == null ? DataDisk.UNKNOWN : disk;
    }

    /** Of whose health nothing is known. */
    public WorkerState(
            WorkerName name,
            String address,
            String version,
            List<String> coordinators,
            int capacity,
            int cores,
            long memoryBytes,
            int hosts,
            int processes,
            long heapUsedBytes,
            int threads,
            long hubRequests) {
        this(
                name,
                address,
                version,
                coordinators,
                capacity,
                cores,
                memoryBytes,
                hosts,
                processes,
                heapUsedBytes,
                threads,
                hubRequests,
                NodeHealth.UNKNOWN,
                DataDisk.UNKNOWN);
    }
}
