package io.assistedswarm.coordinator.hub.rest;

import java.time.Duration;
import java.time.Instant;

/** When something is asked for again: soon after it has changed, and less and less often while nothing changes. Not thread-safe. */
final class Spacing {
    private static final double GROWTH = 1.5;
    private final Duration first;
    private final Duration longest;
    private Duration next;
    private Instant due;

    /**
     * @param first after a change
     * @param longest however long nothing has changed
     * @param due for the first time
     */
    Spacing(Duration first, Duration longest, Instant due) {
        this.first = first;
        this.longest = longest;
        this.next = first;
        this.due = due;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    Instant due() {
        return due;
    }

    void changed(Instant now) {
        next = first;
        due = now.plus(next);
    }

    void unchanged(Instant now) {
        due = now.plus(next);
        Duration longer = Duration.ofMillis((long) (next.toMillis() * GROWTH));
        next = longer.compareTo(longest) > 0 ? longest : longer;
    }

    /** Something is known to be there that has not been looked at. */
    void hasten(Instant now) {
        next = first;
        if (now.isBefore(due)) {
            due = now;
        }
    }

    /** Not before then, whatever was planned. */
    void notBefore(Instant earliest) {
        if (due.isBefore(earliest)) {
            due = earliest;
        }
    }
}
