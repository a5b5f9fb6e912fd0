package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Lets a swarm's clusters in: once the hub has the swarm's own objects they queue for places at the plan's pace, until too many have
 * failed. Not thread-safe: it belongs to one actor.
 */
final class Intake {
    /** Leads what is recorded of each cluster that is not let in any more. */
    private static final String STOPPED = "admission was stopped: ";

    private final SwarmId swarm;
    private final AdmissionQueue queue;
    private final Progress progress;
    private final Chronicle chronicle;
    private final ActorRef<Workers.Command> workers;
    private final ActorRef<Workers.Reply> replies;
    private boolean open;
    private Optional<String> stopped = Optional.empty();
    private String waitsForHub = "";

    Intake(
            SwarmId swarm,
            AdmissionQueue queue,
            Progress progress,
            Chronicle chronicle,
            ActorRef<Workers.Command> workers,
            ActorRef<Workers.Reply> replies) {
        this.swarm = swarm;
        this.queue = queue;
        this.progress = progress;
        this.chronicle = chronicle;
        this.workers = workers;
        this.replies = replies;
    }

    /** What an earlier coordinator said when it let no more in. */
    void remember(RecordedSwarm recorded) {
        stopped = recorded.transitions().stream()
                .filter(Transition.OfCluster.class::isInstance)
                .map(Transition::detail)
                .filter(detail -> detail.startsWith(STOPPED))
                .findFirst();
    }

    void open() {
        open = true;
        waitsForHub = "";
    }

    void waitsForHub(String why) {
        waitsForHub = "waits for the hub: " + why;
    }

    /** Queues behind all others. */
    void add(ClusterSpec cluster) {
        queue.add(cluster);
    }

    void advance(Instant now) {
        if (!open) {
            return;
        }
        int failed = progress.failed();
        if (queue.stopsAfter(failed)) {
            stopped = Optional.of(STOPPED + failed + " clusters have failed (maxFailures)");
            giveUp(stopped.get());
        }
        queue.next(now, progress.installing()).forEach(request -> workers.tell(new Workers.Reserve(request, replies)));
    }

    /** Takes back what is queued; a grant that is on its way is given back when it comes. */
    void withdraw() {
        workers.tell(new Workers.Withdraw(swarm));
        queue.withdraw();
    }

    /** None that has no places yet gets any more. */
    void giveUp(String detail) {
        withdraw();
        chronicle.stopped(queue.giveUp(), detail);
    }

    /** None of them has queued yet. */
    List<ClusterId> turnAway() {
        return queue.giveUp();
    }

    /** The cluster that now has its places; empty when it was withdrawn meanwhile, and they are given back. */
    Optional<ClusterSpec> granted(ClusterId cluster, Instant now) {
        Optional<ClusterSpec> waited = queue.granted(cluster, now);
        if (waited.isEmpty()) {
            workers.tell(new Workers.Release(cluster));
        }
        return waited;
    }

    void waits(ClusterId cluster, String why) {
        queue.waits(cluster, why);
    }

    boolean hasQueued() {
        return queue.hasQueued();
    }

    int pendingCount() {
        return queue.pendingCount();
    }

    /** Why no more clusters were let in than were; empty when all were. */
    Optional<String> stopped() {
        return stopped;
    }

    /** What the first cluster that has no places waits for; empty when none waits. */
    String waiting(Instant now) {
        return open ? queue.waiting(now, progress.installing()) : waitsForHub;
    }
}
