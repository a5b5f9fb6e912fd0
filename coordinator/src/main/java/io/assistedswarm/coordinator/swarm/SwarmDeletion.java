package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.swarm.OpenWorkers.NotClosed;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the deletion of a swarm is: its processes end, then its objects on the hub are deleted, then its files on the workers. Not
 * thread-safe: it belongs to one actor.
 */
final class SwarmDeletion {
    private static final Logger LOG = LoggerFactory.getLogger(SwarmDeletion.class);

    /** Workers that have not removed the swarm's files after this are named as those that may still have some. */
    static final Duration FOR_CLOSING = Duration.ofSeconds(30);

    private enum Stage {
        STOPPING,
        DELETING_OBJECTS,
        CLOSING_WORKERS,
        /** Some do not answer: they may be gone, or have been started again. */
        LOOKING_FOR_WORKERS
    }

    /** What is to be done now. */
    enum Next {
        WAIT,
        DELETE_OBJECTS,
        END
    }

    private final ActorContext<SwarmActor.Command> context;
    private final Surroundings around;
    private final SwarmSpec swarm;
    private final OpenWorkers workers;
    private final Chronicle chronicle;
    private final DeletionCounts counts = new DeletionCounts();
    private final AtomicBoolean forced = new AtomicBoolean();
    private Stage stage = Stage.STOPPING;
    private List<NotClosed> notClosed = List.of();

    SwarmDeletion(
            ActorContext<SwarmActor.Command> context,
            Surroundings around,
            SwarmSpec swarm,
            OpenWorkers workers,
            Chronicle chronicle) {
        this.context = context;
        this.around = around;
        this.swarm = swarm;
        this.workers = workers;
        this.chronicle = chronicle;
    }

    /** What is known of it, also of earlier attempts; empty before the first. */
    Optional<DeletionView> counted() {
        return counts.view();
    }

    void remember(RecordedSwarm recorded) {
        counts.remember(recorded.deletion());
        forced.set(recorded.deletionForced());
    }

    void begin() {
        stage = Stage.STOPPING;
        counts.begin();
    }

    /** Also while it is under way; until its end. Returns whether it did not before. */
    boolean useForce() {
        boolean fresh = !forced.getAndSet(true);
        if (fresh) {
            chronicle.save(new Change.DeletionForced(swarm.id(), true));
        }
        return fresh;
    }

    /** The actor is told how it goes. */
    void deleteObjects() {
        ActorRef<SwarmActor.Command> self = context.getSelf();
        context.pipeToSelf(
                around.hub()
                        .delete(
                                Hub.Remains.of(swarm),
                                swarm.deadlines().deletion(),
                                forced::get,
                                counted(),
                                counted -> self.tell(new SwarmActor.DeletionProgressed(counted))),
                (counted, failure) -> failure == null
                        ? new SwarmActor.ObjectsDeleted(counted)
                        : new SwarmActor.ObjectsNotDeleted(Cause.of(failure)));
    }

    /** Recorded as it goes: a coordinator that is restarted meanwhile goes on counting. */
    void progressed(DeletionView view) {
        counts.ofHub(view);
        save();
    }

    /** Workers of an earlier coordinator are waited for; the actor is told who is there. */
    void objectsDeleted(DeletionView view) {
        progressed(view);
        findWorkers();
    }

    private void findWorkers() {
        context.ask(
                Workers.Found.class,
                around.workers(),
                FOR_CLOSING,
                Workers.FindAll::new,
                (found, failure) -> failure == null
                        ? new SwarmActor.WorkersFound(Optional.of(found.workers()))
                        : new SwarmActor.WorkersFound(Optional.empty()));
    }

    void objectsNotDeleted(Throwable cause) {
        LOG.error("cannot delete the objects of swarm [{}]: {}", swarm.id(), cause.getMessage());
        counts.stuck("the objects could not be counted or deleted: " + cause.getMessage()
                + "; delete the swarm again when the hub can be reached");
    }

    /**
     * The objects are gone, or cannot be.
     *
     * @param found the workers that there are; empty if that is not known yet
     * @param had those that hosts of the swarm were on
     */
    void workersFound(Optional<Map<WorkerName, Moored>> found, Collection<WorkerName> had, Instant now) {
        if (found.isEmpty()) {
            findWorkers();
            return;
        }
        Map<WorkerName, Moored> there = found.get();
        if (stage == Stage.LOOKING_FOR_WORKERS) {
            for (NotClosed silent : notClosed) {
                workers.giveUpClosing(silent.worker());
                Moored moored = there.get(silent.worker());
                if (moored != null && workers.isClosing(silent.worker(), moored.worker())) {
                    counts.stuck(
                            "files of the swarm may be left on worker " + silent.worker() + ": " + silent.lastError());
                } else {
                    closeWorkers(there, List.of(silent.worker()), now);
                }
            }
        } else {
            closeWorkers(there, had, now);
        }
        stage = Stage.CLOSING_WORKERS;
    }

    private void closeWorkers(Map<WorkerName, Moored> there, Collection<WorkerName> had, Instant now) {
        had.stream()
                .filter(worker -> !there.containsKey(worker))
                .map(worker -> "worker " + worker
                        + " is lost: its processes have ended by its lease, its files go when it comes back")
                .sorted()
                .forEach(counts::notCounted);
        workers.close(
                had.stream()
                        .filter(there::containsKey)
                        .collect(Collectors.toMap(
                                worker -> worker, worker -> there.get(worker).worker())),
                now);
    }

    void closed(WorkerName worker, SwarmClosed closed) {
        counts.ofWorker(worker, closed);
    }

    /** @param stopped no process of the swarm is left */
    Next advance(boolean stopped, Instant now) {
        return switch (stage) {
            case STOPPING -> {
                if (stopped) {
                    stage = Stage.DELETING_OBJECTS;
                }
                yield stopped ? Next.DELETE_OBJECTS : Next.WAIT;
            }
            case DELETING_OBJECTS, LOOKING_FOR_WORKERS -> Next.WAIT;
            case CLOSING_WORKERS -> {
                notClosed = workers.notClosed(FOR_CLOSING, now);
                if (!notClosed.isEmpty()) {
                    stage = Stage.LOOKING_FOR_WORKERS;
                    findWorkers();
                }
                yield workers.allClosed() ? Next.END : Next.WAIT;
            }
        };
    }

    /** The next one uses no force unless it is told to. */
    void end() {
        save();
        if (forced.getAndSet(false)) {
            chronicle.save(new Change.DeletionForced(swarm.id(), false));
        }
    }

    /** Nothing is left. */
    boolean isClean() {
        return counts.view().filter(view -> view.stuck().isEmpty()).isPresent();
    }

    private void save() {
        chronicle.save(new Change.DeletionCounted(swarm.id(), counted().orElseThrow()));
    }
}
