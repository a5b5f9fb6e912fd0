package io.assistedswarm.coordinator.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When each cluster of a swarm is due, however it went with those before: from the swarm's start by its plan, and by what the user has changed
 * since. The time in which the swarm is paused does not count: it moves all that is still to come.
 *
 * @param legs the first one begins at position 0
 * @param paused so far, without the pause that lasts
 * @param pausedSince empty when it is not paused
 */
public record Timetable(List<Leg> legs, Duration paused, Optional<Instant> pausedSince) {
    /**
     * One pace until the next one.
     *
     * @param first position of its first cluster in the order of admission
     * @param origin position of the cluster that is due at the beginning of the pace; not after the first
     * @param from the pace's beginning, as if the swarm had never been paused
     */
    public record Leg(int first, int origin, Instant from, Pace pace) {
        private Instant due(int position) {
            return from.plus(pace.due(position - origin));
        }

        private Leg at(Pace other) {
            return new Leg(first, origin, from, other);
        }
    }

    public Timetable {
        legs = List.copyOf(legs);
    }

    /**
     * From now on.
     *
     * @param next position of the first cluster that has not been admitted
     */
    public static Timetable starting(Pace pace, int next, Instant now) {
        return new Timetable(List.of(new Leg(0, next, now, pace)), Duration.ZERO, Optional.empty());
    }

    /** The newest. */
    public Pace pace() {
        return legs.getLast().pace();
    }

    /** @param position in the order of admission, from 0 */
    public Instant due(int position) {
        Leg leg = legs.getFirst();
        for (Leg later : legs) {
            leg = later.first() <= position ? later : leg;
        }
        return leg.due(position).plus(paused);
    }

    /** Nothing becomes due during a pause. */
    public boolean isDue(int position, Instant now) {
        return !due(position).isAfter(pausedSince.orElse(now));
    }

    /**
     * Another pace from now on.
     *
     * @param next position of the first cluster that is not due yet; it is due at once when the start times change, and those after it by them
     */
    public Timetable changed(PaceChange change, int next, Instant now) {
        Pace pace = change.of(pace());
        return change.startTimes().isPresent()
                ? withLeg(new Leg(next, next, sinceStart(now), pace))
                : new Timetable(replacingLast(legs.getLast().at(pace)), paused, pausedSince);
    }

    /**
     * Goes on with clusters that were not planned.
     *
     * @param next position of the first of them; due at once when its time by the pace is over
     */
    public Timetable extended(int next, Instant now) {
        Duration over = Duration.between(due(next), pausedSince.orElse(now));
        Leg last = legs.getLast();
        return over.isPositive()
                ? withLeg(new Leg(next, last.origin(), last.from().plus(over), last.pace()))
                : this;
    }

    public Timetable pausedAt(Instant now) {
        return pausedSince.isPresent() ? this : new Timetable(legs, paused, Optional.of(now));
    }

    public Timetable resumedAt(Instant now) {
        return pausedSince
                .map(since -> new Timetable(legs, paused.plus(Duration.between(since, now)), Optional.empty()))
                .orElse(this);
    }

    /** What a clock would show that stands still during pauses. */
    private Instant sinceStart(Instant now) {
        return pausedSince.orElse(now).minus(paused);
    }

    private Timetable withLeg(Leg leg) {
        List<Leg> more = new ArrayList<>(legs);
        more.add(leg);
        return new Timetable(more, paused, pausedSince);
    }

    private List<Leg> replacingLast(Leg leg) {
        List<Leg> others = new ArrayList<>(legs.subList(0, legs.size() - 1));
        others.add(leg);
        return others;
    }
}
