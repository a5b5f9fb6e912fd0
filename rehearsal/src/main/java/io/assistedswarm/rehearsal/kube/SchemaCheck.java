package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.Schema.Form;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Holds an object against its schema: what is unknown is cut away, what is missing gets its default, what is wrong is listed. */
final class SchemaCheck {
    private SchemaCheck() {}

    /** Removes the fields that the schema does not know. Returns their paths. */
    static List<String> prune(Schema schema, ObjectNode tree) {
        var unknown = new ArrayList<String>();
        prune(schema, tree, "", unknown);
        return unknown;
    }

    static void fillDefaults(Schema schema, JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            schema.properties().forEach((name, field) -> {
                if (!object.has(name)) {
                    field.fallback().ifPresent(value -> object.set(name, value.deepCopy()));
                }
            });
            for (var entry : object.properties()) {
                fillDefaults(schema.field(entry.getKey()), entry.getValue());
            }
        } else if (tree instanceof ArrayNode list) {
            list.forEach(item -> fillDefaults(schema.item(), item));
        }
    }

    /** Everything wrong with a pruned object, in the words of the real server's validation. */
    static List<Cause> validate(Schema schema, JsonNode tree) {
        var causes = new ArrayList<Cause>();
        validate(schema, tree, "", causes);
        return causes;
    }

    private static void prune(Schema schema, JsonNode tree, String path, List<String> unknown) {
        if (schema.type() == Form.ANY) {
            return;
        }
        if (tree instanceof ObjectNode object && schema.type() == Form.OBJECT) {
            var names = new ArrayList<String>();
            object.fieldNames().forEachRemaining(names::add);
            for (var name : names) {
                var at = path.isEmpty() ? name : path + "." + name;
                if (schema.knows(name)) {
                    prune(schema.field(name), object.get(name), at, unknown);
                } else {
                    unknown.add(at);
                    object.remove(name);
                }
            }
        } else if (tree instanceof ArrayNode list && schema.type() == Form.LIST) {
            for (int i = 0; i < list.size(); i++) {
                prune(schema.item(), list.get(i), path + "[" + i + "]", unknown);
            }
        }
    }

    private static void validate(Schema schema, JsonNode value, String path, List<Cause> causes) {
        if (!hasType(schema, value)) {
            causes.add(wrongType(schema, value, path));
            return;
        }
        switch (schema.type()) {
            case OBJECT -> validateObject(schema, value, path, causes);
            case LIST -> validateList(schema, value, path, causes);
            case INTEGER, NUMBER -> validateNumber(schema, value, path, causes);
            case STRING, TIME, BYTES -> validateText(schema, value.asText(), path, causes);
            case BOOLEAN, TEXT_OR_NUMBER, ANY -> {}
        }
    }

    private static boolean hasType(Schema schema, JsonNode value) {
        return switch (schema.type()) {
            case OBJECT -> value.isObject();
            case LIST -> value.isArray();
            case STRING -> value.isTextual();
            // Go's clients write an absent time as null.
            case TIME -> value.isTextual() || value.isNull();
            case BYTES -> value.isTextual();
            case INTEGER -> value.isIntegralNumber();
            case NUMBER -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case TEXT_OR_NUMBER -> value.isTextual() || value.isIntegralNumber();
            case ANY -> true;
        };
    }

    private static Cause wrongType(Schema schema, JsonNode value, String path) {
        var found = switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            default -> "null";
        };
        var wanted = schema.jsonType().isEmpty() ? "integer or string" : schema.jsonType();
        return new Cause(
                "FieldValueTypeInvalid",
                "Invalid value: \"" + found + "\": " + path + " in body must be of type " + wanted + ": \"" + found
                        + "\"",
                path);
    }

    private static void validateObject(Schema schema, JsonNode value, String path, List<Cause> causes) {
        for (var name : schema.required()) {
            if (!value.has(name)) {
                causes.add(new Cause("FieldValueRequired", "Required value", below(path, name)));
            }
        }
        for (var entry : value.properties()) {
            validate(schema.field(entry.getKey()), entry.getValue(), below(path, entry.getKey()), causes);
        }
    }

    private static void validateList(Schema schema, JsonNode value, String path, List<Cause> causes) {
        int size = value.size();
        schema.limits()
                .minItems()
                .filter(min -> size < min)
                .ifPresent(min -> causes.add(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: " + size + ": " + path + " in body should have at least " + min + " items",
                        path)));
        schema.limits()
                .maxItems()
                .filter(max -> size > max)
                .ifPresent(max -> causes.add(new Cause(
                        "FieldValueTooMany", "Too many: " + size + ": must have at most " + max + " items", path)));
        for (int i = 0; i < size; i++) {
            validate(schema.item(), value.get(i), path + "[" + i + "]", causes);
        }
    }

    private static void validateNumber(Schema schema, JsonNode value, String path, List<Cause> causes) {
        double number = value.asDouble();
        schema.limits()
                .minimum()
                .filter(min -> number < min)
                .ifPresent(min -> causes.add(
                        invalid(value.asText(), path, path + " in body should be greater than or equal to " + min)));
        schema.limits()
                .maximum()
                .filter(max -> number > max)
                .ifPresent(max -> causes.add(
                        invalid(value.asText(), path, path + " in body should be less than or equal to " + max)));
    }

    private static void validateText(Schema schema, String text, String path, List<Cause> causes) {
        var limits = schema.limits();
        var quoted = "\"" + text + "\"";
        if (!limits.choices().isEmpty() && !limits.choices().contains(text)) {
            var choices = limits.choices().stream().map(c -> "\"" + c + "\"").collect(Collectors.joining(", "));
            causes.add(new Cause(
                    "FieldValueNotSupported", "Unsupported value: " + quoted + ": supported values: " + choices, path));
        }
        limits.pattern()
                .filter(p -> !p.matcher(text).find())
                .ifPresent(
                        p -> causes.add(invalid(quoted, path, path + " in body should match '" + p.pattern() + "'")));
        limits.maxLength()
                .filter(max -> text.length() > max)
                .ifPresent(max -> causes.add(
                        new Cause("FieldValueTooLong", "Too long: may not be more than " + max + " bytes", path)));
        if (schema.type() == Form.TIME && !text.equals("null") && !isTime(text)) {
            causes.add(invalid(quoted, path, path + " in body must be of type date-time: " + quoted));
        }
        if (schema.type() == Form.BYTES && !isBase64(text)) {
            causes.add(invalid(quoted, path, path + " in body must be of type byte: " + quoted));
        }
    }

    private static Cause invalid(String value, String path, String why) {
        return new Cause("FieldValueInvalid", "Invalid value: " + value + ": " + why, path);
    }

    private static boolean isTime(String text) {
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeParseException malformed) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getMimeDecoder().decode(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static String below(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
