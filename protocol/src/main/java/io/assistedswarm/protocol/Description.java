package io.assistedswarm.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code describe} shows of a host or cluster, straight from its actor.
 *
 * @param phase label of the phase
 * @param awaiting what it waits for, in words; empty at an end
 * @param deadline when the current phase will have failed; empty at an end
 * @param history the last events, oldest first
 * @param process the running process, if any
 */
public record Description(
        String name,
        String phase,
        Instant since,
        int generation,
        String awaiting,
        Optional<Instant> deadline,
        Optional<LastError> lastError,
        Optional<ProcessState> process,
        List<HistoryEntry> history)
        implements WireMessage {

    /** With what the actor itself cannot know of. */
    public Description alsoAwaiting(String more) {
        return new Description(
                name,
                phase,
                since,
                generation,
                awaiting.isEmpty() ? more : more + "; " + awaiting,
                deadline,
                lastError,
                process,
                history);
    }

    public record LastError(Instant at, int attempts, String message) {}

    /** @param pid 0 when it is no process of its own */
    public record ProcessState(long pid, Instant startedAt, int restarts, String logFile) {}

    public record HistoryEntry(Instant at, String text) {}
}
