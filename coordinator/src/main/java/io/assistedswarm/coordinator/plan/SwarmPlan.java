package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A valid plan, whichever of the two file formats it came in.
 *
 * @param name leads the swarm's id
 * @param seed the same seed gives the same order, and the same hosts that misbehave
 * @param faults of hosts of any cluster; a group may have more, for its own
 * @param replaceLost a cluster that the generator loses is replaced by a fresh one
 * @param limits what must hold for the verdict
 * @param metrics of the hub that are kept with the run
 */
public record SwarmPlan(
        String name,
        long seed,
        boolean shuffle,
        Pace pace,
        Deadlines deadlines,
        List<ClusterGroup> clusters,
        List<FaultRule> faults,
        boolean replaceLost,
        Limits limits,
        Metrics metrics) {
    public SwarmPlan {
        clusters = List.copyOf(clusters);
        // None in what an earlier version has recorded.
        faults = faults == null ? List.of() : List.copyOf(faults);
        limits = limits == null ? Limits.NONE : limits;
        metrics = metrics == null ? Metrics.DEFAULT : metrics;
    }

    /** Without metrics of its own. */
    public SwarmPlan(
            String name,
            long seed,
            boolean shuffle,
            Pace pace,
            Deadlines deadlines,
            List<ClusterGroup> clusters,
            List<FaultRule> faults,
            boolean replaceLost,
            Limits limits) {
        this(name, seed, shuffle, pace, deadlines, clusters, faults, replaceLost, limits, Metrics.DEFAULT);
    }

    /** Without limits. */
    public SwarmPlan(
            String name,
            long seed,
            boolean shuffle,
            Pace pace,
            Deadlines deadlines,
            List<ClusterGroup> clusters,
            List<FaultRule> faults,
            boolean replaceLost) {
        this(name, seed, shuffle, pace, deadlines, clusters, faults, replaceLost, Limits.NONE);
    }

    /** Whose lost clusters are not replaced. */
    public SwarmPlan(
            String name,
            long seed,
            boolean shuffle,
            Pace pace,
            Deadlines deadlines,
            List<ClusterGroup> clusters,
            List<FaultRule> faults) {
        this(name, seed, shuffle, pace, deadlines, clusters, faults, false);
    }

    /** Whose hosts all behave, but for what a group says. */
    public SwarmPlan(
            String name, long seed, boolean shuffle, Pace pace, Deadlines deadlines, List<ClusterGroup> clusters) {
        this(name, seed, shuffle, pace, deadlines, clusters, List.of());
    }

    /**
     * Clusters of one kind.
     *
     * @param controlPlanes 1 for a single-node cluster
     * @param amount how many of them, at least 1
     * @param traits what else is wanted; null, as in what earlier versions recorded, for nothing
     * @param api by which they are driven; null, as in what earlier versions recorded, for the Kubernetes API
     */
    public record ClusterGroup(
            int controlPlanes,
            int workers,
            int amount,
            boolean withNmstate,
            boolean infraEnvOnly,
            Map<String, String> infraEnvLabels,
            ClusterTraits traits,
            List<FaultRule> faults,
            ClusterApi api) {
        public ClusterGroup {
            infraEnvLabels = Map.copyOf(infraEnvLabels);
            traits = traits == null ? ClusterTraits.PLAIN : traits;
            faults = faults == null ? List.of() : List.copyOf(faults);
            api = api == null ? ClusterApi.KUBE_API : api;
        }

        /** Of clusters that are driven by the Kubernetes API. */
        public ClusterGroup(
                int controlPlanes,
                int workers,
                int amount,
                boolean withNmstate,
                boolean infraEnvOnly,
                Map<String, String> infraEnvLabels,
                ClusterTraits traits,
                List<FaultRule> faults) {
            this(
                    controlPlanes,
                    workers,
                    amount,
                    withNmstate,
                    infraEnvOnly,
                    infraEnvLabels,
                    traits,
                    faults,
                    ClusterApi.KUBE_API);
        }

        /** Of clusters without anything special. */
        public ClusterGroup(
                int controlPlanes,
                int workers,
                int amount,
                boolean withNmstate,
                boolean infraEnvOnly,
                Map<String, String> infraEnvLabels) {
            this(
                    controlPlanes,
                    workers,
                    amount,
                    withNmstate,
                    infraEnvOnly,
                    infraEnvLabels,
                    ClusterTraits.PLAIN,
                    List.of());
        }

        /** Places that each cluster needs, those of day-2 hosts included. */
        public long hostsPerCluster() {
            return (long) controlPlanes + traits.arbiters() + workers + traits.day2Workers();
        }

        ClusterSpec cluster(ClusterId id) {
            return new ClusterSpec(
                    id, controlPlanes, workers, withNmstate, infraEnvOnly, infraEnvLabels, traits, Map.of(), api);
        }
    }

    /** The same, with other limits. */
    public SwarmPlan withLimits(Limits other) {
        return new SwarmPlan(name, seed, shuffle, pace, deadlines, clusters, faults, replaceLost, other, metrics);
    }

    /** The same, with other metrics. */
    public SwarmPlan withMetrics(Metrics other) {
        return new SwarmPlan(name, seed, shuffle, pace, deadlines, clusters, faults, replaceLost, limits, other);
    }

    /** The same with the limits and metrics that the profiles hold which it names, by paths relative to its file. */
    public SwarmPlan withProfiles(ProfileFile profiles, Path file) {
        return withLimits(profiles.load(limits, file, "spec.limits."))
                .withMetrics(profiles.load(metrics, file, "spec.metrics."));
    }

    public int clusterCount() {
        return clusters.stream().mapToInt(ClusterGroup::amount).sum();
    }

    public long hostCount() {
        return clusters.stream()
                .mapToLong(group -> group.amount() * group.hostsPerCluster())
                .sum();
    }

    /** So many fresh clusters at the most take the place of lost ones. */
    public int replacementLimit() {
        return replaceLost ? Math.min(clusterCount(), Identity.MAX_CLUSTERS - clusterCount()) : 0;
    }

    /** The clusters in the order in which they are admitted, numbered in that order, with the faults of their hosts. */
    public List<ClusterSpec> expand(SwarmId swarm) {
        return draw(swarm).faulted();
    }

    /** Index of the group of each cluster, in the order in which they are admitted. */
    public List<Integer> groups() {
        List<Integer> groups = new ArrayList<>();
        for (int i = 0; i < clusters.size(); i++) {
            groups.addAll(Collections.nCopies(clusters.get(i).amount(), i));
        }
        if (shuffle) {
            Collections.shuffle(groups, new Random(seed));
        }
        return groups;
    }

    FaultDraw draw(SwarmId swarm) {
        List<Integer> groupOf = groups();
        List<ClusterSpec> expanded = new ArrayList<>(groupOf.size());
        for (int index : groupOf) {
            ClusterGroup group = clusters.get(index);
            expanded.add(group.cluster(new ClusterId(swarm, expanded.size())));
        }
        return FaultDraw.of(this, expanded, groupOf);
    }
}
