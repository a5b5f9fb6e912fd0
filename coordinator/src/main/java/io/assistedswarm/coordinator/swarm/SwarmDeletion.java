package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How far the deletion of a swarm is: its processes end, then its objects on the hub are deleted, then its files on the workers. Not
 * thread-safe: it belongs to one actor.
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
    private Optional<DeletionView> counted = Optional.empty();
    private Stage stage = Stage.STOPPING;

    SwarmDeletion(OpenWorkers workers) {
        this.workers = workers;
    }

    /** What is known of it, also of earlier attempts; empty before the first. */
    Optional<DeletionView> counted() {
        return counted;
    }

    void remember(Optional<DeletionView> earlier) {
        counted = earlier;
    }

    void begin() {
        stage = Stage.STOPPING;
        // What was stuck at an earlier attempt need not be now.
        counted = counted.map(view -> with(view, List.of()));
    }

    void progressed(DeletionView view) {
        counted = Optional.of(view);
    }

    /** The objects are gone, or cannot be. */
    void closeWorkers(Map<WorkerName, ActorRef<WorkerCommand>> having, Instant now) {
        stage = Stage.CLOSING_WORKERS;
        workers.close(having, now);
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
                    stuck(notClosed.stream()
                            .map(worker -> "files of the swarm may be left on worker " + worker)
                            .toList());
                }
                yield workers.allClosed() ? Next.END : Next.WAIT;
            }
        };
    }

    void stuck(List<String> more) {
        DeletionView view = counted.orElse(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
        List<String> all = new ArrayList<>(view.stuck());
        all.addAll(more);
        counted = Optional.of(with(view, all));
    }

    /** Nothing is left. */
    boolean isClean() {
        return counted.filter(view -> view.stuck().isEmpty()).isPresent();
    }

    private static DeletionView with(DeletionView view, List<String> stuck) {
        return new DeletionView(view.created(), view.deleted(), view.left(), stuck);
    }
}
