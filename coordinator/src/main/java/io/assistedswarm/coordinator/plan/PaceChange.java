package io.assistedswarm.coordinator.plan;

import java.util.ArrayList;
import java.util.List;
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

    /** What is set, as people read it. */
    public String words() {
        List<String> words = new ArrayList<>();
        startTimes.map(Pace::startTimes).ifPresent(words::add);
        maxInstalling.map(most -> "maxInstalling " + bound(most)).ifPresent(words::add);
        maxPerWorker.map(most -> "maxPerWorker " + bound(most)).ifPresent(words::add);
        failures.map(pace -> "maxFailures "
                        + pace.maxFailureShare().map(FailureShare::toString).orElseGet(() -> bound(pace.maxFailures())))
                .ifPresent(words::add);
        return String.join(", ", words);
    }

    private static String bound(int most) {
        return most == Integer.MAX_VALUE ? "none" : String.valueOf(most);
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
