package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Brings hosts that have lost their worker, or are to leave it, to other places. What their actors can still do there depends on where each host was; they
 * look for themselves. Not thread-safe: it belongs to one actor.
 */
final class Moves {
    private final Progress progress;
    private final Deployments deployments;
    private final Chronicle chronicle;
    private final InstantSource clock;
    private final ActorRef<Workers.Command> workers;
    private final ActorRef<Workers.Reply> replies;

    /** Why each waits, as far as that is known. */
    private final Map<Request, String> waiting = new LinkedHashMap<>();

    /** Places of a worker that is drained, for which others are asked. */
    private final Map<Request, Placement> evicted = new HashMap<>();

    /** Those that have been found, while what is at the old place ends. */
    private final Map<Request, Workers.Granted> found = new LinkedHashMap<>();

    Moves(
            Progress progress,
            Deployments deployments,
            Chronicle chronicle,
            InstantSource clock,
            ActorRef<Workers.Command> workers,
            ActorRef<Workers.Reply> replies) {
        this.progress = progress;
        this.deployments = deployments;
        this.chronicle = chronicle;
        this.clock = clock;
        this.workers = workers;
        this.replies = replies;
    }

    /** Whether what its hosts do is still wanted; a cluster that has ended is only to be put away. */
    boolean isWorthwhile(ClusterId cluster) {
        ClusterPhase phase = progress.phase(cluster);
        return !deployments.isStopping(cluster) && (!phase.isEnd() || phase == ClusterPhase.DISCOVERED);
    }

    /** Hosts of the cluster had these places on a worker that is gone. */
    void lost(ClusterId cluster, List<Placement> places) {
        Assignment assignment = progress.assignment(cluster).orElseThrow();
        for (Placement place : places) {
            Request request = Request.again(assignment.cluster(), place);
            evicted.remove(request);
            if (!waiting.containsKey(request) && !found.containsKey(request)) {
                waiting.put(request, "");
                workers.tell(new Workers.Reserve(request, replies));
            }
        }
        advance();
    }

    void waits(Request request, String why) {
        waiting.computeIfPresent(request, (same, before) -> why);
    }

    /** A worker is drained: what can be started again elsewhere is to leave it. Asked again as long as something is there. */
    void evict(ClusterId cluster, WorkerName worker) {
        if (!isWorthwhile(cluster) || !deployments.isRunning(cluster)) {
            return;
        }
        Assignment assignment = progress.assignment(cluster).orElseThrow();
        for (Placement place : assignment.placements()) {
            Request request = Request.again(assignment.cluster(), place);
            if (place.worker().equals(worker)
                    && canLeave(cluster, place)
                    && !waiting.containsKey(request)
                    && !found.containsKey(request)) {
                evicted.put(request, place);
                waiting.put(request, "");
                workers.tell(new Workers.Reserve(request, replies));
            }
        }
    }

    void granted(Workers.Granted granted) {
        Request request = granted.request();
        ClusterId cluster = request.cluster();
        boolean wanted = waiting.remove(request) != null && !deployments.isStopping(cluster);
        Placement old = evicted.remove(request);
        if (wanted && old == null) {
            move(granted);
        } else if (wanted && canLeave(cluster, old) && deployments.isRunning(cluster)) {
            found.put(request, granted);
            deployments.vacate(cluster, old, "worker " + old.worker() + " is drained", clock.instant());
            advance();
        } else if (wanted) {
            // It cannot leave any more: the next round asks again.
            workers.tell(new Workers.GiveBack(cluster, granted.placements()));
        } else if (deployments.isGone(cluster)) {
            // Its places were given back before these came.
            workers.tell(new Workers.Release(cluster));
        }
    }

    /** Goes on with those that have left their old places. */
    void advance() {
        for (Workers.Granted granted : List.copyOf(found.values())) {
            Request request = granted.request();
            Placement old = progress.assignment(request.cluster()).orElseThrow().placements().stream()
                    .filter(place -> place.firstHost() == request.firstHost())
                    .findFirst()
                    .orElseThrow();
            if (deployments.vacated(request.cluster(), old)) {
                found.remove(request);
                workers.tell(new Workers.GiveBack(request.cluster(), List.of(old)));
                move(granted);
            }
        }
    }

    private void move(Workers.Granted granted) {
        Assignment moved =
                progress.assignment(granted.request().cluster()).orElseThrow().moving(granted.placements());
        progress.placed(moved);
        chronicle.save(new Change.ClusterPlaced(moved, clock.instant()));
        deployments.move(moved, granted.workers());
    }

    /** Between the start of its installation and its reboot a host cannot be taken up anywhere else. */
    private boolean canLeave(ClusterId cluster, Placement place) {
        return place.hosts(cluster).stream()
                .map(progress::hostPhase)
                .noneMatch(phase -> phase == HostPhase.PREPARING || phase == HostPhase.INSTALLING);
    }

    /** The cluster is stopped: nobody waits for places any more. */
    void giveUp(ClusterId cluster) {
        waiting.keySet().removeIf(request -> request.cluster().equals(cluster));
        evicted.keySet().removeIf(request -> request.cluster().equals(cluster));
        found.keySet().removeIf(request -> request.cluster().equals(cluster));
    }

    /** Those of lost workers. */
    List<ClusterId> waitingClusters() {
        return lost(request -> true).stream().map(Request::cluster).distinct().toList();
    }

    /** What the first of them waits for; empty when none waits. Those of a drained worker are where they are meanwhile. */
    String waiting() {
        List<Request> lost = lost(request -> true);
        return lost.isEmpty() ? "" : hosts(lost) + " hosts of lost workers want other places" + why(lost);
    }

    /** What those of the cluster's hosts wait for that have no worker; empty when all have one. */
    Optional<String> waiting(ClusterId cluster) {
        List<Request> lost = lost(request -> request.cluster().equals(cluster));
        return lost.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "other places for " + hosts(lost) + " of its hosts, as their worker was lost" + why(lost));
    }

    /** What a host without a worker waits for; empty when it has one. */
    Optional<String> waiting(HostId host) {
        List<Request> lost = lost(request -> request.holds(host));
        return lost.isEmpty() ? Optional.empty() : Optional.of("another place, as its worker was lost" + why(lost));
    }

    private List<Request> lost(Predicate<Request> wanted) {
        return waiting.keySet().stream()
                .filter(request -> !evicted.containsKey(request))
                .filter(wanted)
                .toList();
    }

    private static int hosts(List<Request> requests) {
        return requests.stream().mapToInt(Request::hosts).sum();
    }

    /** Of the first of them. */
    private String why(List<Request> requests) {
        String why = waiting.get(requests.getFirst());
        return why.isEmpty() ? "" : ": " + why;
    }
}
