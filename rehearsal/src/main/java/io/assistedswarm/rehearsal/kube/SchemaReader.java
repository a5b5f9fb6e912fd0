package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.assistedswarm.rehearsal.kube.Schema.Form;
import io.assistedswarm.rehearsal.kube.Schema.Limits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads the compact notation of {@code resources/kube/*.yaml}.
 *
 * <p>A text is a type with limits: {@code string enum=a|b default=a}, {@code integer min=0}, {@code string pattern=^[a-z]+$} (a pattern
 * goes to the end of the text), or {@code $Name} for a shared type. A list of one element is a list of that. A map is an object: {@code field: type},
 * {@code field!: type} for a required one, {@code "*": type} for free keys, and about the object itself {@code ~whole: true}. A map with {@code ~list}
 * is a list with more to say: {@code ~keys}, {@code ~min}, {@code ~max}. {@code ~default} is the default of a map or list.
 */
final class SchemaReader {
    private final JsonNode shared;
    private final Map<String, Schema> named = new HashMap<>();

    /** @param shared the named types */
    SchemaReader(JsonNode shared) {
        this.shared = shared;
    }

    Schema read(JsonNode notation) {
        if (notation.isTextual()) {
            return ofText(notation.asText());
        }
        if (notation.isArray()) {
            return list(read(notation.get(0)), Limits.NONE, List.of(), Optional.empty());
        }
        if (notation.has("~list")) {
            return ofListMap(notation);
        }
        return ofMap(notation);
    }

    Schema named(String name) {
        var known = named.get(name);
        if (known != null) {
            return known;
        }
        if (!shared.has(name)) {
            throw new IllegalArgumentException("no shared type is called [" + name + "]");
        }
        var schema = read(shared.get(name));
        named.put(name, schema);
        return schema;
    }

    private Schema ofMap(JsonNode notation) {
        var properties = new LinkedHashMap<String, Schema>();
        var required = new LinkedHashSet<String>();
        var values = Optional.<Schema>empty();
        for (var entry : notation.properties()) {
            var key = entry.getKey();
            if (key.equals("*")) {
                values = Optional.of(read(entry.getValue()));
            } else if (key.endsWith("!")) {
                var field = key.substring(0, key.length() - 1);
                required.add(field);
                properties.put(field, read(entry.getValue()));
            } else if (!key.startsWith("~")) {
                properties.put(key, read(entry.getValue()));
            }
        }
        return new Schema(
                Form.OBJECT,
                properties,
                required,
                values,
                Optional.empty(),
                Limits.NONE,
                notation.path("~whole").asBoolean(),
                List.of(),
                Optional.ofNullable(notation.get("~default")));
    }

    private Schema ofListMap(JsonNode notation) {
        var keys = new ArrayList<String>();
        notation.path("~keys").forEach(k -> keys.add(k.asText()));
        var none = Limits.NONE;
        var limits = new Limits(
                none.choices(),
                none.pattern(),
                none.minimum(),
                none.maximum(),
                none.maxLength(),
                Optional.ofNullable(notation.get("~min")).map(JsonNode::asInt),
                Optional.ofNullable(notation.get("~max")).map(JsonNode::asInt));
        return list(
                read(notation.get("~list")), limits, List.copyOf(keys), Optional.ofNullable(notation.get("~default")));
    }

    private static Schema list(Schema item, Limits limits, List<String> keys, Optional<JsonNode> fallback) {
        return new Schema(
                Form.LIST,
                Map.of(),
                java.util.Set.of(),
                Optional.empty(),
                Optional.of(item),
                limits,
                keys.isEmpty(),
                keys,
                fallback);
    }

    private Schema ofText(String text) {
        if (text.startsWith("$")) {
            return named(text.substring(1));
        }
        var beforePattern = text;
        var pattern = Optional.<Pattern>empty();
        int start = text.indexOf("pattern=");
        if (start >= 0) {
            beforePattern = text.substring(0, start).strip();
            pattern = Optional.of(Pattern.compile(text.substring(start + "pattern=".length())));
        }
        var words = List.of(beforePattern.split(" +", -1));
        var type = typeOf(words.getFirst());
        var said = new HashMap<String, String>();
        for (var word : words.subList(1, words.size())) {
            int equals = word.indexOf('=');
            said.put(word.substring(0, equals), word.substring(equals + 1));
        }
        var limits = new Limits(
                Optional.ofNullable(said.remove("enum"))
                        .map(e -> List.of(e.split("\\|", -1)))
                        .orElse(List.of()),
                pattern,
                Optional.ofNullable(said.remove("min")).map(Long::valueOf),
                Optional.ofNullable(said.remove("max")).map(Long::valueOf),
                Optional.ofNullable(said.remove("maxLength")).map(Integer::valueOf),
                Optional.empty(),
                Optional.empty());
        var fallback = Optional.ofNullable(said.remove("default")).map(d -> literal(type, d));
        if (!said.isEmpty()) {
            throw new IllegalArgumentException("[" + text + "] has words that mean nothing here: " + said.keySet());
        }
        return Schema.leaf(type, limits, fallback);
    }

    private static JsonNode literal(Form type, String text) {
        return switch (type) {
            case INTEGER -> IntNode.valueOf(Integer.parseInt(text));
            case BOOLEAN -> BooleanNode.valueOf(Boolean.parseBoolean(text));
            default -> TextNode.valueOf(text);
        };
    }

    private static Form typeOf(String word) {
        return switch (word) {
            case "string" -> Form.STRING;
            case "integer" -> Form.INTEGER;
            case "number" -> Form.NUMBER;
            case "boolean" -> Form.BOOLEAN;
            case "time" -> Form.TIME;
            case "bytes" -> Form.BYTES;
            case "string-or-integer" -> Form.TEXT_OR_NUMBER;
            case "any" -> Form.ANY;
            default -> throw new IllegalArgumentException("[" + word + "] is not a type");
        };
    }
}
