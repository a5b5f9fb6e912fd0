package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.text.Ages;
import java.time.Duration;
import java.util.Optional;

/**
 * A part of the time in which clusters start: at one rate, or at one that changes evenly.
 *
 * @param length empty when it does not end; the rate of the last one goes on whatever its length
 */
public record Stretch(Rate from, Rate to, Optional<Duration> length) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** At one rate for ever. */
    static Stretch endless(Rate rate) {
        return new Stretch(rate, rate, Optional.empty());
    }

    /** Clusters that start in it. */
    double clusters() {
        return length.map(duration -> seconds(duration) * (from.perSecond() + to.perSecond()) / 2)
                .orElse(Double.POSITIVE_INFINITY);
    }

    /**
     * When so many have started: the area under the rate.
     *
     * @param count at most {@link #clusters()}
     */
    Duration until(double count) {
        double slope = length.filter(duration -> from.compareTo(to) != 0)
                .map(duration -> (to.perSecond() - from.perSecond()) / seconds(duration))
                .orElse(0.0);
        double first = from.perSecond();
        double seconds = slope == 0
                ? count / first
                // The root of count = first * t + slope * t² / 2 that stays exact when the slope is small.
                : 2 * count / (first + Math.sqrt(Math.max(0, first * first + 2 * slope * count)));
        return Duration.ofNanos(Math.round(Math.min(seconds * NANOS_PER_SECOND, Long.MAX_VALUE)));
    }

    @Override
    public String toString() {
        return from
                + (from.compareTo(to) == 0 ? "" : " to " + to)
                + length.map(duration -> " for " + Ages.of(duration)).orElse("");
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
