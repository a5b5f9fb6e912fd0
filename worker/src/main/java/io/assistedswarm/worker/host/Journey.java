package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.HostId;

/**
 * What a host is meant to go through: depends on its cluster, and on its place in it.
 *
 * @param infraEnvOnly it belongs to no cluster
 * @param lateBinding it is discovered first, and then bound to its cluster by the swarm
 * @param dayTwo it is created when its cluster is installed, and joins it
 * @param held its cluster may stay ready for as long as somebody likes
 * @param converged its machine goes by a PreprovisioningImage
 * @param byHand nobody but the swarm tells the service what the host is to be, and lets it join an installed cluster
 */
record Journey(
        boolean infraEnvOnly, boolean lateBinding, boolean dayTwo, boolean held, boolean converged, boolean byHand) {
    static Journey of(ClusterSpec cluster, HostId host, BareMetalFlow flow) {
        return new Journey(
                cluster.infraEnvOnly(),
                cluster.traits().lateBinding(),
                cluster.isDayTwo(host),
                cluster.traits().hold() != Hold.NONE,
                flow.converged() && !cluster.byHand(),
                cluster.byHand());
    }

    /** It registers with no cluster. */
    boolean startsUnbound() {
        return infraEnvOnly || lateBinding;
    }
}
