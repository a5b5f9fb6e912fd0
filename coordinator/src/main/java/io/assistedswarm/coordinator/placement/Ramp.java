package io.assistedswarm.coordinator.placement;

import java.time.Duration;
import java.time.Instant;

/**
 * Lets so many hosts a second start again, so that those of a lost worker do not come back as a herd. Not thread-safe: it belongs to one
 * actor.
 */
public final class Ramp {
    private static final Duration SHORTEST = Duration.ofMillis(200);

    private final int hostsPerSecond;
    private Instant free = Instant.MIN;

    /** @param hostsPerSecond at least 1 */
    public Ramp(int hostsPerSecond) {
        if (hostsPerSecond < 1) {
            throw new IllegalArgumentException(
                    "hosts started again per second must be 1 or more, not " + hostsPerSecond);
        }
        this.hostsPerSecond = hostsPerSecond;
    }

    /** Whether it is their turn; if so, the next ones have to wait for as long as these need. */
    boolean take(int hosts, Instant now) {
        if (now.isBefore(free)) {
            return false;
        }
        free = now.plus(Duration.ofSeconds(hosts).dividedBy(hostsPerSecond));
        return true;
    }

    /** How long the next ones have to wait; above 0. */
    Duration next(Instant now) {
        Duration left = now.isBefore(free) ? Duration.between(now, free) : Duration.ZERO;
        return left.compareTo(SHORTEST) > 0 ? left : SHORTEST;
    }
}
