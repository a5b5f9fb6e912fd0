package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The clusters of a swarm that have no places yet: those whose turn it is queue for places, the others wait for the pace. Not thread-safe:
 * it belongs to one actor.
 */
final class AdmissionQueue {
    /** So many clusters of a swarm queue for places at a time. */
    private static final int QUEUED_AT_MOST = 100;

    private final PaceGate pace;
    private final Deque<ClusterSpec> pending = new ArrayDeque<>();
    private final Map<ClusterId, ClusterSpec> queued = new LinkedHashMap<>();
    private final Map<ClusterId, String> waitsFor = new HashMap<>();

    AdmissionQueue(PaceGate pace, List<ClusterSpec> clusters) {
        this.pace = pace;
        pending.addAll(clusters);
    }

    /** As an earlier coordinator left it. */
    static AdmissionQueue resumed(RecordedSwarm recorded, List<ClusterSpec> clusters) {
        Set<ClusterId> left = new HashSet<>();
        List<Instant> admitted = new ArrayList<>();
        recorded.assignments()
                .forEach(assignment -> left.add(assignment.cluster().id()));
        for (Transition transition : recorded.transitions()) {
            if (transition instanceof Transition.OfCluster of) {
                if (of.phase() == ClusterPhase.PLACED) {
                    admitted.add(of.at());
                }
                if (of.phase().isEnd()) {
                    left.add(of.cluster());
                }
            }
        }
        return new AdmissionQueue(
                PaceGate.resumed(recorded.plan().pace(), admitted),
                clusters.stream()
                        .filter(cluster -> !left.contains(cluster.id()))
                        .toList());
    }

    void add(ClusterSpec cluster) {
        pending.add(cluster);
    }

    /** Clusters that are to queue for places now. */
    List<Request> next(Instant now, int installing) {
        List<Request> requests = new ArrayList<>();
        int room = Math.min(pace.leftOfBatch(now), QUEUED_AT_MOST) - queued.size();
        int toInstall = installing
                + (int) queued.values().stream()
                        .filter(cluster -> !cluster.infraEnvOnly())
                        .count();
        while (room > 0 && !pending.isEmpty() && (pending.peek().infraEnvOnly() || pace.mayInstall(toInstall))) {
            ClusterSpec next = pending.poll();
            queued.put(next.id(), next);
            requests.add(new Request(next.id(), next.hostCount(), next.infraEnvOnly()));
            toInstall += next.infraEnvOnly() ? 0 : 1;
            room--;
        }
        return requests;
    }

    /** It has got its places; empty when it does not queue any more. */
    Optional<ClusterSpec> granted(ClusterId cluster, Instant now) {
        waitsFor.remove(cluster);
        Optional<ClusterSpec> spec = Optional.ofNullable(queued.remove(cluster));
        spec.ifPresent(placed -> pace.admitted(now));
        return spec;
    }

    void waits(ClusterId cluster, String why) {
        waitsFor.put(cluster, why);
    }

    /** None queues any more; their turn is kept. */
    void withdraw() {
        new ArrayList<>(queued.values()).reversed().forEach(pending::addFirst);
        queued.clear();
        waitsFor.clear();
    }

    /** Gives up all that do not queue. */
    List<ClusterId> giveUp() {
        List<ClusterId> given = pending.stream().map(ClusterSpec::id).toList();
        pending.clear();
        return given;
    }

    boolean hasQueued() {
        return !queued.isEmpty();
    }

    int pendingCount() {
        return pending.size();
    }

    boolean stopsAfter(int failed) {
        return pending.size() + queued.size() > 0 && pace.tooManyFailed(failed);
    }

    /** What the first of them waits for; empty when none waits. */
    String waiting(Instant now, int installing) {
        if (!queued.isEmpty()) {
            return waitsFor.getOrDefault(queued.keySet().iterator().next(), "");
        }
        return pending.isEmpty() ? "" : pace.waiting(now, installing).orElse("");
    }
}
