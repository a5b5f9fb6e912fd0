package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The installations that are held: lets those go that wait for each other when all of them are ready, and all of them when the user says
 * so. Not thread-safe: it belongs to one actor.
 */
final class Holds {
    /** A cluster that has been let go and is still held has not heard of it. */
    private static final Duration TELL_AGAIN_AFTER = Duration.ofSeconds(10);

    private final Progress progress;
    private final Deployments deployments;
    private final Map<ClusterId, Instant> told = new HashMap<>();
    private boolean byUser;
    private boolean allReady;

    Holds(Progress progress, Deployments deployments) {
        this.progress = progress;
        this.deployments = deployments;
    }

    /** The user had said so to an earlier coordinator. */
    void rememberRelease() {
        byUser = true;
    }

    /** From now on nothing is held. */
    void release(Instant now) {
        byUser = true;
        advance(now);
    }

    /** May be called at any time. */
    void advance(Instant now) {
        allReady = allReady || progress.clusters().filter(Holds::waitsForOthers).allMatch(this::isReady);
        List<ClusterSpec> free = progress.clusters()
                .filter(cluster -> progress.phase(cluster.id()) == ClusterPhase.HELD)
                .filter(cluster -> byUser || (allReady && waitsForOthers(cluster)))
                .toList();
        free.forEach(cluster -> tell(cluster.id(), now));
    }

    /** What the held ones wait for; empty when none is held. */
    String waiting() {
        long held = progress.clusters()
                .filter(cluster -> progress.phase(cluster.id()) == ClusterPhase.HELD && !told.containsKey(cluster.id()))
                .count();
        if (held == 0) {
            return "";
        }
        long notReady = progress.clusters()
                .filter(cluster -> waitsForOthers(cluster) && !isReady(cluster))
                .count();
        return "holds " + held + " ready clusters until "
                + (notReady > 0 ? notReady + " others are ready" : "'swarm release'");
    }

    private void tell(ClusterId cluster, Instant now) {
        Instant before = told.get(cluster);
        if (before == null || !now.isBefore(before.plus(TELL_AGAIN_AFTER))) {
            told.put(cluster, now);
            deployments.release(cluster);
        }
    }

    private boolean isReady(ClusterSpec cluster) {
        return progress.phase(cluster.id()).compareTo(ClusterPhase.HELD) >= 0;
    }

    private static boolean waitsForOthers(ClusterSpec cluster) {
        return cluster.traits().hold() == Hold.UNTIL_ALL_READY;
    }
}
