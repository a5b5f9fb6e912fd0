package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Deletes objects whose owners are all gone, and holds owners that are deleted in the foreground until their dependents are. */
final class GarbageCollector implements AutoCloseable {
    private final ObjectStore store;
    private final Deletion deletion;
    private final WorkQueue<Task> queue;
    /** Uid of an owner to what names it; may hold more than is true, each use looks at the object itself. */
    private final Map<String, Set<Place>> dependents = new ConcurrentHashMap<>();

    private record Place(ResourceType type, ObjectKey key) {}

    private sealed interface Task {
        record CheckOwners(Place dependent) implements Task {}

        record OwnerGone(String uid) implements Task {}

        record OwnerWaits(Place owner) implements Task {}
    }

    GarbageCollector(ObjectStore store, Deletion deletion) {
        this.store = store;
        this.deletion = deletion;
        this.queue = new WorkQueue<>("kube-garbage-collector", this::handle);
        store.observe(this::onChange);
    }

    @Override
    public void close() {
        queue.close();
    }

    private void onChange(StoreEvent event) {
        var object = event.now();
        var place = new Place(object.type(), object.key());
        var owners = object.owners();
        if (event.removal()) {
            if (dependents.containsKey(object.uid())) {
                queue.add(new Task.OwnerGone(object.uid()));
            }
            for (var owner : owners) {
                dependents.computeIfPresent(Json.text(owner, "uid"), (uid, places) -> {
                    places.remove(place);
                    return places;
                });
                ownerPlace(object, owner).ifPresent(o -> queue.add(new Task.OwnerWaits(o)));
            }
            return;
        }
        event.before()
                .filter(before -> !before.owners().equals(owners))
                .ifPresent(before -> before.owners()
                        .forEach(owner -> ownerPlace(object, owner).ifPresent(o -> queue.add(new Task.OwnerWaits(o)))));
        if (!owners.isEmpty()) {
            owners.forEach(owner -> dependents
                    .computeIfAbsent(Json.text(owner, "uid"), uid -> ConcurrentHashMap.newKeySet())
                    .add(place));
            if (event.before().map(before -> !before.owners().equals(owners)).orElse(true)) {
                queue.add(new Task.CheckOwners(place));
            }
        }
        if (object.terminating()) {
            queue.add(new Task.OwnerWaits(place));
        }
    }

    private void handle(Task task) {
        switch (task) {
            case Task.CheckOwners check -> collectIfOrphaned(check.dependent());
            case Task.OwnerGone gone -> {
                var left = dependents.remove(gone.uid());
                if (left != null) {
                    left.forEach(this::collectIfOrphaned);
                }
            }
            case Task.OwnerWaits waits -> serve(waits.owner());
        }
    }

    private void collectIfOrphaned(Place place) {
        var found = store.shelf(place.type).get(place.key);
        if (found.isEmpty() || found.get().terminating()) {
            return;
        }
        var object = found.get();
        var owners = object.owners();
        var gone = owners.stream().filter(owner -> isGone(object, owner)).toList();
        if (!owners.isEmpty() && gone.size() == owners.size()) {
            delete(place);
        } else if (!gone.isEmpty()) {
            deletion.removeFromMetadata(place.type, place.key, "ownerReferences", gone::contains);
        }
    }

    /** Does what an owner with one of our finalizers waits for. */
    private void serve(Place place) {
        var found = store.shelf(place.type).get(place.key);
        if (found.isEmpty() || !found.get().terminating()) {
            return;
        }
        var owner = found.get();
        var finalizers = owner.tree().path("metadata").path("finalizers");
        if (contains(finalizers, Deletion.ORPHAN_FINALIZER)) {
            dependentsOf(owner)
                    .forEach(d -> deletion.removeFromMetadata(
                            d.type, d.key, "ownerReferences", ref -> names(ref, owner.uid())));
            release(place, Deletion.ORPHAN_FINALIZER);
        } else if (contains(finalizers, Deletion.FOREGROUND_FINALIZER)) {
            dependentsOf(owner).forEach(d -> deleteUnlessShared(d, owner.uid()));
            boolean blocked = dependentsOf(owner).stream().anyMatch(d -> blocks(d, owner.uid()));
            if (!blocked) {
                release(place, Deletion.FOREGROUND_FINALIZER);
            }
        }
    }

    private List<Place> dependentsOf(KubeObject owner) {
        return dependents.getOrDefault(owner.uid(), Set.of()).stream()
                .filter(place -> store.shelf(place.type).get(place.key).stream()
                        .flatMap(object -> object.owners().stream())
                        .anyMatch(reference -> names(reference, owner.uid())))
                .toList();
    }

    /** Deletes a dependent of an owner that is going; another owner that lives keeps it. */
    private void deleteUnlessShared(Place place, String goingUid) {
        var found = store.shelf(place.type).get(place.key);
        boolean shared = found.stream()
                .flatMap(object -> object.owners().stream()
                        .filter(reference -> !names(reference, goingUid) && !isGone(object, reference)))
                .findAny()
                .isPresent();
        if (shared) {
            deletion.removeFromMetadata(place.type, place.key, "ownerReferences", ref -> names(ref, goingUid));
        } else {
            delete(place);
        }
    }

    private static boolean names(JsonNode reference, String uid) {
        return Json.text(reference, "uid").equals(uid);
    }

    private boolean blocks(Place dependent, String uid) {
        return store.shelf(dependent.type).get(dependent.key).stream()
                .flatMap(object -> object.owners().stream())
                .anyMatch(
                        ref -> names(ref, uid) && ref.path("blockOwnerDeletion").asBoolean());
    }

    private void release(Place place, String finalizer) {
        deletion.removeFromMetadata(
                place.type, place.key, "finalizers", f -> f.asText().equals(finalizer));
    }

    private void delete(Place place) {
        try {
            deletion.delete(place.type, place.key, Deletion.Options.BACKGROUND);
        } catch (StatusFailure alreadyGone) {
            if (alreadyGone.code() != 404) {
                throw alreadyGone;
            }
        }
    }

    /** Owners of kinds that this server does not know count as alive. */
    private boolean isGone(KubeObject dependent, JsonNode reference) {
        return ownerPlace(dependent, reference)
                .map(place -> store.shelf(place.type)
                        .get(place.key)
                        .filter(owner -> owner.uid().equals(Json.text(reference, "uid")))
                        .isEmpty())
                .orElse(false);
    }

    private Optional<Place> ownerPlace(KubeObject dependent, JsonNode reference) {
        return store.catalog()
                .findKind(Json.text(reference, "apiVersion"), Json.text(reference, "kind"))
                .map(type -> new Place(
                        type,
                        new ObjectKey(
                                type.namespaced() ? dependent.key().namespace() : "", Json.text(reference, "name"))));
    }

    private static boolean contains(JsonNode list, String text) {
        for (var entry : list) {
            if (entry.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }
}
