package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One kind that the server knows.
 *
 * @param group empty for the core group
 * @param hasStatus whether status is a subresource: writes to one side then ignore the other
 * @param columns printer columns after the name
 * @param schema of the whole object, with apiVersion, kind and metadata
 */
record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        boolean namespaced,
        boolean hasStatus,
        List<Column> columns,
        Schema schema) {

    /**
     * @param type as in a CRD: string, integer, boolean or date
     * @param path simple JSONPath
     * @param priority 0 is always shown, more only in wide output
     */
    record Column(String name, String type, String path, int priority, String description) {}

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    String listKind() {
        return kind + "List";
    }

    String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    /** Custom resources have a generation and refuse an update without a version; the core kinds here do neither. */
    boolean custom() {
        return group.contains(".") && !group.endsWith(".k8s.io");
    }

    boolean isNamespace() {
        return group.isEmpty() && kind.equals("Namespace");
    }

    /** There is one instance per kind; comparing whole schemas would be waste. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceType type && type.apiVersion().equals(apiVersion()) && type.kind.equals(kind);
    }

    @Override
    public int hashCode() {
        return kind.hashCode();
    }

    ObjectKey keyOf(ObjectNode tree) {
        return new ObjectKey(
                namespaced ? Json.text(tree, "metadata", "namespace") : "", Json.text(tree, "metadata", "name"));
    }
}
