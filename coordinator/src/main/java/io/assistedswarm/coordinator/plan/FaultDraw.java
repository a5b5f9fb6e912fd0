package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Draws the hosts that misbehave, by the plan's seed: the same plan has the same ones again. No host has more than one fault. */
final class FaultDraw {
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private final List<ClusterSpec> clusters;
    private final Map<Integer, Map<Integer, Fault>> drawn = new HashMap<>();
    private final List<Shortfall> shortfalls = new ArrayList<>();

    /**
     * A rule that cannot be kept.
     *
     * @param path in the plan
     * @param left hosts that can have the fault and have no other
     */
    record Shortfall(String path, long wanted, long left) {}

    private FaultDraw(long seed, List<ClusterSpec> clusters) {
        this.seed = seed;
        this.clusters = clusters;
    }

    /**
     * @param clusters in their order, without faults
     * @param groupOf index of each cluster's group in the plan
     */
    static FaultDraw of(SwarmPlan plan, List<ClusterSpec> clusters, List<Integer> groupOf) {
        FaultDraw draw = new FaultDraw(plan.seed(), clusters);
        draw.all("faults", plan.faults(), cluster -> true);
        for (int i = 0; i < plan.clusters().size(); i++) {
            int group = i;
            draw.all(
                    "clusters[" + i + "].faults",
                    plan.clusters().get(i).faults(),
                    cluster -> groupOf.get(cluster) == group);
        }
        return draw;
    }

    List<Shortfall> shortfalls() {
        return List.copyOf(shortfalls);
    }

    List<ClusterSpec> faulted() {
        return IntStream.range(0, clusters.size())
                .mapToObj(i -> drawn.containsKey(i) ? clusters.get(i).withFaults(drawn.get(i)) : clusters.get(i))
                .toList();
    }

    private void all(String path, List<FaultRule> rules, IntPredicate concerned) {
        for (int i = 0; i < rules.size(); i++) {
            draw(path + "[" + i + "]", rules.get(i), concerned);
        }
    }

    private void draw(String path, FaultRule rule, IntPredicate concerned) {
        // Its own chances for each rule: another one beside it changes nothing for it, unless it takes a host away.
        Random random = new Random(seed ^ (path.hashCode() * SPREAD));
        // Up to and with each cluster.
        long[] eligible = new long[clusters.size()];
        long left = 0;
        for (int i = 0; i < clusters.size(); i++) {
            int[] hosts = concerned.test(i) ? hosts(i, rule) : new int[0];
            eligible[i] = hosts.length + (i == 0 ? 0 : eligible[i - 1]);
            Map<Integer, Fault> taken = drawn.getOrDefault(i, Map.of());
            left += IntStream.of(hosts).filter(host -> !taken.containsKey(host)).count();
        }
        long all = eligible.length == 0 ? 0 : eligible[eligible.length - 1];
        long wanted = rule.wanted(all);
        if (wanted > left) {
            shortfalls.add(new Shortfall(path, wanted, left));
        }
        for (long missing = Math.min(wanted, left); missing > 0; ) {
            long place = random.nextLong(all);
            int cluster = firstAbove(eligible, place);
            long before = cluster == 0 ? 0 : eligible[cluster - 1];
            int host = hosts(cluster, rule)[Math.toIntExact(place - before)];
            if (drawn.computeIfAbsent(cluster, none -> new HashMap<>()).putIfAbsent(host, rule.fault()) == null) {
                missing--;
            }
        }
    }

    private int[] hosts(int cluster, FaultRule rule) {
        ClusterSpec spec = clusters.get(cluster);
        return IntStream.range(0, spec.hostCount())
                .filter(host -> rule.canBeOf(spec, spec.host(host)))
                .toArray();
    }

    /** The first cluster whose sum is above the place. */
    private static int firstAbove(long[] sums, long place) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
