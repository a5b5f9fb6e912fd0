package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who owns which field of an object, as {@code metadata.managedFields} records it. */
final class FieldOwnership {
    /** Set by the server, owned by nobody. */
    private static final List<String> SERVER_METADATA = List.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "generateName",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink",
            "managedFields");

    /** @param subresource empty or "status" */
    record FieldManager(String name, boolean applies, String subresource) {
        String operation() {
            return applies ? "Apply" : "Update";
        }
    }

    private record Entry(FieldManager manager, String apiVersion, String time, FieldSet fields) {
        Entry keep(FieldSet rest) {
            return new Entry(manager, apiVersion, time, rest);
        }
    }

    private final List<Entry> entries;

    private FieldOwnership(List<Entry> entries) {
        this.entries = entries;
    }

    static FieldOwnership of(ObjectNode tree) {
        var entries = new ArrayList<Entry>();
        for (var entry : tree.path("metadata").path("managedFields")) {
            entries.add(new Entry(
                    new FieldManager(
                            Json.text(entry, "manager"),
                            Json.text(entry, "operation").equals("Apply"),
                            Json.text(entry, "subresource")),
                    Json.text(entry, "apiVersion"),
                    Json.text(entry, "time"),
                    FieldSet.fromJson(entry.path("fieldsV1"))));
        }
        return new FieldOwnership(entries);
    }

    FieldSet ownedBy(FieldManager manager) {
        return entries.stream()
                .filter(e -> e.manager.equals(manager))
                .map(Entry::fields)
                .findFirst()
                .orElse(FieldSet.EMPTY);
    }

    FieldSet ownedByOthers(FieldManager manager) {
        return entries.stream()
                .filter(e -> !e.manager.equals(manager))
                .map(Entry::fields)
                .reduce(FieldSet.EMPTY, FieldSet::plus);
    }

    /** Who would lose a field if {@code manager} changed {@code changed}. */
    List<Cause> conflicts(FieldManager manager, FieldSet changed) {
        var causes = new ArrayList<Cause>();
        for (var entry : entries) {
            if (!entry.manager.equals(manager)) {
                var with = "conflict with \"" + entry.manager.name() + "\""
                        + (entry.manager.subresource().isEmpty()
                                ? ""
                                : " with subresource \"" + entry.manager.subresource() + "\"")
                        + " using " + entry.apiVersion;
                entry.fields
                        .and(changed)
                        .forEachPath(path -> causes.add(new Cause("FieldManagerConflict", with, path)));
            }
        }
        return causes;
    }

    /** {@code manager} now owns {@code owned}, and nobody owns what is {@code lost}. */
    FieldOwnership after(FieldManager manager, String apiVersion, FieldSet owned, FieldSet lost, Instant now) {
        var next = new ArrayList<Entry>();
        var mine = Optional.<Entry>empty();
        for (var entry : entries) {
            if (entry.manager.equals(manager)) {
                mine = Optional.of(entry);
            } else {
                next.add(entry.keep(entry.fields.minus(lost)));
            }
        }
        var time = mine.filter(m -> m.fields.equals(owned))
                .map(Entry::time)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        next.add(new Entry(manager, apiVersion, time, owned));
        next.removeIf(e -> e.fields.isEmpty());
        next.sort(java.util.Comparator.comparing((Entry e) -> !e.manager.applies())
                .thenComparing(Entry::time)
                .thenComparing(e -> e.manager.name())
                .thenComparing(e -> e.manager.subresource()));
        return new FieldOwnership(next);
    }

    void writeTo(ObjectNode tree) {
        var metadata = Json.child(tree, "metadata");
        if (entries.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode list = metadata.putArray("managedFields");
        for (var entry : entries) {
            var json = list.addObject()
                    .put("manager", entry.manager.name())
                    .put("operation", entry.manager.operation())
                    .put("apiVersion", entry.apiVersion)
                    .put("time", entry.time)
                    .put("fieldsType", "FieldsV1");
            json.set("fieldsV1", entry.fields.toJson());
            if (!entry.manager.subresource().isEmpty()) {
                json.put("subresource", entry.manager.subresource());
            }
        }
    }

    /** The part of a tree whose fields can be owned. */
    static ObjectNode ownable(ObjectNode tree) {
        var part = tree.deepCopy();
        part.remove(List.of("apiVersion", "kind"));
        if (part.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVER_METADATA);
            if (metadata.isEmpty()) {
                part.remove("metadata");
            }
        }
        return part;
    }

    /** Records what an update changed from {@code before} to {@code now}, in {@code now}. */
    static void recordUpdate(
            ResourceType type, ObjectNode before, ObjectNode now, String manager, String subresource, Instant time) {
        var ownership = of(before);
        var old = ownable(before);
        var fresh = ownable(now);
        var changed = FieldPaths.changed(type.schema(), old, fresh);
        var removed = leaves(type, old).minus(leaves(type, fresh));
        if (changed.isEmpty() && removed.isEmpty()) {
            ownership.writeTo(now);
            return;
        }
        var updater = new FieldManager(manager, false, subresource);
        var owned = ownership.ownedBy(updater).plus(changed).minus(removed);
        ownership
                .after(updater, type.apiVersion(), owned, changed.plus(removed), time)
                .writeTo(now);
    }

    private static FieldSet leaves(ResourceType type, ObjectNode ownable) {
        return ownable.isEmpty() ? FieldSet.EMPTY : FieldPaths.of(type.schema(), ownable);
    }
}
