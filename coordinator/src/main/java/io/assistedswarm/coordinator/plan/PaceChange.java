package io.assistedswarm.coordinator.plan;

import java.util.Optional;

/**
 * What is to change of a running swarm's pace; what is empty stays.
 *
 * @param startTimes by the batches or stretches of this pace, whose other values do not count
 * @param maxInstalling {@link Integer#MAX_VALUE} for none
 * @param maxPerWorker {@link Integer#MAX_VALUE} for none
 * @param failures by the bounds of failures of this pace, whose other values do not count
 */
public record PaceChange(
        Optional<Pace> startTimes,
        Optional<Integer> maxInstalling,
        Optional<Integer> maxPerWorker,
        Optional<Pace> failures) {
    public boolean changesNothing() {
        return startTimes.isEmpty() && maxInstalling.isEmpty() && maxPerWorker.isEmpty() && failures.isEmpty();
    }

    /** The pace with the changes. */
    public Pace of(Pace pace) {
        Pace timed = startTimes.orElse(pace);
        Pace failing = failures.orElse(pace);
        return new Pace(
                timed.batch(),
                timed.interval(),
                timed.stretches(),
                maxInstalling.orElse(pace.maxInstalling()),
                maxPerWorker.isPresent() ? maxPerWorker.filter(most -> most != Integer.MAX_VALUE) : pace.maxPerWorker(),
                failing.maxFailures(),
                failing.maxFailureShare());
    }
}
