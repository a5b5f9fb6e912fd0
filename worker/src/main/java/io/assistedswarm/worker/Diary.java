package io.assistedswarm.worker;

import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.Description.LastError;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What an actor remembers of its way, for {@code describe}. */
public final class Diary {
    private static final int LENGTH = 20;
    private final Clock clock;
    private final Deque<HistoryEntry> history = new ArrayDeque<>();
    private Optional<LastError> lastError = Optional.empty();

    public Diary(Clock clock) {
        this.clock = clock;
    }

    public Instant now() {
        return clock.instant();
    }

    public void note(String text) {
        if (history.size() == LENGTH) {
            history.removeFirst();
        }
        history.addLast(new HistoryEntry(now(), text));
    }

    /** @param attempts how often the same has failed in a row */
    public void error(String message, int attempts) {
        lastError = Optional.of(new LastError(now(), attempts, message));
        if (attempts == 1) {
            note(message);
        }
    }

    public Optional<LastError> lastError() {
        return lastError;
    }

    /** Oldest first. */
    public List<HistoryEntry> history() {
        return List.copyOf(history);
    }
}
