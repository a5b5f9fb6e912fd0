package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The schemas and what can be asked of a write, for kubectl's checks and {@code kubectl explain}. */
final class OpenApi {
    private static final String REFERENCE = "#/components/schemas/";

    private final ResourceCatalog catalog;

    OpenApi(ResourceCatalog catalog) {
        this.catalog = catalog;
    }

    /** Empty if the path is not below /openapi, or of an unknown group. */
    Optional<Reply> answer(ApiCall call) {
        var path = call.path();
        if (path.size() < 2 || !path.getFirst().equals("openapi")) {
            return Optional.empty();
        }
        if (path.get(1).equals("v2") && path.size() == 2) {
            return Optional.of(version2(call));
        }
        if (!path.get(1).equals("v3")) {
            return Optional.empty();
        }
        return path.size() == 2 ? Optional.of(Reply.json(200, index())) : document(path.subList(2, path.size()));
    }

    /** The old form is offered as JSON only, without paths: what asks for Protobuf has to use version 3. */
    private static Reply version2(ApiCall call) {
        var accept = call.header().apply("Accept");
        if (!accept.isEmpty() && !accept.contains("json") && !accept.contains("*/*")) {
            throw StatusFailure.notAcceptable(List.of(Reply.JSON));
        }
        var tree = Json.object().put("swagger", "2.0");
        tree.set("info", info());
        tree.putObject("paths");
        tree.putObject("definitions");
        return Reply.json(200, tree);
    }

    private ObjectNode index() {
        var tree = Json.object();
        var paths = tree.putObject("paths");
        for (var type : catalog.all()) {
            paths.putObject(prefix(type).substring(1)).put("serverRelativeURL", "/openapi/v3" + prefix(type));
        }
        return tree;
    }

    private Optional<Reply> document(List<String> path) {
        var wanted = "/" + String.join("/", path);
        var types = catalog.all().stream().filter(t -> prefix(t).equals(wanted)).toList();
        if (types.isEmpty()) {
            return Optional.empty();
        }
        var tree = Json.object().put("openapi", "3.0.0");
        tree.set("info", info());
        var paths = tree.putObject("paths");
        var schemas = tree.putObject("components").putObject("schemas");
        for (var type : types) {
            addPaths(paths, type);
            var schema = schema(type.schema());
            schema.putArray("x-kubernetes-group-version-kind").add(kind(type));
            schemas.set(schemaName(type), schema);
        }
        return Optional.of(Reply.json(200, tree));
    }

    private static void addPaths(ObjectNode paths, ResourceType type) {
        var collection = prefix(type) + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        var list = paths.putObject(collection);
        addOperation(list, "get", "list", type);
        addOperation(list, "post", "post", type);
        var object = paths.putObject(collection + "/{name}");
        addOperation(object, "get", "get", type);
        addOperation(object, "put", "put", type);
        addOperation(object, "patch", "patch", type);
        addOperation(object, "delete", "delete", type);
    }

    private static void addOperation(ObjectNode path, String method, String action, ResourceType type) {
        var operation = path.putObject(method).put("x-kubernetes-action", action);
        operation.set("x-kubernetes-group-version-kind", kind(type));
        var parameters = operation.putArray("parameters");
        if (!method.equals("get")) {
            for (var name : List.of("dryRun", "fieldManager", "fieldValidation", "force")) {
                parameters
                        .addObject()
                        .put("name", name)
                        .put("in", "query")
                        .putObject("schema")
                        .put("type", name.equals("force") ? "boolean" : "string");
            }
        }
        operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content")
                .putObject(Reply.JSON)
                .putObject("schema")
                .put("$ref", REFERENCE + schemaName(type));
    }

    private static ObjectNode schema(Schema schema) {
        var tree = Json.object();
        if (schema.type() == Schema.Form.TEXT_OR_NUMBER) {
            return tree.put("x-kubernetes-int-or-string", true);
        }
        if (schema.type() == Schema.Form.ANY) {
            return tree.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
        }
        tree.put("type", schema.jsonType());
        if (schema.type() == Schema.Form.TIME) {
            tree.put("format", "date-time");
        }
        if (!schema.properties().isEmpty()) {
            var properties = tree.putObject("properties");
            schema.properties().forEach((name, field) -> properties.set(name, schema(field)));
        }
        if (!schema.required().isEmpty()) {
            var required = tree.putArray("required");
            schema.required().forEach(required::add);
        }
        schema.values().ifPresent(values -> tree.set("additionalProperties", schema(values)));
        schema.items().ifPresent(items -> tree.set("items", schema(items)));
        schema.fallback().ifPresent(value -> tree.set("default", value));
        schema.limits().pattern().ifPresent(pattern -> tree.put("pattern", pattern.pattern()));
        if (!schema.limits().choices().isEmpty()) {
            var choices = tree.putArray("enum");
            schema.limits().choices().forEach(choices::add);
        }
        return tree;
    }

    private static ObjectNode info() {
        return Json.object().put("title", "Kubernetes").put("version", KubeApiServer.VERSION);
    }

    private static ObjectNode kind(ResourceType type) {
        return Json.object()
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
    }

    private static String prefix(ResourceType type) {
        return (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
    }

    /** By the group read backwards, as is the custom: io.metal3.v1alpha1.BareMetalHost. */
    private static String schemaName(ResourceType type) {
        if (type.group().isEmpty()) {
            return "io.k8s.api.core." + type.version() + "." + type.kind();
        }
        var reversed =
                List.of(type.group().split("\\.", -1)).reversed().stream().collect(Collectors.joining("."));
        return reversed + "." + type.version() + "." + type.kind();
    }
}
