package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.ResourceType.Column;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/** Objects as rows, for {@code kubectl get}. */
final class Tables {
    private final ResourceType type;
    private final String includeObject;
    private final InstantSource clock;

    /** @param includeObject None, Metadata or Object */
    Tables(ResourceType type, String includeObject, InstantSource clock) {
        this.type = type;
        this.includeObject = includeObject;
        this.clock = clock;
    }

    /** A table without rows. */
    ObjectNode empty(boolean withColumns) {
        var table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata");
        var columns = table.putArray("columnDefinitions");
        if (withColumns) {
            columns.addObject()
                    .put("name", "Name")
                    .put("type", "string")
                    .put("format", "name")
                    .put("description", "Name of the object, unique in its namespace and kind")
                    .put("priority", 0);
            for (var column : type.columns()) {
                columns.addObject()
                        .put("name", column.name())
                        // Dates are sent as an age already, as the real server does.
                        .put("type", column.type().equals("date") ? "string" : column.type())
                        .put("format", "")
                        .put("description", column.description())
                        .put("priority", column.priority());
            }
            if (type.columns().isEmpty()) {
                columns.addObject()
                        .put("name", "Age")
                        .put("type", "string")
                        .put("format", "")
                        .put("description", "Time since creation")
                        .put("priority", 0);
            }
        }
        table.putArray("rows");
        return table;
    }

    ObjectNode row(KubeObject object) {
        var tree = object.tree();
        var row = Json.object();
        var cells = row.putArray("cells").add(object.key().name());
        type.columns().forEach(column -> cells.add(cell(tree, column)));
        if (type.columns().isEmpty()) {
            cells.add(age(Json.text(tree, "metadata", "creationTimestamp")));
        }
        switch (includeObject) {
            case "None" -> {}
            case "Object" -> row.set("object", tree);
            default -> row.set("object", partial(tree));
        }
        return row;
    }

    /** The object's metadata alone, as kind PartialObjectMetadata. */
    static ObjectNode partial(ObjectNode tree) {
        var partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", tree.path("metadata"));
        return partial;
    }

    private JsonNode cell(ObjectNode tree, Column column) {
        var found = ColumnPath.find(tree, column.path());
        return switch (column.type()) {
            case "date" -> Json.object().textNode(age(found.asText()));
            case "string" -> Json.object().textNode(found.isContainerNode() ? found.toString() : found.asText());
            default -> found.isMissingNode() ? Json.object().nullNode() : found;
        };
    }

    private String age(String time) {
        return time.isEmpty()
                ? "<unknown>"
                : readable(Duration.between(OffsetDateTime.parse(time).toInstant(), clock.instant()));
    }

    /** As kubectl writes durations: one or two units, fewer the longer it is. */
    static String readable(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return two(minutes, "m", seconds % 60, "s");
        }
        if (minutes < 180) {
            return minutes + "m";
        }
        if (hours < 8) {
            return two(hours, "h", minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        return days < 8 ? two(days, "d", hours % 24, "h") : days + "d";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : small + smallUnit);
    }
}
