package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How far the deletion of a swarm is: its processes end, then its objects on the hub are deleted, then its files on the workers. Not
 * thread-safe, but for {@link #force}: it belongs to one actor.
 */
final class SwarmDeletion {
    /** Workers that have not removed the swarm's files after this are named as those that may still have some. */
    static final Duration FOR_CLOSING = Duration.ofSeconds(30);

    private enum Stage {
        STOPPING,
        DELETING_OBJECTS,
        CLOSING_WORKERS
    }

    /** What is to be done now. */
    enum Next {
        WAIT,
        DELETE_OBJECTS,
        END
    }

    private final OpenWorkers workers;
    private final DeletionCounts counts = new DeletionCounts();
    private final AtomicBoolean forced = new AtomicBoolean();
    private Stage stage = Stage.STOPPING;

    SwarmDeletion(OpenWorkers workers) {
        this.workers = workers;
    }

    /** What is known of it, also of earlier attempts; empty before the first. */
    Optional<DeletionView> counted() {
        return counts.view();
    }

    void remember(Optional<DeletionView> earlier) {
        counts.remember(earlier);
    }

    void begin() {
        stage = Stage.STOPPING;
        counts.begin();
    }

    /** Also while it is under way; until its end. */
    void useForce() {
        forced.set(true);
    }

    /** May be asked on any thread. */
    BooleanSupplier force() {
        return forced::get;
    }

    void progressed(DeletionView view) {
        counts.ofHub(view);
    }

    /**
     * The objects are gone, or cannot be.
     *
     * @param had those that hosts of the swarm were on
     */
    void closeWorkers(Map<WorkerName, ActorRef<WorkerCommand>> having, Collection<WorkerName> had, Instant now) {
        stage = Stage.CLOSING_WORKERS;
        had.stream()
                .filter(worker -> !having.containsKey(worker))
                .map(worker -> "worker " + worker
                        + " is lost: its processes have ended by its lease, its files go when it comes back")
                .sorted()
                .forEach(counts::notCounted);
        workers.close(having, now);
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
            case DELETING_OBJECTS -> Next.WAIT;
            case CLOSING_WORKERS -> {
                List<String> notClosed = workers.notClosed(FOR_CLOSING, now);
                if (!notClosed.isEmpty()) {
                    workers.giveUpClosing();
                    notClosed.forEach(worker -> counts.stuck("files of the swarm may be left on worker " + worker));
                }
                yield workers.allClosed() ? Next.END : Next.WAIT;
            }
        };
    }

    void stuck(String what) {
        counts.stuck(what);
    }

    /** The next one uses no force unless it is told to. */
    void end() {
        forced.set(false);
    }

    /** Nothing is left. */
    boolean isClean() {
        return counts.view().filter(view -> view.stuck().isEmpty()).isPresent();
    }
}
