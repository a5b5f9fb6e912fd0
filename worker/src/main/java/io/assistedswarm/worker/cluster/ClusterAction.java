package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;

/** What a cluster does next. */
sealed interface ClusterAction {
    /**
     * Nothing until something else is observed.
     *
     * @param what in words; empty when there is nothing more to come
     */
    record Await(String what) implements ClusterAction {}

    /** The service fails it: its hosts are given time to say whether that came of what befell them on our side. */
    record HearHosts(Failure failure) implements ClusterAction {}

    /** The service fails it, and no host has said why: it is asked whether it lets the cluster's agents and controller in. */
    record AskAsAgent(Failure failure) implements ClusterAction {}

    /** The cluster is now in this phase. */
    record Reach(ClusterPhase phase, String detail) implements ClusterAction {}

    record Fail(Failure failure) implements ClusterAction {}

    /** Applies the cluster's manifests. */
    enum Apply implements ClusterAction {
        INSTANCE
    }

    /** @param clusterUuid the service's id of the cluster */
    record StartController(String clusterUuid) implements ClusterAction {}

    /** Lets the held installation begin. */
    enum LetGo implements ClusterAction {
        INSTANCE
    }
}
