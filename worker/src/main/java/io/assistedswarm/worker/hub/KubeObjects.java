package io.assistedswarm.worker.hub;

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
