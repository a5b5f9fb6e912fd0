package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What the real server knows about its own kinds beyond their schema. */
final class KindRules {
    private static final String DOCKER_CONFIG = ".dockerconfigjson";

    private KindRules() {}

    /** Completes a new object. */
    static void prepareNew(ResourceType type, ObjectNode tree) {
        if (type.isNamespace()) {
            Json.child(Json.child(tree, "metadata"), "labels")
                    .put("kubernetes.io/metadata.name", Json.text(tree, "metadata", "name"));
            Json.child(tree, "spec").putArray("finalizers").add("kubernetes");
            tree.putObject("status").put("phase", "Active");
        }
        prepare(type, tree);
    }

    /** Completes any written object. */
    static void prepare(ResourceType type, ObjectNode tree) {
        if (isSecret(type)) {
            if (tree.remove("stringData") instanceof ObjectNode texts) {
                var data = Json.child(tree, "data");
                texts.properties()
                        .forEach(e -> data.put(
                                e.getKey(),
                                Base64.getEncoder()
                                        .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
            }
            if (Json.text(tree, "type").isEmpty()) {
                tree.put("type", "Opaque");
            }
        }
    }

    static List<Cause> check(ResourceType type, JsonNode tree) {
        var causes = new ArrayList<Cause>();
        if (isSecret(type) && Json.text(tree, "type").equals("kubernetes.io/dockerconfigjson")) {
            var encoded = tree.path("data").path(DOCKER_CONFIG);
            if (encoded.isMissingNode()) {
                causes.add(new Cause("FieldValueRequired", "Required value", "data[" + DOCKER_CONFIG + "]"));
            } else if (!isJson(encoded.asText())) {
                causes.add(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: \"<secret contents redacted>\": not a JSON document",
                        "data[" + DOCKER_CONFIG + "]"));
            }
        }
        return causes;
    }

    static List<Cause> checkChange(ResourceType type, JsonNode before, JsonNode now) {
        var causes = new ArrayList<Cause>();
        if (isSecret(type) && !before.path("type").equals(now.path("type"))) {
            causes.add(new Cause(
                    "FieldValueInvalid",
                    "Invalid value: \"" + Json.text(now, "type") + "\": field is immutable",
                    "type"));
        }
        if (before.path("immutable").asBoolean()
                && !(before.path("data").equals(now.path("data"))
                        && before.path("binaryData").equals(now.path("binaryData"))
                        && now.path("immutable").asBoolean())) {
            causes.add(
                    new Cause("FieldValueForbidden", "Forbidden: field is immutable when `immutable` is set", "data"));
        }
        return causes;
    }

    private static boolean isSecret(ResourceType type) {
        return type.group().isEmpty() && type.kind().equals("Secret");
    }

    private static boolean isJson(String encoded) {
        try {
            return Json.read(Base64.getMimeDecoder().decode(encoded)).isObject();
        } catch (IOException | IllegalArgumentException malformed) {
            return false;
        }
    }
}
