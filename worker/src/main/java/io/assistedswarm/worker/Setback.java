package io.assistedswarm.worker;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubTrouble;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Why an attempt of an actor did not succeed.
 *
 * @param failure when it is of no use to try again
 * @param retryAfter how long the hub asks to wait
 */
public record Setback(String message, Optional<Failure> failure, Optional<Duration> retryAfter) {
    public static Setback of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return switch (cause) {
            case HubRefusal refusal -> new Setback(message, Optional.of(refusal.failure()), Optional.empty());
            case IllegalArgumentException invalid ->
                new Setback(message, Optional.of(new Failure(Side.PLAN, "RuntimeInvalid", message)), Optional.empty());
            case HubTrouble trouble -> new Setback(message, Optional.empty(), trouble.retryAfter());
            default -> new Setback(message, Optional.empty(), Optional.empty());
        };
    }

    /** Until the next attempt: our own wait, or the longer one that the hub asks for. */
    public Duration pause(Backoff backoff, int attempts) {
        Duration own = backoff.delay(attempts, ThreadLocalRandom.current().nextDouble());
        return retryAfter.filter(asked -> asked.compareTo(own) > 0).orElse(own);
    }
}
