package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a deletion has counted on both sides: objects on the hub, and what the workers had. An attempt goes on from what those before it have
 * counted, so that the sums are those of the swarm and not of the attempt. Not thread-safe.
 */
final class DeletionCounts {
    private Optional<DeletionView> earlier = Optional.empty();
    private Optional<DeletionView> hub = Optional.empty();
    private final Map<WorkerName, SwarmClosed> workers = new TreeMap<>();
    private final List<String> stuck = new ArrayList<>();
    private final Set<String> notCounted = new TreeSet<>();

    void remember(Optional<DeletionView> view) {
        earlier = view;
    }

    /** What was stuck at an earlier attempt need not be now. */
    void begin() {
        earlier = view().map(view -> new DeletionView(view.created(), view.deleted(), view.left(), List.of()));
        hub = Optional.empty();
        workers.clear();
        stuck.clear();
        notCounted.clear();
    }

    void ofHub(DeletionView view) {
        hub = Optional.of(view);
    }

    void ofWorker(WorkerName worker, SwarmClosed closed) {
        workers.put(worker, closed);
        closed.left().forEach((kind, left) -> {
            if (left > 0) {
                stuck("worker " + worker + " has " + left + " of kind '" + kind + "' left; delete the swarm again");
            }
        });
    }

    void stuck(String what) {
        if (!stuck.contains(what)) {
            stuck.add(what);
        }
    }

    void notCounted(String what) {
        notCounted.add(what);
    }

    /** Empty as long as nothing has been counted, nor gone wrong. */
    Optional<DeletionView> view() {
        if (earlier.isEmpty() && hub.isEmpty() && workers.isEmpty() && stuck.isEmpty() && notCounted.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> created = new TreeMap<>();
        Map<String, Long> left = new TreeMap<>();
        earlier.ifPresent(view -> {
            created.putAll(view.created());
            left.putAll(view.left());
        });
        hub.ifPresent(view -> {
            // Of a kind that it does not name any more it has none.
            left.replaceAll((kind, count) -> SwarmClosed.KINDS.contains(kind) ? count : 0L);
            created.putAll(view.created());
            left.putAll(view.left());
        });
        if (!workers.isEmpty()) {
            left.keySet().removeAll(SwarmClosed.KINDS);
            Map<String, Long> had = new TreeMap<>();
            workers.values().forEach(closed -> {
                closed.created().forEach((kind, count) -> had.merge(kind, count, Long::sum));
                closed.left().forEach((kind, count) -> left.merge(kind, count, Long::sum));
            });
            // A worker that was started anew does not know all of it any more.
            had.forEach((kind, count) -> created.merge(kind, count, Math::max));
        }
        Map<String, Long> deleted = new TreeMap<>();
        created.forEach((kind, count) -> deleted.put(kind, Math.max(0, count - left.getOrDefault(kind, 0L))));
        List<String> allStuck = new ArrayList<>(hub.map(DeletionView::stuck).orElse(List.of()));
        allStuck.addAll(stuck);
        List<String> uncounted =
                new ArrayList<>(hub.map(DeletionView::notCounted).orElse(List.of()));
        uncounted.addAll(notCounted);
        return Optional.of(new DeletionView(created, deleted, left, allStuck, uncounted));
    }
}
