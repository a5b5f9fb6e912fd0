package io.assistedswarm.worker;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubTrouble;
import io.assistedswarm.worker.image.ImageRefused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Why an attempt of an actor did not succeed.
 *
 * @param failure when it is of no use to try again
 * @param imageRefused what it is when the image service keeps answering so: another URL may be offered before
 * @param retryAfter how long the hub asks to wait
 */
public record Setback(
        String message, Optional<Failure> failure, Optional<Failure> imageRefused, Optional<Duration> retryAfter) {
    public static Setback of(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return switch (cause) {
            case HubRefusal refusal -> forGood(message, refusal.failure());
            case IllegalArgumentException invalid ->
                forGood(message, new Failure(Side.PLAN, "RuntimeInvalid", message));
            case ImageRefused refused ->
                new Setback(message, Optional.empty(), Optional.of(refused.failure()), Optional.empty());
            case HubTrouble trouble -> new Setback(message, Optional.empty(), Optional.empty(), trouble.retryAfter());
            default -> new Setback(message, Optional.empty(), Optional.empty(), Optional.empty());
        };
    }

    private static Setback forGood(String message, Failure failure) {
        return new Setback(message, Optional.of(failure), Optional.empty(), Optional.empty());
    }

    /** Until the next attempt. */
    public Duration pause(Backoff backoff, int attempts) {
        return pause(backoff, attempts, ThreadLocalRandom.current().nextDouble());
    }

    /**
     * Our own wait, or the one that the hub asks for, where that is longer. What it asks for is the same for everybody whom it
     * refuses, so our own is left to chance on top of it.
     *
     * @param chance from 0 to 1
     */
    Duration pause(Backoff backoff, int attempts, double chance) {
        Duration own = backoff.delay(attempts, chance);
        return retryAfter
                .filter(asked -> asked.compareTo(own) > 0)
                .map(asked -> asked.plusMillis(Math.round(chance * own.toMillis())))
                .orElse(own);
    }
}
