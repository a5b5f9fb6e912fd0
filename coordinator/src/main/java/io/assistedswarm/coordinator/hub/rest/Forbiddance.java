package io.assistedswarm.coordinator.hub.rest;

import io.assistedswarm.protocol.ClusterId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How long the service has answered nothing but 403: of each cluster, which may be nobody's business but its own, and of the user. It is for
 * good when it was said so many times in a row, over some time; a gateway that is started anew says so, too. Thread-safe.
 */
final class Forbiddance {
    /** As with tokens that are refused. */
    static final int TIMES_THAT_DECIDE = 5;

    private final Duration shortest;
    private final Map<ClusterId, Streak> clusters = new HashMap<>();
    private final Set<ClusterId> inARow = new HashSet<>();
    private Streak all = Streak.NONE;

    private record Streak(int times, Instant since) {
        private static final Streak NONE = new Streak(0, Instant.MAX);

        private Streak longer(Instant now) {
            return new Streak(times + 1, times == 0 ? now : since);
        }
    }

    /** @param shortest over which it has to be said */
    Forbiddance(Duration shortest) {
        this.shortest = shortest;
    }

    /** Of one cluster. */
    synchronized void forbidden(ClusterId cluster, Instant now) {
        clusters.put(cluster, of(cluster).longer(now));
        inARow.add(cluster);
        all = all.longer(now);
    }

    /** Of what concerns all of them. */
    synchronized void forbidden(Instant now) {
        all = all.longer(now);
    }

    /** The cluster was answered otherwise. */
    synchronized void answered(ClusterId cluster) {
        clusters.remove(cluster);
        answered();
    }

    /** Something was answered otherwise. */
    synchronized void answered() {
        inARow.clear();
        all = Streak.NONE;
    }

    /** Several are forbidden one after the other, with no other answer between, or all that there are. */
    synchronized boolean mayConcernAll(long clustersThere) {
        return inARow.size() >= Math.min(2, clustersThere);
    }

    synchronized int timesInARow(ClusterId cluster) {
        return of(cluster).times();
    }

    synchronized boolean isLasting(ClusterId cluster, Instant now) {
        return isLasting(of(cluster), now);
    }

    /** Of the user, whatever he asks for. */
    synchronized boolean isLasting(Instant now) {
        return isLasting(all, now);
    }

    private boolean isLasting(Streak streak, Instant now) {
        return streak.times() >= TIMES_THAT_DECIDE
                && !now.isBefore(streak.since().plus(shortest));
    }

    private Streak of(ClusterId cluster) {
        return clusters.getOrDefault(cluster, Streak.NONE);
    }
}
