package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * The few forms of JSONPath that printer columns need: fields, fields with escaped dots, {@code [?(@.type=='X')]}, and of our own
 * {@code count(path)} and {@code join(path,path)}, which is {@code a/b}.
 */
final class ColumnPath {
    private static final Pattern STEP =
            Pattern.compile("\\.((?:[^.\\[\\\\]|\\\\.)+)|\\[\\?\\(@\\.(\\w+)==['\"]([^'\"]*)['\"]\\)\\]");

    private ColumnPath() {}

    /** What is found, or a missing node. */
    static JsonNode find(JsonNode tree, String path) {
        if (path.startsWith("count(")) {
            return Json.object().numberNode(walk(tree, inner(path)).size());
        }
        if (path.startsWith("join(")) {
            var parts = inner(path).split(",", 2);
            var kind = walk(tree, parts[0]).asText().toLowerCase(java.util.Locale.ROOT);
            return Json.object().textNode(kind + "/" + walk(tree, parts[1]).asText());
        }
        return walk(tree, path);
    }

    private static String inner(String call) {
        return call.substring(call.indexOf('(') + 1, call.length() - 1);
    }

    private static JsonNode walk(JsonNode tree, String path) {
        var node = tree;
        var steps = STEP.matcher(path);
        while (steps.find()) {
            node = steps.group(1) != null
                    ? node.path(steps.group(1).replace("\\", ""))
                    : itemWhere(node, steps.group(2), steps.group(3));
        }
        return node;
    }

    private static JsonNode itemWhere(JsonNode list, String field, String value) {
        for (var item : list) {
            if (Json.text(item, field).equals(value)) {
                return item;
            }
        }
        return Json.object().path("nothing");
    }
}
