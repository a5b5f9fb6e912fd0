package io.assistedswarm.protocol;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Hosts of one cluster that were admitted together onto one worker.
 *
 * @param firstHost index of the first host
 * @param hostCount at least 1
 * @param generation of the assignment with which they came there: 1, or more when they were somewhere else before
 * @param incarnation uid of the worker's actor: a place ends with the worker's process, whatever is started again under its name; 0 for
 *     places of before this was noted, which hold at any
 */
public record Placement(
        BerthId berth, WorkerName worker, int firstHost, int hostCount, int generation, int incarnation) {
    /** Of hosts that have been nowhere else. */
    public Placement(BerthId berth, WorkerName worker, int firstHost, int hostCount) {
        this(berth, worker, firstHost, hostCount, 1, 0);
    }

    Placement in(int other) {
        return new Placement(berth, worker, firstHost, hostCount, other, incarnation);
    }

    public List<HostId> hosts(ClusterId cluster) {
        return IntStream.range(firstHost, firstHost + hostCount)
                .mapToObj(index -> new HostId(cluster, index))
                .toList();
    }

    boolean overlaps(Placement other) {
        return firstHost < other.firstHost + other.hostCount && other.firstHost < firstHost + hostCount;
    }

    public boolean holds(HostId host) {
        return host.index() >= firstHost && host.index() < firstHost + hostCount;
    }
}
