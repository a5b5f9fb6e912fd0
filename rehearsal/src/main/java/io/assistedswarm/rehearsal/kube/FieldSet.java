package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Paths of fields that somebody owns, in the form that {@code metadata.managedFields} has: steps are {@code f:name}, {@code k:{"key":"value"}}
 * for an item by key and {@code v:"value"} for an item by value.
 *
 * @param member whether the path that leads here is itself in the set
 */
record FieldSet(boolean member, Map<String, FieldSet> below) {
    static final FieldSet EMPTY = new FieldSet(false, Map.of());
    static final FieldSet LEAF = new FieldSet(true, Map.of());

    static FieldSet of(boolean member, Map<String, FieldSet> below) {
        var kept = new TreeMap<String, FieldSet>();
        below.forEach((step, set) -> {
            if (!set.isEmpty()) {
                kept.put(step, set);
            }
        });
        return kept.isEmpty() ? (member ? LEAF : EMPTY) : new FieldSet(member, Collections.unmodifiableMap(kept));
    }

    static FieldSet at(String step, FieldSet below) {
        return of(false, Map.of(step, below));
    }

    static FieldSet fromJson(JsonNode fieldsV1) {
        boolean member = fieldsV1.isEmpty() || fieldsV1.has(".");
        var below = new TreeMap<String, FieldSet>();
        fieldsV1.properties().forEach(e -> {
            if (!e.getKey().equals(".")) {
                below.put(e.getKey(), fromJson(e.getValue()));
            }
        });
        return of(member, below);
    }

    ObjectNode toJson() {
        var json = Json.object();
        if (member && !below.isEmpty()) {
            json.putObject(".");
        }
        below.forEach((step, set) -> json.set(step, set.toJson()));
        return json;
    }

    boolean isEmpty() {
        return !member && below.isEmpty();
    }

    FieldSet get(String step) {
        return below.getOrDefault(step, EMPTY);
    }

    FieldSet plus(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        var united = new TreeMap<>(below);
        other.below.forEach((step, set) -> united.merge(step, set, FieldSet::plus));
        return of(member || other.member, united);
    }

    FieldSet minus(FieldSet other) {
        if (other.isEmpty() || isEmpty()) {
            return this;
        }
        var rest = new TreeMap<String, FieldSet>();
        below.forEach((step, set) -> rest.put(step, set.minus(other.get(step))));
        return of(member && !other.member, rest);
    }

    /** Without what is in {@code kept} and without the paths that lead there. */
    FieldSet sparing(FieldSet kept) {
        var rest = new TreeMap<String, FieldSet>();
        below.forEach((step, set) -> rest.put(step, set.sparing(kept.get(step))));
        return of(member && kept.isEmpty(), rest);
    }

    FieldSet and(FieldSet other) {
        var shared = new TreeMap<String, FieldSet>();
        below.forEach((step, set) -> shared.put(step, set.and(other.get(step))));
        return of(member && other.member, shared);
    }

    /** Calls with each path in the set, written as messages write it: {@code .spec.conditions[type="Ready"].status}. */
    void forEachPath(Consumer<String> action) {
        forEachPath("", action);
    }

    private void forEachPath(String path, Consumer<String> action) {
        if (member) {
            action.accept(path);
        }
        below.forEach((step, set) -> set.forEachPath(path + readable(step), action));
    }

    private static String readable(String step) {
        var rest = step.substring(2);
        if (step.startsWith("k:")) {
            return "[" + rest.substring(1, rest.length() - 1).replaceAll("\"([^\"]+)\":", "$1=") + "]";
        }
        return step.startsWith("v:") ? "[=" + rest + "]" : "." + rest;
    }
}
