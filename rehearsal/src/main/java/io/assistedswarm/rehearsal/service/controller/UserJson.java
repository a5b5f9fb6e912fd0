package io.assistedswarm.rehearsal.service.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Json;
import java.util.ArrayList;
import java.util.List;

/** JSON that users write into text fields and annotations. Empty text is nothing at all. */
final class UserJson {
    private UserJson() {}

    /** @throws InvalidInput unless the text is a list of texts */
    static List<String> texts(String where, String json) {
        List<String> texts = new ArrayList<>();
        if (!json.isEmpty()) {
            JsonNode list = read(where, json);
            if (!list.isArray()) {
                throw new InvalidInput("%s must be a JSON list of texts".formatted(where));
            }
            list.forEach(item -> {
                if (!item.isTextual()) {
                    throw new InvalidInput("%s must be a JSON list of texts, %s is none".formatted(where, item));
                }
                texts.add(item.asText());
            });
        }
        return texts;
    }

    /**
     * The text itself.
     *
     * @throws InvalidInput unless it is an object
     */
    static String object(String where, String json) {
        if (!json.isEmpty() && !read(where, json).isObject()) {
            throw new InvalidInput("%s must be a JSON object".formatted(where));
        }
        return json;
    }

    private static JsonNode read(String where, String json) {
        try {
            return Json.STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidInput("%s is no JSON: %s".formatted(where, e.getOriginalMessage()));
        }
    }
}
