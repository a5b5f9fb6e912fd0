package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;

/** What deleting means: objects go at once, or wait for those whose finalizers they carry. */
final class Deletion {
    static final String FOREGROUND_FINALIZER = "foregroundDeletion";
    static final String ORPHAN_FINALIZER = "orphan";

    private final ObjectStore store;
    private final InstantSource clock;

    /** What happens to the objects that name the deleted one as their owner. */
    enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    /** @param uid and version, if given, must be those of the object found */
    record Options(Optional<String> uid, Optional<String> version, Propagation propagation, boolean dryRun) {
        static final Options BACKGROUND =
                new Options(Optional.empty(), Optional.empty(), Propagation.BACKGROUND, false);
    }

    /** @param gone false if it waits for its finalizers */
    record Deleted(KubeObject object, boolean gone) {}

    Deletion(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    Deleted delete(ResourceType type, ObjectKey key, Options options) {
        var shelf = store.shelf(type);
        while (true) {
            var current = shelf.get(key).orElseThrow(() -> StatusFailure.notFound(type, key.name()));
            require(type, current, options);
            var tree = current.copy();
            mark(type, tree, options.propagation());
            boolean finished = Registry.isFinished(type, tree);
            if (options.dryRun() || tree.equals(current.tree())) {
                return new Deleted(current, finished);
            }
            var stored = finished ? shelf.remove(current, tree) : shelf.replace(current, tree);
            if (stored.isPresent()) {
                return new Deleted(stored.get(), finished);
            }
        }
    }

    /** Takes entries out of a list in the metadata; an object that only waited for that goes. */
    void removeFromMetadata(ResourceType type, ObjectKey key, String list, Predicate<JsonNode> which) {
        var shelf = store.shelf(type);
        while (true) {
            var current = shelf.get(key);
            if (current.isEmpty()) {
                return;
            }
            var tree = current.get().copy();
            var metadata = Json.child(tree, "metadata");
            if (metadata.get(list) instanceof ArrayNode entries) {
                for (int i = entries.size() - 1; i >= 0; i--) {
                    if (which.test(entries.get(i))) {
                        entries.remove(i);
                    }
                }
                if (entries.isEmpty()) {
                    metadata.remove(list);
                }
            }
            if (tree.equals(current.get().tree()) || settle(shelf, current.get(), tree)) {
                return;
            }
        }
    }

    /** Lets an emptied namespace go. */
    void finishNamespace(KubeObject namespace) {
        var tree = namespace.copy();
        Json.child(tree, "spec").remove("finalizers");
        // One that is empty but has finalizers of its own comes here again and again; writing it each time would never
        // end.
        if (!tree.equals(namespace.tree())) {
            // If somebody changed it meanwhile that change brings us here again.
            settle(store.shelf(namespace.type()), namespace, tree);
        }
    }

    private static boolean settle(Shelf shelf, KubeObject current, ObjectNode tree) {
        var stored =
                Registry.isFinished(shelf.type(), tree) ? shelf.remove(current, tree) : shelf.replace(current, tree);
        return stored.isPresent();
    }

    private void mark(ResourceType type, ObjectNode tree, Propagation propagation) {
        var metadata = Json.child(tree, "metadata");
        if (!type.isNamespace() && propagation != Propagation.BACKGROUND) {
            addFinalizer(metadata, propagation == Propagation.FOREGROUND ? FOREGROUND_FINALIZER : ORPHAN_FINALIZER);
        }
        if (metadata.has("deletionTimestamp")) {
            return;
        }
        metadata.put(
                "deletionTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (type.isNamespace()) {
            Json.child(tree, "status").put("phase", "Terminating");
        } else {
            metadata.put("deletionGracePeriodSeconds", 0);
        }
        if (metadata.has("generation")) {
            metadata.put("generation", metadata.path("generation").asInt() + 1);
        }
    }

    private static void addFinalizer(ObjectNode metadata, String finalizer) {
        var finalizers =
                metadata.get("finalizers") instanceof ArrayNode present ? present : metadata.putArray("finalizers");
        for (var known : finalizers) {
            if (known.asText().equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }

    private static void require(ResourceType type, KubeObject current, Options options) {
        options.uid().filter(uid -> !uid.equals(current.uid())).ifPresent(uid -> {
            throw StatusFailure.conflict(
                    type,
                    current.key().name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + current.uid());
        });
        options.version()
                .filter(v -> !v.equals(Long.toString(current.version())))
                .ifPresent(v -> {
                    throw StatusFailure.conflict(
                            type,
                            current.key().name(),
                            "Precondition failed: ResourceVersion in precondition: " + v
                                    + ", ResourceVersion in object meta: " + current.version());
                });
    }
}
