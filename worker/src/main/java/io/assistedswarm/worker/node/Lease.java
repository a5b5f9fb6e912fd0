package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.Presence;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * For how long this worker may run processes. Times are seconds since the machine was started. Not thread-safe: it belongs to one actor.
 */
final class Lease {
    /** A worker that the coordinator does not answer, though it is there, is given up by it; one day it would have to be started again. */
    private static final long BEFORE_GIVING_UP = 60;

    private final Duration holdLimit;
    private Duration length = Duration.ZERO;
    private OptionalLong end = OptionalLong.empty();
    private OptionalLong heldSince = OptionalLong.empty();

    /** @param holdLimit for so long it is extended while no coordinator runs */
    Lease(Duration holdLimit) {
        this.holdLimit = holdLimit;
    }

    /** The coordinator has answered a report. */
    long renewed(long sentAt, Duration granted) {
        length = granted;
        heldSince = OptionalLong.empty();
        return extend(sentAt);
    }

    /** The coordinator should have been heard from again by now. */
    boolean isOverdue(long now) {
        return end.isPresent() && now > end.getAsLong() - length.toSeconds() * 3 / 4;
    }

    /**
     * What was found at the coordinator's port; whether the lease goes on, because nobody is there who could give the hosts to others. One that
     * is over does not: the coordinator may have given them away before it ended.
     */
    boolean goesOn(Presence coordinator, long now) {
        if (coordinator != Presence.ENDED || now > end.orElse(now)) {
            return false;
        }
        if (heldSince.isEmpty()) {
            heldSince = OptionalLong.of(now);
        }
        return now - heldSince.getAsLong() < holdLimit.toSeconds();
    }

    long extend(long from) {
        end = OptionalLong.of(Math.max(end.orElse(0), from + length.toSeconds()));
        return end.getAsLong();
    }

    /** It has been over for so long, with the coordinator there, that it will not be renewed. */
    boolean isGivenUp(Presence coordinator, long now) {
        return coordinator == Presence.LISTENS && end.isPresent() && now > end.getAsLong() + BEFORE_GIVING_UP;
    }
}
