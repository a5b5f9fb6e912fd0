package io.assistedswarm.coordinator.report;

import io.assistedswarm.protocol.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a cluster or host, by the coordinator's clock.
 *
 * @param worker that told of it last; empty when only the coordinator did
 * @param marks its phases in the order in which they were reached, up to its end
 * @param stages of its installation as the service named them; none of a cluster
 * @param faulted something was to go wrong with it, as the plan asked
 * @param user whose it is; empty, or null as earlier versions have it, where nobody is told apart
 */
public record Life(
        String name,
        String worker,
        List<Mark> marks,
        List<Mark> stages,
        Optional<Failure> failure,
        boolean faulted,
        String user) {
    public Life {
        user = user == null ? "" : user;
        marks = List.copyOf(marks);
        stages = List.copyOf(stages);
    }

    /** @param what label of a phase, or a stage */
    public record Mark(String what, Instant at) {}

    public Instant begun() {
        return marks.getFirst().at();
    }

    public Mark last() {
        return marks.getLast();
    }

    /** From its first mark to its last one. */
    public double seconds() {
        return seconds(begun(), last().at());
    }

    /** Until it first reached that; empty when it has not. */
    public Optional<Double> secondsUntil(String what) {
        return marks.stream()
                .filter(mark -> mark.what().equals(what))
                .findFirst()
                .map(mark -> seconds(begun(), mark.at()));
    }

    static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }
}
