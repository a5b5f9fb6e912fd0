package io.assistedswarm.worker;

import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.Description.LastError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What an actor knows of its own way, for {@code describe}: the phase, what it waits for and until when, what happened before. What happens
 * to one host happens to most, so ten thousand diaries share their words.
 */
public final class Diary {
    private static final int LENGTH = 20;
    private final Clock clock;
    private final Deque<HistoryEntry> history = new ArrayDeque<>();
    private Instant since;
    private String awaiting = "to be started by the coordinator";
    private Optional<Instant> deadline = Optional.empty();
    private Optional<LastError> lastError = Optional.empty();

    public Diary(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    public Instant now() {
        return clock.instant();
    }

    /** A phase has been entered. */
    public Instant entered(String phase, String detail) {
        since = now();
        note(phase + (detail.isEmpty() ? "" : ": " + detail));
        return since;
    }

    /** @param what in words; empty at an end */
    public void awaits(String what) {
        awaiting = what.intern();
    }

    /** When the phase will have failed, counted from its begin. */
    public void limit(Duration fromPhase) {
        deadline = Optional.of(since.plus(fromPhase));
    }

    public void noLimit() {
        deadline = Optional.empty();
    }

    public void note(String text) {
        if (history.size() == LENGTH) {
            history.removeFirst();
        }
        history.addLast(new HistoryEntry(now(), text.intern()));
    }

    /** @param attempts how often the same has failed in a row */
    public void error(String message, int attempts) {
        lastError = Optional.of(new LastError(now(), attempts, message));
        if (attempts == 1) {
            note(message);
        }
    }

    /** Empty if there was none. */
    public String lastErrorMessage() {
        return lastError.map(LastError::message).orElse("");
    }

    /** @param generation 0 before the actor was started */
    public Description describe(String name, String phase, int generation, Child child) {
        return new Description(
                name, phase, since, generation, awaiting, deadline, lastError, child.state(), List.copyOf(history));
    }
}
