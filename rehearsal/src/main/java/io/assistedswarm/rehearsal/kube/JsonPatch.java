package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** RFC 6902. */
final class JsonPatch {
    private JsonPatch() {}

    /** @throws IllegalArgumentException if an operation cannot be carried out; the message says which and why */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isArray()) {
            throw new IllegalArgumentException("a JSON patch is a list of operations");
        }
        var result = target.deepCopy();
        for (var operation : patch) {
            result = apply(result, Json.text(operation, "op"), operation);
        }
        return result;
    }

    private static JsonNode apply(JsonNode root, String op, JsonNode operation) {
        var path = pointer(operation, "path");
        return switch (op) {
            case "add" -> add(root, path, operation.path("value").deepCopy());
            case "remove" -> remove(root, path);
            case "replace" ->
                add(remove(root, path), path, operation.path("value").deepCopy());
            case "copy" ->
                add(root, path, existing(root, pointer(operation, "from")).deepCopy());
            case "move" -> {
                var from = pointer(operation, "from");
                var value = existing(root, from);
                yield add(remove(root, from), path, value);
            }
            case "test" -> {
                if (!root.at(path).equals(operation.path("value"))) {
                    throw new IllegalArgumentException("testing value " + path + " failed");
                }
                yield root;
            }
            default -> throw new IllegalArgumentException("unexpected kind: " + op);
        };
    }

    private static JsonNode add(JsonNode root, JsonPointer path, JsonNode value) {
        if (path.matches()) {
            return value;
        }
        var parent = existing(root, path.head());
        var last = path.last();
        if (parent instanceof ArrayNode list) {
            int index = last.getMatchingProperty().equals("-") ? list.size() : last.getMatchingIndex();
            if (index < 0 || index > list.size()) {
                throw new IllegalArgumentException("add operation does not apply: no index " + path);
            }
            list.insert(index, value);
        } else if (parent instanceof ObjectNode object) {
            object.set(last.getMatchingProperty(), value);
        } else {
            throw new IllegalArgumentException("add operation does not apply: doc is missing path: " + path);
        }
        return root;
    }

    private static JsonNode remove(JsonNode root, JsonPointer path) {
        existing(root, path);
        if (path.matches()) {
            return root;
        }
        var last = path.last();
        switch (root.at(path.head())) {
            case ArrayNode list -> list.remove(last.getMatchingIndex());
            case ObjectNode object -> object.remove(last.getMatchingProperty());
            default -> throw new IllegalArgumentException("remove operation does not apply: " + path);
        }
        return root;
    }

    private static JsonNode existing(JsonNode root, JsonPointer path) {
        var node = root.at(path);
        if (node.isMissingNode()) {
            throw new IllegalArgumentException("operation does not apply: doc is missing path: " + path);
        }
        return node;
    }

    private static JsonPointer pointer(JsonNode operation, String field) {
        return JsonPointer.compile(Json.text(operation, field));
    }
}
