package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.swarm.DueCluster.Line;
import io.assistedswarm.coordinator.swarm.DueCluster.Reason;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The clusters of a swarm that have no places yet. They become due at the times of the pace, whatever became of those before; what is due
 * stands in line as long as a bound of the plan keeps it, and then queues for places. Not thread-safe: it belongs to one actor.
 */
final class AdmissionQueue {
    /** So many clusters of a swarm queue for places at a time. */
    private static final int QUEUED_AT_MOST = 100;

    /** So many clusters and hosts of a swarm are being started at a time: each start is answered within its patience only if few are under way. */
    private static final int STARTING_AT_MOST = 200;

    private final PaceGate pace;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Deque<DueCluster> due = new ArrayDeque<>();
    private final Map<ClusterId, DueCluster> queued = new LinkedHashMap<>();
    private final Line line = new Line();

    /** Of all clusters, those that are gone too. */
    private int positions;

    /** Not due yet. */
    private record Pending(ClusterSpec cluster, int position) {}

    /** What the grant of its places means. */
    record Admitted(ClusterSpec cluster, Optional<Arrival> arrival) {}

    private AdmissionQueue(PaceGate pace, List<ClusterSpec> clusters, Set<ClusterId> gone) {
        this.pace = pace;
        for (ClusterSpec cluster : clusters) {
            if (!gone.contains(cluster.id())) {
                pending.add(new Pending(cluster, positions));
            }
            positions++;
        }
    }

    /** Of a swarm that begins. */
    AdmissionQueue(PaceGate pace, List<ClusterSpec> clusters) {
        this(pace, clusters, Set.of());
    }

    /** As an earlier coordinator left it. */
    static AdmissionQueue resumed(RecordedSwarm recorded, List<ClusterSpec> clusters) {
        Set<ClusterId> gone = new HashSet<>();
        recorded.assignments()
                .forEach(assignment -> gone.add(assignment.cluster().id()));
        for (Transition transition : recorded.transitions()) {
            if (transition instanceof Transition.OfCluster of
                    && (of.phase() == ClusterPhase.PLACED || of.phase().isEnd())) {
                gone.add(of.cluster());
            }
        }
        PaceGate pace = recorded.timetable()
                .map(PaceGate::new)
                .orElseGet(() -> new PaceGate(recorded.plan().pace()));
        return new AdmissionQueue(pace, clusters, gone);
    }

    /** From now on clusters become due, if they did not before. */
    void begin(Instant now) {
        if (!pace.begun()) {
            pace.begin(nextPosition(), now);
        }
    }

    boolean begun() {
        return pace.begun();
    }

    Timetable timetable() {
        return pace.timetable();
    }

    /** One that was not planned: due behind the others by the pace, and not in the past. */
    void add(ClusterSpec cluster, Instant now) {
        if (pace.begun() && pace.saysWhen()) {
            pace.extend(positions, now);
        }
        pending.add(new Pending(cluster, positions));
        positions++;
    }

    /**
     * Clusters that are to queue for places now.
     *
     * @param starting clusters and hosts that have places and are not started yet
     */
    List<Request> next(Instant now, int installing, int starting) {
        List<DueCluster> fresh = callDue(now);
        List<Request> requests = new ArrayList<>();
        int toInstall = installing
                + (int) queued.values().stream()
                        .filter(cluster -> !cluster.cluster().infraEnvOnly())
                        .count();
        Reason reason = why(toInstall, starting);
        line.is(reason, now);
        while (!due.isEmpty() && reason == Reason.NONE) {
            DueCluster next = due.poll();
            next.leave(line);
            ClusterSpec cluster = next.cluster();
            queued.put(cluster.id(), next);
            requests.add(Request.of(cluster, pace.maxPerWorker()));
            toInstall += cluster.infraEnvOnly() ? 0 : 1;
            reason = why(toInstall, starting);
        }
        line.is(reason, now);
        for (DueCluster late : fresh) {
            if (!queued.containsKey(late.cluster().id())) {
                late.foundLate(reason, Duration.between(pace.due(late.position()), now));
            }
        }
        return requests;
    }

    /** When {@link #next} will have something new; empty when nothing is to come, or it is due already. */
    Optional<Instant> nextDue() {
        return pace.saysWhen() && !pending.isEmpty()
                ? Optional.of(pace.due(pending.peek().position()))
                : Optional.empty();
    }

    /** It has got its places; empty when it does not queue any more. */
    Optional<Admitted> granted(ClusterId cluster, Instant now) {
        return Optional.ofNullable(queued.remove(cluster))
                .map(found -> new Admitted(
                        found.cluster(),
                        pace.saysWhen()
                                ? Optional.of(found.admitted(pace.due(found.position()), now))
                                : Optional.empty()));
    }

    /** @param held by a bound of the plan, and not for want of room */
    void waits(ClusterId cluster, String why, boolean held, Instant now) {
        Optional.ofNullable(queued.get(cluster))
                .ifPresent(found -> found.waits(held ? Reason.HELD : Reason.ROOM, why, now));
    }

    /** None queues any more; their turn is kept. */
    void withdraw(Instant now) {
        line.is(Reason.NONE, now);
        new ArrayList<>(queued.values()).reversed().forEach(cluster -> {
            cluster.back(line, now);
            due.addFirst(cluster);
        });
        queued.clear();
    }

    /** No cluster becomes due before {@link #resume}. */
    void pause(Instant now) {
        withdraw(now);
        pace.pause(now);
    }

    void resume(Instant now) {
        pace.resume(now);
    }

    void change(PaceChange change, Instant now) {
        callDue(now);
        pace.change(change, nextPosition(), now);
    }

    /** All that are not admitted. */
    Set<ClusterId> waiting() {
        Set<ClusterId> waiting = new HashSet<>(queued.keySet());
        due.forEach(cluster -> waiting.add(cluster.cluster().id()));
        pending.forEach(cluster -> waiting.add(cluster.cluster().id()));
        return waiting;
    }

    /** Nothing starts at their times. None of them may queue. */
    void takeOut(Set<ClusterId> clusters) {
        due.removeIf(waiting -> clusters.contains(waiting.cluster().id()));
        pending.removeIf(waiting -> clusters.contains(waiting.cluster().id()));
    }

    /** Gives up all that do not queue. */
    List<ClusterId> giveUp() {
        List<ClusterId> given = Stream.concat(
                        due.stream().map(cluster -> cluster.cluster().id()),
                        pending.stream().map(waiting -> waiting.cluster().id()))
                .toList();
        due.clear();
        pending.clear();
        return given;
    }

    boolean hasQueued() {
        return !queued.isEmpty();
    }

    int pendingCount() {
        return pending.size() + due.size();
    }

    /** @param ended clusters, failed ones among them */
    boolean stopsAfter(int failed, int ended) {
        return pendingCount() + queued.size() > 0 && pace.tooManyFailed(failed, ended);
    }

    /** What the first of them waits for; empty when none waits. */
    String waiting(Instant now, int installing, int starting) {
        if (!queued.isEmpty()) {
            return queued.values().iterator().next().why();
        }
        if (!due.isEmpty()) {
            return switch (why(installing, starting)) {
                case HELD -> pace.full(installing);
                case STARTS -> "waits for " + starting + " clusters and hosts to be started";
                case NONE, ROOM -> "";
            };
        }
        return pending.isEmpty() || pace.isDue(pending.peek().position(), now)
                ? ""
                : pace.notDue(pending.peek().position(), now);
    }

    /** Those whose time has come since the last look. */
    private List<DueCluster> callDue(Instant now) {
        line.goesOn(now);
        List<DueCluster> fresh = new ArrayList<>();
        while (!pending.isEmpty() && pace.isDue(pending.peek().position(), now)) {
            Pending next = pending.poll();
            fresh.add(new DueCluster(next.cluster(), next.position(), line));
        }
        due.addAll(fresh);
        return fresh;
    }

    /** Of the first cluster that is not due; when all are, of one that would be added. */
    private int nextPosition() {
        return pending.isEmpty() ? positions : pending.peek().position();
    }

    /** What keeps the first one in line from queueing. */
    private Reason why(int toInstall, int starting) {
        if (queued.size() >= QUEUED_AT_MOST) {
            return Reason.ROOM;
        }
        if (queued.size() + starting >= STARTING_AT_MOST) {
            return Reason.STARTS;
        }
        return !due.isEmpty() && !due.peek().cluster().infraEnvOnly() && !pace.mayInstall(toInstall)
                ? Reason.HELD
                : Reason.NONE;
    }
}
