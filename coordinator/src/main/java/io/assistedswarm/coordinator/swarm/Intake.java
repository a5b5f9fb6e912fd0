package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.PaceRules;
import io.assistedswarm.coordinator.plan.PlanRules;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.report.Punctuality;
import io.assistedswarm.coordinator.swarm.AdmissionQueue.Admitted;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final List<Arrival> arrivals = new ArrayList<>();
    private int summedUp;
    private Optional<Punctuality> punctuality = Optional.empty();
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

    /** How clusters came to an earlier coordinator, and what it said when it let no more in. */
    void remember(RecordedSwarm recorded) {
        arrivals.addAll(recorded.arrivals());
        stopped = recorded.transitions().stream()
                .filter(Transition.OfCluster.class::isInstance)
                .map(Transition::detail)
                .filter(detail -> detail.startsWith(STOPPED))
                .findFirst();
    }

    /** @param paused the swarm is, so that no cluster becomes due yet */
    void open(boolean paused, Instant now) {
        open = true;
        waitsForHub = "";
        if (!queue.begun()) {
            queue.begin(now);
            if (paused) {
                queue.pause(now);
            }
            saveTimetable();
        }
    }

    void waitsForHub(String why) {
        waitsForHub = "waits for the hub: " + why;
    }

    /** Queues behind all others. */
    void add(ClusterSpec cluster, Instant now) {
        queue.add(cluster, now);
        saveTimetable();
    }

    /** @param starting clusters and hosts that have places and are not started yet */
    void advance(Instant now, int starting) {
        if (!open) {
            return;
        }
        int failed = progress.failed();
        if (queue.stopsAfter(failed, progress.ended())) {
            stopped = Optional.of(STOPPED + failed + " of " + progress.ended()
                    + " clusters that have ended have failed (maxFailures)");
            giveUp(stopped.get(), now);
        }
        queue.next(now, progress.installing(), starting)
                .forEach(request -> workers.tell(new Workers.Reserve(request, replies)));
    }

    /** When {@link #advance} will have something new to do, if nothing else happens. */
    Optional<Instant> nextDue() {
        return open ? queue.nextDue() : Optional.empty();
    }

    /** Takes back what is queued; a grant that is on its way is given back when it comes. */
    void pause(Instant now) {
        workers.tell(new Workers.Withdraw(swarm));
        queue.pause(now);
        saveTimetable();
    }

    void resume(Instant now) {
        queue.resume(now);
        saveTimetable();
    }

    /** Why not; empty when it was changed. */
    Optional<String> change(PaceChange change, Instant now) {
        if (!queue.begun()) {
            return Optional.of("has not begun to start clusters: it " + waitsForHub);
        }
        List<PlanRules.Violation> violations =
                PaceRules.violations(change.of(queue.timetable().pace()), progress.load());
        if (!violations.isEmpty()) {
            return Optional.of("keeps its pace: "
                    + violations.stream().map(PlanRules.Violation::toString).collect(Collectors.joining("; ")));
        }
        // What queues does so under the old bounds.
        workers.tell(new Workers.Withdraw(swarm));
        queue.withdraw(now);
        queue.change(change, now);
        saveTimetable();
        return Optional.empty();
    }

    /** Clusters that have no places yet, and may be taken out. */
    Set<ClusterId> waiting() {
        return queue.waiting();
    }

    /** These get no places any more. */
    void takeOut(List<ClusterId> clusters, String detail, Instant now) {
        workers.tell(new Workers.Withdraw(swarm));
        queue.withdraw(now);
        queue.takeOut(Set.copyOf(clusters));
        chronicle.stopped(clusters, detail);
    }

    /** None that has no places yet gets any more. */
    void giveUp(String detail, Instant now) {
        workers.tell(new Workers.Withdraw(swarm));
        queue.withdraw(now);
        chronicle.stopped(queue.giveUp(), detail);
    }

    /** None of them has queued yet. */
    List<ClusterId> turnAway() {
        return queue.giveUp();
    }

    /** The cluster that now has its places; empty when it was withdrawn meanwhile, and they are given back. */
    Optional<ClusterSpec> granted(ClusterId cluster, Instant now) {
        Optional<Admitted> admitted = queue.granted(cluster, now);
        if (admitted.isEmpty()) {
            workers.tell(new Workers.Release(cluster));
        }
        admitted.flatMap(Admitted::arrival).ifPresent(arrival -> {
            arrivals.add(arrival);
            chronicle.save(new Change.ClusterArrived(arrival));
        });
        return admitted.map(Admitted::cluster);
    }

    void waits(Workers.Waits waits, Instant now) {
        queue.waits(waits.request().cluster(), waits.why(), waits.held(), now);
    }

    /** Of clusters that had a time to start and have come; empty without any. When their objects were applied only the report says. */
    Optional<Punctuality> punctuality() {
        if (summedUp != arrivals.size()) {
            summedUp = arrivals.size();
            punctuality = Punctuality.of(arrivals, Map.of());
        }
        return punctuality;
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
    String waiting(Instant now, int starting) {
        return open ? queue.waiting(now, progress.installing(), starting) : waitsForHub;
    }

    /** A coordinator that is restarted goes on by it. */
    private void saveTimetable() {
        if (queue.begun()) {
            chronicle.save(new Change.TimetableSet(swarm, queue.timetable()));
        }
    }
}
