package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.WorkerName;

/** A message to a worker's actors that is sent until it is confirmed. */
sealed interface Errand {
    record OpenSwarm(WorkerName worker) implements Errand {}

    record CloseSwarm(WorkerName worker) implements Errand {}

    /** @param generation of the assignment that it takes there */
    record StartCluster(ClusterId cluster, int generation) implements Errand {}

    /** @param generation of the assignment that it takes there */
    record StartHost(HostId host, int generation) implements Errand {}

    record StopCluster(ClusterId cluster) implements Errand {}

    record StopHost(HostId host) implements Errand {}
}
