package io.assistedswarm.rehearsal.trouble;

import java.time.Duration;
import java.util.Optional;

/** What becomes of a request. */
public sealed interface Fate {
    /** It is served, after a while. */
    record Served(Duration delay) implements Fate {}

    /** It is answered with this status and nothing is done. */
    record Refused(int status, Optional<Duration> retryAfter) implements Fate {}

    /** The connection ends before anything is done. */
    record Cut() implements Fate {}

    /** All is done, and the connection ends before that is said. */
    record AnswerLost() implements Fate {}

    /** Nothing is done and nothing said until the trouble is over; then the connection ends. */
    record Unheard() implements Fate {}

    /** A watch that is told 410 Gone. */
    record Expired() implements Fate {}
}
