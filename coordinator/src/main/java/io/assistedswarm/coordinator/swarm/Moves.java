package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Placement;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Brings hosts that have lost their worker to other places. What their actors can still do there depends on where each host was; they
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
            waiting.put(request, "");
            workers.tell(new Workers.Reserve(request, replies));
        }
    }

    void waits(Request request, String why) {
        waiting.computeIfPresent(request, (same, before) -> why);
    }

    void granted(Workers.Granted granted) {
        ClusterId cluster = granted.request().cluster();
        boolean wanted = waiting.remove(granted.request()) != null && !deployments.isStopping(cluster);
        if (wanted) {
            Assignment moved = progress.assignment(cluster).orElseThrow().moving(granted.placements());
            progress.placed(moved);
            chronicle.save(new Change.ClusterPlaced(moved, clock.instant()));
            deployments.move(moved, granted.workers());
        } else if (deployments.isGone(cluster)) {
            // Its places were given back before these came.
            workers.tell(new Workers.Release(cluster));
        }
    }

    /** The cluster is stopped: nobody waits for places any more. */
    void giveUp(ClusterId cluster) {
        waiting.keySet().removeIf(request -> request.cluster().equals(cluster));
    }

    /** What the first of them waits for; empty when none waits. */
    String waiting() {
        int hosts = waiting.keySet().stream().mapToInt(Request::hosts).sum();
        return waiting.values().stream()
                .findFirst()
                .map(why -> hosts + " hosts of lost workers want other places" + (why.isEmpty() ? "" : ": " + why))
                .orElse("");
    }

    /** What a host without a worker waits for; empty when it has one. */
    Optional<String> waiting(HostId host) {
        return waiting.entrySet().stream()
                .filter(entry -> entry.getKey().holds(host))
                .map(entry -> "another place, as its worker was lost"
                        + (entry.getValue().isEmpty() ? "" : ": " + entry.getValue()))
                .findFirst();
    }
}
