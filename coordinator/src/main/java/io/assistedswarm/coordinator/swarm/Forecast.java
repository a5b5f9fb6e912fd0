package io.assistedswarm.coordinator.swarm;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * When clusters will be at their ends, from how long those took that are: a running one takes the median, a waiting one follows when there
 * is room for it again.
 *
 * @param whole how long the clusters took that ended well, from their places to the end
 * @param running how long the others have been running
 * @param waiting number of those that have no places yet
 * @param atATime most clusters that ran at the same time
 */
record Forecast(Collection<Duration> whole, Collection<Duration> running, int waiting, int atATime) {
    /** One that is slower than the median is not about to end: at least so large a part of the median is still before it. */
    private static final int SLOW_ONES_PART = 10;

    /** Empty before anything is known, and when nothing is left. */
    Optional<Duration> left() {
        if (whole.isEmpty() || (running.isEmpty() && waiting == 0)) {
            return Optional.empty();
        }
        Duration median = median(whole);
        List<Duration> rest = running.stream()
                .map(elapsed -> longer(median.minus(elapsed), median.dividedBy(SLOW_ONES_PART)))
                .toList();
        Duration last = rest.stream().reduce(Duration.ZERO, Forecast::longer);
        Duration all = rest.stream().reduce(Duration.ZERO, Duration::plus).plus(median.multipliedBy(waiting));
        Duration shared = all.dividedBy(Math.max(1, atATime));
        return Optional.of(longer(waiting > 0 ? longer(median, last) : last, shared));
    }

    private static Duration median(Collection<Duration> durations) {
        List<Duration> sorted = durations.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
