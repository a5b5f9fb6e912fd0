package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One version of one object; never changes.
 *
 * <p>Its text is written at most once and shared by all who send it. The tree of a version that was replaced is dropped, as only
 * late watchers ask for it, and read from the text again if need be: an Agent's tree is several times its text.
 */
final class KubeObject {
    private final ResourceType type;
    private final ObjectKey key;
    private final long version;
    private final String uid;
    private final Map<String, String> labels;
    private final List<JsonNode> owners;
    private final boolean terminating;
    private volatile ObjectNode tree;
    private volatile byte[] json;

    /** @param tree belongs to this object from now on */
    KubeObject(ResourceType type, ObjectNode tree, long version) {
        this.type = type;
        this.key = type.keyOf(tree);
        this.version = version;
        this.uid = Json.text(tree, "metadata", "uid");
        this.labels = labelsOf(tree);
        this.owners = ownersOf(tree);
        this.terminating = tree.path("metadata").has("deletionTimestamp");
        this.tree = tree;
    }

    ResourceType type() {
        return type;
    }

    ObjectKey key() {
        return key;
    }

    long version() {
        return version;
    }

    String uid() {
        return uid;
    }

    Map<String, String> labels() {
        return labels;
    }

    /** The owner references. */
    List<JsonNode> owners() {
        return owners;
    }

    /** To be read only; {@link #copy()} is for changing. */
    ObjectNode tree() {
        var present = tree;
        if (present != null) {
            return present;
        }
        try {
            return (ObjectNode) Json.read(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(key + " could not be read back", impossible);
        }
    }

    ObjectNode copy() {
        return tree().deepCopy();
    }

    /** The same state under a later version. */
    KubeObject withVersion(long later) {
        var copy = copy();
        Json.child(copy, "metadata").put("resourceVersion", Long.toString(later));
        return new KubeObject(type, copy, later);
    }

    byte[] json() {
        var present = tree;
        var text = json;
        if (text == null) {
            // Two threads may both write it; the texts are equal. The tree is dropped only once there is a text.
            text = present == null ? json : Json.bytes(present);
            json = text;
        }
        return text;
    }

    /** Called once a newer version took its place. */
    void superseded() {
        json();
        tree = null;
    }

    boolean terminating() {
        return terminating;
    }

    private static List<JsonNode> ownersOf(ObjectNode tree) {
        var owners = new ArrayList<JsonNode>();
        tree.path("metadata").path("ownerReferences").forEach(owners::add);
        return List.copyOf(owners);
    }

    private static Map<String, String> labelsOf(ObjectNode tree) {
        var labels = new HashMap<String, String>();
        tree.path("metadata")
                .path("labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return Collections.unmodifiableMap(labels);
    }
}
