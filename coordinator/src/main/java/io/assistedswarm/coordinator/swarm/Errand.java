package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.WorkerName;

/** A message to a worker's actors that is sent until it is confirmed. */
sealed interface Errand {
    record OpenSwarm(WorkerName worker) implements Errand {}

    record CloseSwarm(WorkerName worker) implements Errand {}

    record StartCluster(ClusterId cluster) implements Errand {}

    record StartHost(HostId host) implements Errand {}

    record StopCluster(ClusterId cluster) implements Errand {}

    record StopHost(HostId host) implements Errand {}
}
