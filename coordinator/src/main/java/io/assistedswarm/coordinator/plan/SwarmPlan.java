package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.SwarmId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A valid plan, whichever of the two file formats it came in.
 *
 * @param name leads the swarm's id
 * @param seed the same seed gives the same order
 */
public record SwarmPlan(
        String name, long seed, boolean shuffle, Pace pace, Deadlines deadlines, List<ClusterGroup> clusters) {
    public SwarmPlan {
        clusters = List.copyOf(clusters);
    }

    /**
     * Clusters of one kind.
     *
     * @param controlPlanes 1 for a single-node cluster
     * @param amount how many of them, at least 1
     * @param traits what else is wanted; null, as in what earlier versions recorded, for nothing
     */
    public record ClusterGroup(
            int controlPlanes,
            int workers,
            int amount,
            boolean withNmstate,
            boolean infraEnvOnly,
            Map<String, String> infraEnvLabels,
            ClusterTraits traits) {
        public ClusterGroup {
            infraEnvLabels = Map.copyOf(infraEnvLabels);
            traits = traits == null ? ClusterTraits.PLAIN : traits;
        }

        /** Of clusters without anything special. */
        public ClusterGroup(
                int controlPlanes,
                int workers,
                int amount,
                boolean withNmstate,
                boolean infraEnvOnly,
                Map<String, String> infraEnvLabels) {
            this(controlPlanes, workers, amount, withNmstate, infraEnvOnly, infraEnvLabels, ClusterTraits.PLAIN);
        }

        /** Places that each cluster needs, those of day-2 hosts included. */
        public long hostsPerCluster() {
            return (long) controlPlanes + traits.arbiters() + workers + traits.day2Workers();
        }

        ClusterSpec cluster(ClusterId id) {
            return new ClusterSpec(id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, traits);
        }
    }

    public int clusterCount() {
        return clusters.stream().mapToInt(ClusterGroup::amount).sum();
    }

    public long hostCount() {
        return clusters.stream()
                .mapToLong(group -> group.amount() * group.hostsPerCluster())
                .sum();
    }

    /** The clusters in the order in which they are admitted, numbered in that order. */
    public List<ClusterSpec> expand(SwarmId swarm) {
        List<ClusterGroup> order = new ArrayList<>();
        clusters.forEach(group -> order.addAll(Collections.nCopies(group.amount(), group)));
        if (shuffle) {
            Collections.shuffle(order, new Random(seed));
        }
        List<ClusterSpec> expanded = new ArrayList<>(order.size());
        for (ClusterGroup group : order) {
            expanded.add(group.cluster(new ClusterId(swarm, expanded.size())));
        }
        return List.copyOf(expanded);
    }
}
