package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the server offers, in the old form (a document per group version) and the aggregated one. */
final class Discovery {
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private final ResourceCatalog catalog;

    Discovery(ResourceCatalog catalog) {
        this.catalog = catalog;
    }

    /** Empty if the path is not one of discovery. */
    Optional<Reply> answer(ApiCall call) {
        var path = call.path();
        if (path.isEmpty() || !List.of("api", "apis").contains(path.getFirst())) {
            return Optional.empty();
        }
        boolean core = path.getFirst().equals("api");
        if (path.size() == 1) {
            if (call.header().apply("Accept").contains("as=APIGroupDiscoveryList")
                    && call.header().apply("Accept").contains("v=v2;")) {
                return Optional.of(new Reply.Text(200, AGGREGATED, Json.bytes(aggregated(core)), List.of()));
            }
            return Optional.of(Reply.json(200, core ? coreVersions() : groupList()));
        }
        if (path.size() == 2) {
            return core ? resources(path.get(1)) : group(path.get(1)).map(tree -> Reply.json(200, tree));
        }
        return path.size() == 3 && !core ? resources(path.get(1) + "/" + path.get(2)) : Optional.empty();
    }

    private static ObjectNode coreVersions() {
        var tree = Json.object().put("kind", "APIVersions");
        tree.putArray("versions").add("v1");
        tree.putArray("serverAddressByClientCIDRs");
        return tree;
    }

    private ObjectNode groupList() {
        var tree = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = tree.putArray("groups");
        byGroup().forEach((group, types) -> {
            if (!group.isEmpty()) {
                groups.add(group(group, types));
            }
        });
        return tree;
    }

    private Optional<ObjectNode> group(String name) {
        return Optional.ofNullable(byGroup().get(name))
                .map(types -> group(name, types).put("kind", "APIGroup").put("apiVersion", "v1"));
    }

    private static ObjectNode group(String name, List<ResourceType> types) {
        var tree = Json.object().put("name", name);
        var version = Json.object()
                .put("groupVersion", types.getFirst().apiVersion())
                .put("version", types.getFirst().version());
        tree.putArray("versions").add(version);
        tree.set("preferredVersion", version);
        return tree;
    }

    private Optional<Reply> resources(String apiVersion) {
        var types = catalog.all().stream()
                .filter(t -> t.apiVersion().equals(apiVersion))
                .toList();
        if (types.isEmpty()) {
            return Optional.empty();
        }
        var tree = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", apiVersion);
        var resources = tree.putArray("resources");
        for (var type : types) {
            var resource = resource(resources, type, type.plural());
            resource.put("singularName", type.singular());
            addAll(resource.putArray("verbs"), VERBS);
            if (!type.shortNames().isEmpty()) {
                addAll(resource.putArray("shortNames"), type.shortNames());
            }
            if (type.hasStatus()) {
                var status = resource(resources, type, type.plural() + "/status");
                status.put("singularName", "");
                addAll(status.putArray("verbs"), List.of("get", "patch", "update"));
            }
        }
        return Optional.of(Reply.json(200, tree));
    }

    private static ObjectNode resource(ArrayNode list, ResourceType type, String name) {
        return list.addObject()
                .put("name", name)
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
    }

    private ObjectNode aggregated(boolean core) {
        var tree = Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        tree.putObject("metadata");
        var items = tree.putArray("items");
        byGroup().forEach((group, types) -> {
            if (group.isEmpty() == core) {
                var item = items.addObject();
                item.putObject("metadata").put("name", group).putNull("creationTimestamp");
                var version = item.putArray("versions").addObject();
                version.put("version", types.getFirst().version()).put("freshness", "Current");
                var resources = version.putArray("resources");
                types.forEach(type -> resources.add(aggregated(type)));
            }
        });
        return tree;
    }

    private static ObjectNode aggregated(ResourceType type) {
        var tree = Json.object().put("resource", type.plural());
        tree.set("responseKind", kind(type));
        tree.put("scope", type.namespaced() ? "Namespaced" : "Cluster").put("singularResource", type.singular());
        addAll(tree.putArray("verbs"), VERBS);
        addAll(tree.putArray("shortNames"), type.shortNames());
        if (type.hasStatus()) {
            var status = tree.putArray("subresources").addObject().put("subresource", "status");
            status.set("responseKind", kind(type));
            addAll(status.putArray("verbs"), List.of("get", "patch", "update"));
        }
        return tree;
    }

    private static ObjectNode kind(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private Map<String, List<ResourceType>> byGroup() {
        return catalog.all().stream()
                .collect(Collectors.groupingBy(ResourceType::group, LinkedHashMap::new, Collectors.toList()));
    }

    private static void addAll(ArrayNode list, Collection<String> texts) {
        texts.forEach(list::add);
    }
}
