package io.assistedswarm.agent;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What the transport of a program repeats by itself, after 2 to 10 s each.
 *
 * @param broken how often after a connection that broke or a status of 500 and above
 * @param refused whether that goes for a refused connection, too
 * @param absent how often after 404, 423 or 425
 */
public record Retries(int broken, boolean refused, int absent) {
    /** The agent tries again after a broken connection, 503 and 504; its loops do the rest. */
    public static final Retries OF_AGENT = new Retries(3, false, 0);

    public static final Retries OF_INSTALLER = new Retries(3, true, 10);

    /** Without the repetitions after 404, which would only delay the end after the cluster was deleted. */
    public static final Retries OF_CONTROLLER = new Retries(15, true, 0);

    private static final Duration SHORTEST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    public boolean again(int attempt, int status) {
        boolean absentNow = status == 404 || status == 423 || status == 425;
        boolean brokenNow = refused ? status >= 500 : status == 503 || status == 504;
        return (absentNow && attempt < absent) || (brokenNow && attempt < broken);
    }

    public boolean againAfterBreak(int attempt, boolean wasRefused) {
        return attempt < broken && (refused || !wasRefused);
    }

    /** Exponential with jitter, between the two bounds. */
    public static Duration pause(int attempt) {
        long most = Math.min(LONGEST.toMillis(), SHORTEST.toMillis() << Math.min(attempt, 3));
        long least = SHORTEST.toMillis();
        return Duration.ofMillis(least + ThreadLocalRandom.current().nextLong(most - least + 1));
    }
}
