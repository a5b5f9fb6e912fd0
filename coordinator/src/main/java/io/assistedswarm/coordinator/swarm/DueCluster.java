package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.protocol.ClusterSpec;
import java.time.Duration;
import java.time.Instant;

/** A cluster whose time has come and that has no places yet, and what it has waited for. */
final class DueCluster {
    /** What keeps it. */
    enum Reason {
        /** Nothing but that nobody has looked yet. */
        NONE,
        /** A bound of the plan. */
        HELD,
        /** The workers' places are taken. */
        ROOM,
        /** So many of those before are being started: the coordinator's own slowness. */
        STARTS
    }

    /** What the clusters have waited for that stand in line, and so for the same thing. */
    static final class Line {
        private final Waited waited = new Waited();

        /** From now on. */
        void is(Reason reason, Instant now) {
            waited.is(reason, now);
        }

        /** As before. */
        void goesOn(Instant now) {
            waited.is(waited.reason, now);
        }
    }

    private static final class Waited {
        private Duration held = Duration.ZERO;
        private Duration room = Duration.ZERO;
        private Reason reason = Reason.NONE;
        private Instant since = Instant.MIN;

        private void is(Reason next, Instant now) {
            if (reason != Reason.NONE) {
                add(reason, Duration.between(since, now));
            }
            reason = next;
            since = now;
        }

        private void add(Reason of, Duration duration) {
            switch (of) {
                case HELD -> held = held.plus(duration);
                case ROOM -> room = room.plus(duration);
                case NONE, STARTS -> {}
            }
        }
    }

    private final ClusterSpec cluster;
    private final int position;
    private final Waited waited = new Waited();
    private Duration heldBefore;
    private Duration roomBefore;
    private String why = "";

    /** It joins the line now. */
    DueCluster(ClusterSpec cluster, int position, Line line) {
        this.cluster = cluster;
        this.position = position;
        join(line);
    }

    ClusterSpec cluster() {
        return cluster;
    }

    int position() {
        return position;
    }

    /** What it waits for in the queue for places; empty as long as that is not known. */
    String why() {
        return why;
    }

    /** It was due for so long when it was found to be. */
    void foundLate(Reason reason, Duration by) {
        waited.add(reason, by);
    }

    /** It leaves the line and queues for places. */
    void leave(Line line) {
        waited.held = waited.held.plus(line.waited.held).minus(heldBefore);
        waited.room = waited.room.plus(line.waited.room).minus(roomBefore);
    }

    /** It does not queue any more. */
    void back(Line line, Instant now) {
        waited.is(Reason.NONE, now);
        why = "";
        join(line);
    }

    void waits(Reason reason, String because, Instant now) {
        waited.is(reason, now);
        why = because;
    }

    /** It has its places. */
    Arrival admitted(Instant due, Instant now) {
        waited.is(Reason.NONE, now);
        Duration all = Duration.between(due, now);
        Duration held = atMost(waited.held, all);
        return new Arrival(cluster.id(), due, now, held, atMost(waited.room, all.minus(held)));
    }

    private void join(Line line) {
        heldBefore = line.waited.held;
        roomBefore = line.waited.room;
    }

    private static Duration atMost(Duration duration, Duration bound) {
        Duration most = bound.isNegative() ? Duration.ZERO : bound;
        return duration.compareTo(most) > 0 ? most : duration;
    }
}
