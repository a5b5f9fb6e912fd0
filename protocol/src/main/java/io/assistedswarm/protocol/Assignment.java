package io.assistedswarm.protocol;

import java.util.List;

/**
 * A cluster and where its hosts are. The cluster's own actor, with the controller process, lives in the first placement's berth.
 *
 * @param generation grows by one each time the cluster is placed again; of two assignments the higher one holds
 */
public record Assignment(ClusterSpec cluster, List<Placement> placements, int generation) {
    public Assignment {
        placements = List.copyOf(placements);
        if (placements.isEmpty()) {
            throw new IllegalArgumentException("cluster " + cluster.id() + " is placed nowhere");
        }
    }

    /** Entity id of the cluster's actor. */
    public String clusterEntity() {
        return placements.getFirst().berth().entity(cluster.id());
    }

    /** Entity id of a host's actor. */
    public String hostEntity(HostId host) {
        return placementOf(host).berth().entity(host);
    }

    public Placement placementOf(HostId host) {
        return placements.stream()
                .filter(placement -> placement.holds(host))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("host " + host + " is placed nowhere"));
    }
}
