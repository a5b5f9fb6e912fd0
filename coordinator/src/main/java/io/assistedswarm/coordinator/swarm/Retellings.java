package io.assistedswarm.coordinator.swarm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When each actor is told again what is known of it: soon after there was news, then less and less often. A message to a worker's actor
 * is sent at most once by Pekko, and nobody misses one that never came.
 */
final class Retellings<K> {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(64);
    /** Of hosts that wait for hours most of the cost is what they are told again. */
    private static final int GROWTH = 4;

    /** Without news for longer than this an actor may be lost, and is not left so until the longest time is over. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private static final Duration URGENT = Duration.ofSeconds(2);

    private final Map<K, Retelling> retellings = new HashMap<>();

    /** @param news when there was some last */
    private record Retelling(Instant news, Duration after, Instant due) {
        private Retelling in(Duration time, Instant now) {
            return new Retelling(news, time, now.plus(time));
        }
    }

    /** @param late there was no news for a while, so it is to be told everything from the beginning */
    record Due<K>(K actor, boolean late) {}

    /** There is news. */
    void soon(K actor, Instant now) {
        retellings.put(actor, new Retelling(now, SHORTEST, now.plus(SHORTEST)));
    }

    /** Somebody waits for it, and for nothing else. */
    void urge(K actor, Instant now) {
        Instant latest = now.plus(URGENT);
        retellings.computeIfPresent(
                actor,
                (same, retelling) -> retelling.due().isAfter(latest)
                        ? new Retelling(retelling.news(), retelling.after(), latest)
                        : retelling);
    }

    /** Those whose turn it is. Each is told again after some times the time that it was now. */
    List<Due<K>> due(Instant now) {
        List<Due<K>> due = new ArrayList<>();
        retellings.replaceAll((actor, retelling) -> {
            if (now.isBefore(retelling.due())) {
                return retelling;
            }
            due.add(new Due<>(actor, !now.isBefore(retelling.news().plus(LATE))));
            Duration longer = retelling.after().multipliedBy(GROWTH);
            return retelling.in(longer.compareTo(LONGEST) > 0 ? LONGEST : longer, now);
        });
        return due;
    }

    void forget(K actor) {
        retellings.remove(actor);
    }
}
