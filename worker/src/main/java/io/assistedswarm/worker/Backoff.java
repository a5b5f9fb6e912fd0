package io.assistedswarm.worker;

import java.time.Duration;

/**
 * Waits that double from one attempt to the next.
 *
 * @param jitter share of a wait that is left to chance, so that thousands of actors do not come back at once
 */
public record Backoff(Duration first, Duration cap, double jitter) {
    private static final int MOST_DOUBLINGS = 30;

    /**
     * @param attempt that failed, counted from 1
     * @param chance from 0 to 1
     */
    public Duration delay(int attempt, double chance) {
        int factor = 1 << Math.clamp(attempt - 1L, 0, MOST_DOUBLINGS);
        double seconds = Math.min(seconds(first) * factor, seconds(cap));
        return Duration.ofMillis(Math.round(1000 * seconds * (1 - jitter * chance)));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
