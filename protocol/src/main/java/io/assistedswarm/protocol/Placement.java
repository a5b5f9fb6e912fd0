package io.assistedswarm.protocol;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Hosts of one cluster that were admitted together onto one worker.
 *
 * @param firstHost index of the first host
 * @param hostCount at least 1
 */
public record Placement(BerthId berth, WorkerName worker, int firstHost, int hostCount) {
    public List<HostId> hosts(ClusterId cluster) {
        return IntStream.range(firstHost, firstHost + hostCount)
                .mapToObj(index -> new HostId(cluster, index))
                .toList();
    }

    public boolean holds(HostId host) {
        return host.index() >= firstHost && host.index() < firstHost + hostCount;
    }
}
