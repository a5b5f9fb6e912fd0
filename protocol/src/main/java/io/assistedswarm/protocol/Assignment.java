package io.assistedswarm.protocol;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A cluster and where its hosts are. The cluster's own actor, with the controller process, lives in the first placement's berth.
 *
 * @param generation grows by one each time some of its hosts are placed again; of two assignments the higher one holds
 */
public record Assignment(ClusterSpec cluster, List<Placement> placements, int generation) {
    public Assignment {
        placements = List.copyOf(placements);
        if (placements.isEmpty()) {
            throw new IllegalArgumentException("cluster " + cluster.id() + " is placed nowhere");
        }
    }

    /** With hosts at other places, from its next generation on; every other placement stays as it is. */
    public Assignment moving(List<Placement> moved) {
        int next = generation + 1;
        Stream<Placement> staying =
                placements.stream().filter(placement -> moved.stream().noneMatch(placement::overlaps));
        Stream<Placement> coming = moved.stream().map(place -> place.in(next));
        return new Assignment(
                cluster,
                Stream.concat(staying, coming)
                        .sorted(Comparator.comparingInt(Placement::firstHost))
                        .toList(),
                next);
    }

    /** Of the host where it is: what an earlier one says of it does not count any more. */
    public int generationOf(HostId host) {
        return placementOf(host).generation();
    }

    /** Of the cluster's own actor. */
    public int clusterGeneration() {
        return placements.getFirst().generation();
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
