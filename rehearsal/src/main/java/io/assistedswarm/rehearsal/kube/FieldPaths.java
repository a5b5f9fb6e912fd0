package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Cuts trees into fields as the schema says, and puts them together again. */
final class FieldPaths {
    private FieldPaths() {}

    /** Every leaf of the tree. */
    static FieldSet of(Schema schema, JsonNode tree) {
        if (tree instanceof ObjectNode object && !schema.whole() && !object.isEmpty()) {
            var below = new TreeMap<String, FieldSet>();
            object.properties().forEach(e -> below.put("f:" + e.getKey(), of(schema.field(e.getKey()), e.getValue())));
            return FieldSet.of(false, below);
        }
        if (tree instanceof ArrayNode list && schema.itemised() && !list.isEmpty()) {
            var below = new TreeMap<String, FieldSet>();
            list.forEach(item -> below.put(step(schema, item), ofItem(schema, item)));
            return FieldSet.of(false, below);
        }
        return FieldSet.LEAF;
    }

    /** The leaves of {@code now} that are new or differ from {@code before}. */
    static FieldSet changed(Schema schema, JsonNode before, JsonNode now) {
        if (now.equals(before)) {
            return FieldSet.EMPTY;
        }
        if (now instanceof ObjectNode object && before.isObject() && !schema.whole() && !object.isEmpty()) {
            var below = new TreeMap<String, FieldSet>();
            object.properties()
                    .forEach(e -> below.put(
                            "f:" + e.getKey(),
                            changed(schema.field(e.getKey()), before.path(e.getKey()), e.getValue())));
            return FieldSet.of(false, below);
        }
        if (now instanceof ArrayNode list && before.isArray() && schema.itemised() && !list.isEmpty()) {
            var known = items(schema, before);
            var below = new TreeMap<String, FieldSet>();
            list.forEach(item -> {
                var step = step(schema, item);
                var old = known.get(step);
                below.put(step, old == null ? ofItem(schema, item) : changed(itemSchema(schema), old, item));
            });
            return FieldSet.of(false, below);
        }
        return of(schema, now);
    }

    /** Lays {@code applied} over {@code live}; what only {@code live} has stays. */
    static JsonNode merge(Schema schema, JsonNode live, JsonNode applied) {
        if (applied instanceof ObjectNode object && live instanceof ObjectNode base && !schema.whole()) {
            var merged = base.deepCopy();
            object.properties()
                    .forEach(e -> merged.set(
                            e.getKey(), merge(schema.field(e.getKey()), base.path(e.getKey()), e.getValue())));
            return merged;
        }
        if (applied instanceof ArrayNode list && live instanceof ArrayNode base && schema.itemised()) {
            var merged = new LinkedHashMap<String, JsonNode>(items(schema, base));
            list.forEach(
                    item -> merged.merge(step(schema, item), item, (old, now) -> merge(itemSchema(schema), old, now)));
            var result = Json.array();
            merged.values().forEach(result::add);
            return result;
        }
        return applied.deepCopy();
    }

    /** Takes {@code fields} out of {@code tree}, which it changes; objects that become empty by that go too. */
    static void remove(Schema schema, JsonNode tree, FieldSet fields) {
        if (tree instanceof ObjectNode object) {
            fields.below().forEach((step, below) -> {
                var name = step.substring(2);
                var child = object.path(name);
                remove(schema.field(name), child, below);
                boolean emptied = child.isContainerNode()
                        && child.isEmpty()
                        && !below.below().isEmpty();
                if (below.member() || emptied) {
                    object.remove(name);
                }
            });
        } else if (tree instanceof ArrayNode list && schema.itemised()) {
            for (int i = list.size() - 1; i >= 0; i--) {
                var below = fields.get(step(schema, list.get(i)));
                if (below.member()) {
                    list.remove(i);
                } else {
                    remove(itemSchema(schema), list.get(i), below);
                }
            }
        }
    }

    private static FieldSet ofItem(Schema schema, JsonNode item) {
        return schema.itemisedByValue()
                ? FieldSet.LEAF
                : new FieldSet(true, of(itemSchema(schema), item).below());
    }

    private static Schema itemSchema(Schema list) {
        return list.item();
    }

    private static Map<String, JsonNode> items(Schema schema, JsonNode list) {
        var byStep = new LinkedHashMap<String, JsonNode>();
        list.forEach(item -> byStep.put(step(schema, item), item));
        return byStep;
    }

    private static String step(Schema list, JsonNode item) {
        if (list.itemisedByValue()) {
            return "v:" + new String(Json.bytes(item), StandardCharsets.UTF_8);
        }
        var key = Json.object();
        list.keys().forEach(name -> key.set(name, item.path(name)));
        return "k:" + new String(Json.bytes(key), StandardCharsets.UTF_8);
    }
}
