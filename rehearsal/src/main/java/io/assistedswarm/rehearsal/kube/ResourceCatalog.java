package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.ResourceType.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that the server knows, read from {@code resources/kube}. */
final class ResourceCatalog {
    private static final List<String> FILES =
            List.of("core.yaml", "hive.yaml", "agentclusterinstall.yaml", "infraenv.yaml", "agent.yaml", "metal3.yaml");

    private final Map<String, ResourceType> byPath = new LinkedHashMap<>();

    private ResourceCatalog(Collection<ResourceType> types) {
        types.forEach(type -> byPath.put(path(type.apiVersion(), type.plural()), type));
    }

    static ResourceCatalog load() {
        var shared = resource("shared.yaml");
        var reader = new SchemaReader(shared);
        var types = new ArrayList<ResourceType>();
        for (var file : FILES) {
            resource(file).path("kinds").forEach(kind -> types.add(typeOf(kind, reader)));
        }
        return new ResourceCatalog(types);
    }

    Collection<ResourceType> all() {
        return byPath.values();
    }

    Optional<ResourceType> find(String apiVersion, String plural) {
        return Optional.ofNullable(byPath.get(path(apiVersion, plural)));
    }

    /** By the apiVersion and kind that an owner reference names. */
    Optional<ResourceType> findKind(String apiVersion, String kind) {
        return all().stream()
                .filter(t -> t.kind().equals(kind) && t.apiVersion().equals(apiVersion))
                .findFirst();
    }

    ResourceType namespaces() {
        return byPath.get(path("v1", "namespaces"));
    }

    private static String path(String apiVersion, String plural) {
        return apiVersion + "/" + plural;
    }

    private static ResourceType typeOf(JsonNode kind, SchemaReader reader) {
        var shortNames = new ArrayList<String>();
        kind.path("shortNames").forEach(n -> shortNames.add(n.asText()));
        var columns = new ArrayList<Column>();
        kind.path("columns")
                .forEach(c -> columns.add(new Column(
                        Json.text(c, "name"),
                        c.has("type") ? Json.text(c, "type") : "string",
                        Json.text(c, "path"),
                        c.path("priority").asInt(0),
                        Json.text(c, "description"))));
        var notation = (ObjectNode) kind.get("schema").deepCopy();
        notation.put("apiVersion", "string").put("kind", "string").put("metadata", "$ObjectMeta");
        return new ResourceType(
                Json.text(kind, "group"),
                Json.text(kind, "version"),
                Json.text(kind, "kind"),
                Json.text(kind, "plural"),
                Json.text(kind, "singular"),
                List.copyOf(shortNames),
                kind.path("namespaced").asBoolean(true),
                kind.path("status").asBoolean(false),
                List.copyOf(columns),
                reader.read(notation));
    }

    private static JsonNode resource(String name) {
        try (var in = ResourceCatalog.class.getResourceAsStream("/kube/" + name)) {
            if (in == null) {
                throw new IllegalStateException("resource kube/" + name + " is missing from this build");
            }
            return Json.readYaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("resource kube/" + name + " cannot be read", unreadable);
        }
    }
}
