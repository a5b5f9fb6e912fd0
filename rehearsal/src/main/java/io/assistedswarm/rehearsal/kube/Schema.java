package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a value may look like, and how server-side apply cuts it into fields.
 *
 * @param properties of an object with known fields
 * @param values of an object with free keys
 * @param items of a list
 * @param whole whether an object or list has one owner as a whole; lists are unless they say otherwise
 * @param keys fields that identify an item of a list; the list is then owned item by item
 * @param fallback default value
 */
record Schema(
        Form type,
        Map<String, Schema> properties,
        Set<String> required,
        Optional<Schema> values,
        Optional<Schema> items,
        Limits limits,
        boolean whole,
        List<String> keys,
        Optional<JsonNode> fallback) {

    /** ANY keeps whatever it finds, TEXT_OR_NUMBER is a port or a quantity. */
    enum Form {
        OBJECT,
        LIST,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        TIME,
        BYTES,
        TEXT_OR_NUMBER,
        ANY
    }

    /** @param choices empty if any value will do */
    record Limits(
            List<String> choices,
            Optional<Pattern> pattern,
            Optional<Long> minimum,
            Optional<Long> maximum,
            Optional<Integer> maxLength,
            Optional<Integer> minItems,
            Optional<Integer> maxItems) {
        static final Limits NONE = new Limits(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static final Schema FREE = leaf(Form.ANY, Limits.NONE, Optional.empty());

    static Schema leaf(Form type, Limits limits, Optional<JsonNode> fallback) {
        return new Schema(
                type, Map.of(), Set.of(), Optional.empty(), Optional.empty(), limits, false, List.of(), fallback);
    }

    /** The schema of a field of an object; anything goes below {@code ANY}. */
    Schema field(String name) {
        var known = properties.get(name);
        return known != null ? known : values.orElse(FREE);
    }

    boolean knows(String name) {
        return type == Form.ANY || values.isPresent() || properties.containsKey(name);
    }

    Schema item() {
        return items.orElse(FREE);
    }

    /** A list whose items are owned one by one: by their keys, or by their value if {@code keys} is only {@code "."}. */
    boolean itemised() {
        return type == Form.LIST && !keys.isEmpty();
    }

    boolean itemisedByValue() {
        return keys.equals(List.of("."));
    }

    /** Name of the JSON type for messages and OpenAPI; empty for any. */
    String jsonType() {
        return switch (type) {
            case OBJECT -> "object";
            case LIST -> "array";
            case STRING, TIME, BYTES -> "string";
            case INTEGER -> "integer";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case TEXT_OR_NUMBER, ANY -> "";
        };
    }
}
