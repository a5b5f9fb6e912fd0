package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.protocol.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How well clusters came at the times that the plan had set for them.
 *
 * @param late by the generator's own doing, of all that have come
 * @param lateAfterSeconds from here on a cluster counts as late
 * @param lateForRoom those that mostly waited for workers' places
 * @param lateForCoordinator the other late ones
 * @param heldByPlan by its own bounds, of those that were held at all; no part of being late
 * @param applied from being due, held time left out, until all objects were on the hub
 */
public record Punctuality(
        Spread late,
        double lateAfterSeconds,
        long lateForRoom,
        long lateForCoordinator,
        Spread heldByPlan,
        Spread applied) {
    private static final Duration LATE_AFTER = Duration.ofSeconds(5);

    /** Of durations, in seconds; 0 where there are none. */
    public record Spread(long count, double p50Seconds, double p95Seconds, double maxSeconds) {
        private static Spread of(Stream<Duration> durations) {
            double[] seconds =
                    durations.mapToDouble(duration -> duration.toNanos() / 1e9).toArray();
            Arrays.sort(seconds);
            return new Spread(
                    seconds.length, Quantiles.of(seconds, 0.5), Quantiles.of(seconds, 0.95), Quantiles.of(seconds, 1));
        }
    }

    /**
     * Sums them up.
     *
     * @param applied when all objects of a cluster were on the hub, of those of which that is known
     * @return empty when no cluster has come that had a time to
     */
    public static Optional<Punctuality> of(List<Arrival> arrivals, Map<ClusterId, Instant> applied) {
        if (arrivals.isEmpty()) {
            return Optional.empty();
        }
        List<Arrival> late = arrivals.stream()
                .filter(arrival -> arrival.late().compareTo(LATE_AFTER) > 0)
                .toList();
        long forRoom = late.stream().filter(Arrival::mostlyForRoom).count();
        return Optional.of(new Punctuality(
                Spread.of(arrivals.stream().map(Arrival::late)),
                LATE_AFTER.toSeconds(),
                forRoom,
                late.size() - forRoom,
                Spread.of(arrivals.stream().map(Arrival::held).filter(Duration::isPositive)),
                Spread.of(arrivals.stream()
                        .filter(arrival -> applied.containsKey(arrival.cluster()))
                        .map(arrival -> Duration.between(arrival.due(), applied.get(arrival.cluster()))
                                .minus(arrival.held())))));
    }

    public long lateCount() {
        return lateForRoom + lateForCoordinator;
    }
}
