package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The digest of what the real service answered (made by {@code src/test/scripts/answers.py}), and the comparison with it. */
final class RecordedAnswers {
    /** What the rehearsal's server sets or leaves out by itself; see docs/rehearsal.md. */
    private static final Set<String> SERVER_HEADERS =
            Set.of("date", "content-length", "transfer-encoding", "connection");

    private final JsonNode digest;

    private RecordedAnswers(JsonNode digest) {
        this.digest = digest;
    }

    static RecordedAnswers read(String name) throws IOException {
        try (InputStream in = RecordedAnswers.class.getResourceAsStream(name + ".answers.json")) {
            return new RecordedAnswers(Json.LENIENT.readTree(in));
        }
    }

    /** The steps of each poll of one host, as every host of the recording got them. */
    List<List<String>> polls() {
        List<List<String>> polls = new ArrayList<>();
        digest.path("polls").get(0).forEach(poll -> polls.add(texts(poll)));
        return polls;
    }

    /** The end state of an object of the kind. */
    JsonNode end(String kind) {
        return digest.path("end").path(kind);
    }

    /**
     * What is different from the recorded answers to this kind of call; empty for nothing.
     *
     * @param label method and path template, with what else tells kinds apart
     */
    List<String> differences(String label, int status, Map<String, List<String>> headers, String body) {
        JsonNode call = digest.path("calls").path(label);
        if (call.isMissingNode()) {
            return List.of(label + ": never recorded");
        }
        List<String> differences = new ArrayList<>();
        if (status != call.path("status").asInt()) {
            differences.add("%s: status %d, recorded %s: %s".formatted(label, status, call.path("status"), body));
            return differences;
        }
        Set<String> names = new TreeSet<>();
        headers.keySet().forEach(name -> names.add(name.toLowerCase(java.util.Locale.ROOT)));
        Set<String> recordedNames = new TreeSet<>(texts(call.path("headers")));
        names.removeAll(SERVER_HEADERS);
        recordedNames.removeAll(SERVER_HEADERS);
        if (!names.equals(recordedNames)) {
            differences.add("%s: headers %s, recorded %s".formatted(label, names, recordedNames));
        }
        String contentType = headers.getOrDefault("content-type", List.of("")).getFirst();
        if (!contentType.equals(call.path("contentType").asText())) {
            differences.add("%s: content type %s".formatted(label, contentType));
        }
        if (contentType.equals("application/json")) {
            compareBody(label, call, body, differences);
        }
        return differences;
    }

    private static void compareBody(String label, JsonNode call, String body, List<String> differences) {
        Map<String, Set<String>> flat = new TreeMap<>();
        try {
            flatten(Json.LENIENT.readTree(body), "", flat);
        } catch (JsonProcessingException e) {
            differences.add(label + ": not JSON: " + e.getOriginalMessage());
            return;
        }
        for (String key : texts(call.path("always"))) {
            if (!flat.containsKey(key)) {
                differences.add(label + ": without " + key);
            }
        }
        flat.forEach((key, kinds) -> {
            List<String> recorded = texts(call.path("types").path(key));
            if (recorded.isEmpty()) {
                differences.add(label + ": has " + key + ", never recorded");
            } else if (!recorded.containsAll(kinds)) {
                differences.add("%s: %s is %s, recorded %s".formatted(label, key, kinds, recorded));
            }
        });
    }

    /** Paths of all keys with the types of their values; validations by their ids, whose order counts. */
    static void flatten(JsonNode value, String path, Map<String, Set<String>> flat) throws JsonProcessingException {
        if (value.isObject()) {
            if (value.isEmpty()) {
                add(flat, path, "object");
            }
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                flatten(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), flat);
            }
        } else if (value.isArray()) {
            add(flat, path, "array");
            for (JsonNode element : value) {
                flatten(element, path + "[]", flat);
            }
        } else if (path.endsWith("validations_info")) {
            Json.LENIENT.readTree(value.asText()).properties().forEach(group -> {
                List<String> ids = new ArrayList<>();
                group.getValue().forEach(check -> ids.add(check.path("id").asText()));
                add(flat, path + ">" + group.getKey(), String.join(",", ids));
            });
        } else {
            add(
                    flat,
                    path,
                    value.isNull() ? "null" : value.isBoolean() ? "boolean" : value.isNumber() ? "number" : "string");
        }
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static void add(Map<String, Set<String>> flat, String path, String kind) {
        flat.computeIfAbsent(path, p -> new TreeSet<>()).add(kind);
    }
}
