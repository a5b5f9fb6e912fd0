package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** JSON trees and the two texts they come in. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return MAPPER.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException("a JSON tree could not be written", impossible);
        }
    }

    static JsonNode read(byte[] text) throws IOException {
        return MAPPER.readTree(text);
    }

    /** Reads one document of YAML or JSON. */
    static JsonNode readYaml(String text) throws IOException {
        if (looksLikeJson(text)) {
            return MAPPER.readTree(text);
        }
        var settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        try {
            return MAPPER.valueToTree(new Load(settings).loadFromString(text));
        } catch (YamlEngineException malformed) {
            throw new IOException(malformed.getMessage(), malformed);
        }
    }

    /** The object at {@code field}, created if it is absent or null. */
    static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode present ? present : parent.putObject(field);
    }

    /** The text at a path of fields, or the empty string. */
    static String text(JsonNode tree, String... path) {
        var node = tree;
        for (var field : path) {
            node = node.path(field);
        }
        return node.isValueNode() && !node.isNull() ? node.asText() : "";
    }

    private static boolean looksLikeJson(String text) {
        var stripped = text.stripLeading();
        return stripped.startsWith("{") || stripped.startsWith("[");
    }
}
