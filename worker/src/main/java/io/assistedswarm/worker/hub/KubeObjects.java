package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Kubernetes objects as plain maps, read from rendered manifests. */
final class KubeObjects {
    /** Of what says nothing of it; of InfraEnvs, too. */
    private static final String ARCHITECTURE = "x86_64";

    private KubeObjects() {}

    /**
     * The objects of a manifest file; empty documents are skipped.
     *
     * @throws IllegalArgumentException that names the file and what is wrong in it
     */
    static List<Map<String, Object>> parse(String file, String yaml) {
        List<Map<String, Object>> objects = new ArrayList<>();
        try {
            for (Object document :
                    new Load(LoadSettings.builder().setLabel(file).build()).loadAllFromString(yaml)) {
                if (document != null) {
                    objects.add(checked(file, document));
                }
            }
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    "manifest '" + file + "' is no YAML once rendered: " + e.getMessage(), e);
        }
        return objects;
    }

    static String text(Map<String, Object> object, String key) {
        return object.get(key) instanceof String text ? text : "";
    }

    static String name(Map<String, Object> object) {
        return text(map(object.get("metadata")), "name");
    }

    static Optional<String> namespace(Map<String, Object> object) {
        return Optional.of(text(map(object.get("metadata")), "namespace")).filter(namespace -> !namespace.isEmpty());
    }

    /** The object with these labels, whatever its manifest says: what is not labelled would never be deleted. */
    static Map<String, Object> labelled(Map<String, Object> object, Map<String, String> labels) {
        Map<String, Object> metadata = new LinkedHashMap<>(map(object.get("metadata")));
        Map<String, Object> all = new LinkedHashMap<>(map(metadata.get("labels")));
        all.putAll(labels);
        metadata.put("labels", all);
        Map<String, Object> copy = new LinkedHashMap<>(object);
        copy.put("metadata", metadata);
        return copy;
    }

    /**
     * A machine's PreprovisioningImage: an ISO, as simulated machines have no other way to boot.
     *
     * @param machine the BareMetalHost as it is on the hub
     */
    static Map<String, Object> preprovisioningImage(JsonNode machine) {
        JsonNode metadata = machine.path("metadata");
        Map<String, String> labels = new LinkedHashMap<>();
        metadata.path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        String name = metadata.path("name").asText();
        String apiVersion = machine.path("apiVersion").asText();
        Map<String, Object> owner = Map.of(
                "apiVersion",
                apiVersion,
                "kind",
                machine.path("kind").asText(),
                "name",
                name,
                "uid",
                metadata.path("uid").asText(),
                "controller",
                true,
                "blockOwnerDeletion",
                true);
        return Map.of(
                "apiVersion",
                apiVersion,
                "kind",
                "PreprovisioningImage",
                "metadata",
                Map.of(
                        "name",
                        name,
                        "namespace",
                        metadata.path("namespace").asText(),
                        "labels",
                        labels,
                        "ownerReferences",
                        List.of(owner)),
                "spec",
                Map.of(
                        "acceptFormats", List.of("iso"),
                        "architecture", machine.at("/spec/architecture").asText(ARCHITECTURE)));
    }

    private static Map<String, Object> checked(String file, Object document) {
        Map<String, Object> object = map(document);
        for (String key : List.of("apiVersion", "kind")) {
            if (text(object, key).isEmpty()) {
                throw new IllegalArgumentException("manifest '" + file + "' has a document without " + key);
            }
        }
        if (name(object).isEmpty()) {
            throw new IllegalArgumentException(
                    "manifest '" + file + "' has a " + text(object, "kind") + " without metadata.name");
        }
        return object;
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, entry) -> copy.put(String.valueOf(key), entry));
        }
        return copy;
    }
}
