package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps a swarm's pace: when each cluster is due, and whether what is due may be admitted. */
final class PaceGate {
    private Timetable timetable;
    private boolean begun;

    /** Nothing is due before it begins. */
    PaceGate(Pace pace) {
        this.timetable = Timetable.starting(pace, 0, Instant.MAX);
    }

    /** As it was recorded. */
    PaceGate(Timetable timetable) {
        this.timetable = timetable;
        this.begun = true;
    }

    boolean begun() {
        return begun;
    }

    Timetable timetable() {
        return timetable;
    }

    /** @param next position of the first cluster that has not been admitted */
    void begin(int next, Instant now) {
        timetable = Timetable.starting(pace(), next, now);
        begun = true;
    }

    boolean saysWhen() {
        return pace().saysWhen();
    }

    Optional<Integer> maxPerWorker() {
        return pace().maxPerWorker();
    }

    /** @param position in the order of admission */
    Instant due(int position) {
        return timetable.due(position);
    }

    boolean isDue(int position, Instant now) {
        return timetable.isDue(position, now);
    }

    void pause(Instant now) {
        timetable = timetable.pausedAt(now);
    }

    void resume(Instant now) {
        timetable = timetable.resumedAt(now);
    }

    /** @param next position of the first cluster that is not due yet */
    void change(PaceChange change, int next, Instant now) {
        timetable = timetable.changed(change, next, now);
    }

    /** @param next position of the first cluster that was not planned */
    void extend(int next, Instant now) {
        timetable = timetable.extended(next, now);
    }

    boolean mayInstall(int installing) {
        return installing < pace().maxInstalling();
    }

    boolean tooManyFailed(int failed, int ended) {
        return !pace().allows(failed, ended);
    }

    /** Why a cluster that is due may not be admitted. */
    String full(int installing) {
        return "waits for the pace: " + installing + " clusters are installing (maxInstalling " + pace().maxInstalling()
                + ")";
    }

    /** Why nothing is admitted before the next cluster is due. */
    String notDue(int next, Instant now) {
        long seconds = Math.max(1, Duration.between(now, due(next)).toSeconds());
        return "waits for the pace: the next " + (pace().batches() ? "batch of " + pace().batch() : "cluster")
                + " is due in " + seconds + " s";
    }

    private Pace pace() {
        return timetable.pace();
    }
}
