package io.assistedswarm.agent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Ever longer pauses between failing polls, until 15 minutes have gone by. */
final class Backoff {
    private static final double FACTOR = 1.5;
    private static final double JITTER = 0.5;
    private static final double LONGEST_SECONDS = 60;
    private static final double GIVE_UP_AFTER_SECONDS = 15 * 60;
    private double nextSeconds = 0.5;
    private double spentSeconds;

    /** @return the next pause, or null when it is time to give up */
    Duration next() {
        if (spentSeconds >= GIVE_UP_AFTER_SECONDS) {
            return null;
        }
        double jittered = nextSeconds
                * (1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble());
        nextSeconds = Math.min(nextSeconds * FACTOR, LONGEST_SECONDS);
        spentSeconds += jittered;
        return Duration.ofMillis((long) (jittered * 1000));
    }
}
