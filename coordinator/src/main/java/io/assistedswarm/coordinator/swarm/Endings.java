package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The clusters that are at their end, or are to be stopped, and are not settled yet: their processes are stopped, their places given back,
 * and every host gets an end. Not thread-safe: it belongs to one actor.
 */
final class Endings {
    /** A stopped host's last transition travels apart from the confirmation that it has stopped. */
    private static final Duration FOR_LAST_TRANSITIONS = Duration.ofSeconds(5);

    /** What a worker tells after its own deadline has passed travels, too. */
    private static final Duration FOR_LAST_DOWNLOADS = Duration.ofSeconds(30);

    private final Progress progress;
    private final Deployments deployments;
    private final Duration forLastHosts;
    private final Duration forDownloads;
    private final Map<ClusterId, Ending> endings = new TreeMap<>();

    private static final class Ending {
        private final Instant since;
        private Optional<Instant> goneSince = Optional.empty();
        private boolean stopAtOnce;

        private Ending(Instant since) {
            this.since = since;
        }
    }

    /**
     * What has come out.
     *
     * @param released their places are free
     * @param missing ends that no worker has reported, of clusters whose processes are gone
     */
    record Outcome(List<ClusterId> released, List<Transition> missing) {}

    /**
     * @param forLastHosts the hub may say that a cluster is installed before it says so of the last host, and the longer before the busier it is;
     *     a host that never is ends by its own deadline, which is no later
     * @param forDownloads from its end a cluster is given so long, in which its user may fetch what is wanted of it
     */
    Endings(Progress progress, Deployments deployments, Duration forLastHosts, Duration forDownloads) {
        this.progress = progress;
        this.deployments = deployments;
        this.forLastHosts = forLastHosts;
        this.forDownloads = forDownloads.plus(FOR_LAST_DOWNLOADS);
    }

    void ended(ClusterId cluster, Instant now) {
        endings.computeIfAbsent(cluster, unused -> new Ending(now));
    }

    /** Its processes are ended whether or not it is at an end. */
    void stop(ClusterId cluster, String why, Instant now) {
        endings.computeIfAbsent(cluster, unused -> new Ending(now)).stopAtOnce = true;
        deployments.stop(cluster, why, now);
    }

    boolean settled() {
        return endings.isEmpty();
    }

    Outcome advance(Instant now) {
        List<ClusterId> released = new ArrayList<>();
        List<Transition> missing = new ArrayList<>();
        endings.entrySet().removeIf(entry -> advance(entry.getKey(), entry.getValue(), now, released, missing));
        return new Outcome(released, missing);
    }

    /** Whether it is settled. */
    private boolean advance(
            ClusterId cluster, Ending ending, Instant now, List<ClusterId> released, List<Transition> missing) {
        boolean hostsEnded = progress.hostsNotEnded(cluster).isEmpty();
        ClusterPhase phase = progress.phase(cluster);
        boolean endedWell = phase.endsWell();
        boolean waitsForHosts = endedWell && !hostsEnded && now.isBefore(ending.since.plus(forLastHosts));
        if (!ending.stopAtOnce) {
            if (waitsForHosts || waitsForDownloads(cluster, ending, now)) {
                return false;
            }
            if (phase == ClusterPhase.DISCOVERED) {
                // Its agents go on polling, and it keeps its places, until the swarm is deleted.
                return true;
            }
            deployments.stop(cluster, "cluster " + cluster + " is " + phase.label(), now);
        }
        if (!deployments.isGone(cluster)) {
            return false;
        }
        if (ending.goneSince.isEmpty()) {
            ending.goneSince = Optional.of(now);
            released.add(cluster);
        }
        if (hostsEnded && phase.isEnd()) {
            return true;
        }
        if (now.isBefore(ending.goneSince.get().plus(FOR_LAST_TRANSITIONS))) {
            return false;
        }
        missing.addAll(missingEnds(cluster, phase, now));
        return true;
    }

    private boolean waitsForDownloads(ClusterId cluster, Ending ending, Instant now) {
        return progress.isFetched(cluster)
                && !deployments.isStopping(cluster)
                && now.isBefore(ending.since.plus(forDownloads));
    }

    private List<Transition> missingEnds(ClusterId cluster, ClusterPhase phase, Instant now) {
        String detail = "no worker reported an end";
        List<Transition> missing = new ArrayList<>();
        progress.hostsNotEnded(cluster)
                .forEach(host -> missing.add(new Transition.OfHost(
                        host, HostPhase.STOPPED, now, progress.generation(host), detail, Optional.empty())));
        if (!phase.isEnd()) {
            missing.add(new Transition.OfCluster(
                    cluster, ClusterPhase.STOPPED, now, progress.generation(cluster), detail, Optional.empty()));
        }
        return missing;
    }
}
