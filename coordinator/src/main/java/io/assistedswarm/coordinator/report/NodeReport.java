package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.Change.HealthSampled;
import io.assistedswarm.protocol.NodeHealth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a node of the generator fared during a run.
 *
 * @param samples each of ten seconds
 * @param cpuWaitP95 share of time in which something on its machine waited for a processor; empty where its kernel does not say
 * @param stallP95Seconds by which its timers came late
 * @param aheadSeconds of the coordinator's clock; empty when that was not measured
 * @param aheadErrorSeconds by so much at most that is wrong
 */
public record NodeReport(
        String node,
        int samples,
        Optional<Double> cpuWaitP95,
        double stallP95Seconds,
        double stallMaxSeconds,
        Optional<Double> aheadSeconds,
        double aheadErrorSeconds) {
    /** A clock that is off by more is worth a warning. */
    private static final double SKEW_SECONDS = 1;

    /** What is less is not told from nothing, as messages wait in queues. */
    private static final double LEAST_CORRECTED_SECONDS = 0.1;

    static List<NodeReport> of(List<HealthSampled> samples) {
        return samples.stream()
                .collect(Collectors.groupingBy(HealthSampled::node, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> of(
                        entry.getKey(),
                        entry.getValue().stream().map(HealthSampled::health).toList()))
                .toList();
    }

    private static NodeReport of(String node, List<NodeHealth> samples) {
        double[] cpuWaits = samples.stream()
                .flatMap(health -> health.cpuWait().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double[] stalls = samples.stream()
                .mapToDouble(health -> seconds(health.longestStall()))
                .sorted()
                .toArray();
        Optional<NodeHealth> clock = samples.stream()
                .filter(health -> health.ahead().isPresent())
                .min(Comparator.comparing(NodeHealth::roundTrip));
        return new NodeReport(
                node,
                samples.size(),
                cpuWaits.length == 0 ? Optional.empty() : Optional.of(Quantiles.of(cpuWaits, 0.95)),
                Quantiles.of(stalls, 0.95),
                Quantiles.of(stalls, 1),
                clock.flatMap(NodeHealth::ahead).map(NodeReport::seconds),
                clock.map(health -> seconds(health.roundTrip()) / 2).orElse(0.0));
    }

    /** To take from its times, so that they are the coordinator's; 0 when they may be the same. */
    double correctionSeconds() {
        return aheadSeconds
                .filter(ahead -> Math.abs(ahead) > Math.max(LEAST_CORRECTED_SECONDS, 2 * aheadErrorSeconds))
                .orElse(0.0);
    }

    /** One line each. */
    static List<String> warnings(List<NodeReport> nodes) {
        List<String> warnings = new ArrayList<>();
        for (NodeReport node : nodes) {
            node.aheadSeconds()
                    .filter(ahead -> Math.abs(ahead) > SKEW_SECONDS)
                    .ifPresent(ahead -> warnings.add(String.format(
                            Locale.ROOT,
                            "the clock of %s is %.1f s %s the coordinator's (within %.3f s); its times are corrected by that",
                            node.node(),
                            Math.abs(ahead),
                            ahead > 0 ? "ahead of" : "behind",
                            node.aheadErrorSeconds())));
        }
        return warnings;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
