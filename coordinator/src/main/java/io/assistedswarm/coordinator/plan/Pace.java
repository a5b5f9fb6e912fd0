package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.text.Ages;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When clusters are to start, and what may hold them back. The start times are a function of the plan alone: that earlier clusters take
 * longer does not move them.
 *
 * @param batch clusters that start at a time; {@link Integer#MAX_VALUE} for all at once, or where stretches say when
 * @param interval between batches
 * @param stretches one after the other, instead of batches; empty without a rate, ramp or steps
 * @param maxInstalling upper bound of clusters that are admitted and not yet at an end, those without a cluster (infra-env only) not
 *     counted; {@link Integer#MAX_VALUE} for none
 * @param maxPerWorker upper bound of the swarm's hosts on one worker
 * @param maxFailures admission stops when more clusters than this have failed; {@link Integer#MAX_VALUE} for never
 * @param maxFailureShare admission stops when more than this part of those that have ended have failed
 */
public record Pace(
        int batch,
        Duration interval,
        List<Stretch> stretches,
        int maxInstalling,
        Optional<Integer> maxPerWorker,
        int maxFailures,
        Optional<FailureShare> maxFailureShare) {
    /** As fast as there is room. */
    public static final Pace UNLIMITED =
            new Pace(Integer.MAX_VALUE, Duration.ZERO, Integer.MAX_VALUE, Integer.MAX_VALUE);

    public Pace {
        // What an earlier version has recorded has batches only.
        stretches = stretches == null ? List.of() : List.copyOf(stretches);
        maxPerWorker = maxPerWorker == null ? Optional.empty() : maxPerWorker;
        maxFailureShare = maxFailureShare == null ? Optional.empty() : maxFailureShare;
    }

    /** Of batches. */
    public Pace(int batch, Duration interval, int maxInstalling, int maxFailures) {
        this(batch, interval, List.of(), maxInstalling, Optional.empty(), maxFailures, Optional.empty());
    }

    /** Whether it says when clusters start; otherwise as soon as nothing holds them back. */
    public boolean saysWhen() {
        return batches() || !stretches.isEmpty();
    }

    public boolean batches() {
        return batch != Integer.MAX_VALUE;
    }

    /** When clusters start, as people read it. */
    String startTimes() {
        if (!stretches.isEmpty()) {
            return stretches.stream().map(Stretch::toString).collect(Collectors.joining(", then "));
        }
        return batches() ? batch + " every " + Ages.of(interval) : "as soon as there is room";
    }

    /**
     * From the beginning to the start of a cluster.
     *
     * @param position in the order of admission, from 0
     */
    public Duration due(int position) {
        if (stretches.isEmpty()) {
            return interval.multipliedBy(position / batch);
        }
        double left = position;
        Duration begun = Duration.ZERO;
        for (Stretch stretch : stretches) {
            if (left <= stretch.clusters()) {
                return begun.plus(stretch.until(left));
            }
            left -= stretch.clusters();
            begun = begun.plus(stretch.length().orElseThrow());
        }
        return begun.plus(Stretch.endless(stretches.getLast().to()).until(left));
    }

    /** @param ended clusters, failed ones among them */
    public boolean allows(int failed, int ended) {
        return failed <= maxFailures
                && maxFailureShare
                        .filter(share -> share.isExceeded(failed, ended))
                        .isEmpty();
    }
}
