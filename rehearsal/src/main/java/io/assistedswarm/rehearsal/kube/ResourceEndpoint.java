package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.Registry.Written;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import io.assistedswarm.rehearsal.kube.WriteOptions.FieldValidation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The verbs on objects and collections: from a request's parameters to a call of the registry and back. */
final class ResourceEndpoint {
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";
    private static final List<String> APPLY_PATCHES =
            List.of("application/apply-patch+yaml", "application/apply-patch+json");
    private static final List<String> BODIES =
            List.of("", "application/json", "application/yaml", "application/x-yaml");

    private final ObjectStore store;
    private final Registry registry;
    private final Deletion deletion;
    private final KubeApiSettings settings;
    private final InstantSource clock;

    ResourceEndpoint(
            ObjectStore store, Registry registry, Deletion deletion, KubeApiSettings settings, InstantSource clock) {
        this.store = store;
        this.registry = registry;
        this.deletion = deletion;
        this.settings = settings;
        this.clock = clock;
    }

    Reply handle(ApiCall call, Target target) {
        var rendering = Rendering.accepted(call, target.type(), clock);
        if (target.name().isEmpty()) {
            if (!call.method().equals("GET")
                    && target.type().namespaced()
                    && target.namespace().isEmpty()) {
                throw StatusFailure.methodNotAllowed();
            }
            return switch (call.method()) {
                case "GET" -> call.isWatch() ? watch(call, target, rendering) : list(call, target, rendering);
                case "POST" -> create(call, target, rendering);
                case "DELETE" -> deleteCollection(call, target);
                default -> throw StatusFailure.methodNotAllowed();
            };
        }
        return switch (call.method()) {
            case "GET" ->
                call.isWatch()
                        ? watch(call, target, rendering)
                        : Reply.json(200, rendering.object(registry.get(target.type(), target.key())), List.of());
            case "PUT" -> update(call, target, rendering);
            case "PATCH" -> patch(call, target, rendering);
            case "DELETE" -> delete(call, target, rendering);
            default -> throw StatusFailure.methodNotAllowed();
        };
    }

    private Reply list(ApiCall call, Target target, Rendering rendering) {
        var shelf = store.shelf(target.type());
        return ListReply.of(
                shelf, selection(call, target), call.number("limit").orElse(0L), call.parameter("continue"), rendering);
    }

    private Reply watch(ApiCall call, Target target, Rendering rendering) {
        var shelf = store.shelf(target.type());
        boolean initialEvents = call.flag("sendInitialEvents");
        long since = call.number("resourceVersion").orElse(0L);
        var from = initialEvents || since == 0 ? OptionalLong.empty() : OptionalLong.of(since);
        var watcher = shelf.watch(selection(call, target), from);
        if (watcher.isEmpty()) {
            return Reply.stream(WatchStream.error(StatusFailure.expired("too old resource version: " + since)));
        }
        boolean bookmarks = call.flag("allowWatchBookmarks");
        var wishes = new WatchStream.Wishes(
                call.number("timeoutSeconds")
                        .filter(seconds -> seconds > 0)
                        .map(Duration::ofSeconds)
                        .orElse(settings.watchTimeout()),
                bookmarks ? settings.bookmarkInterval() : Duration.ZERO,
                initialEvents && bookmarks);
        return Reply.stream(new WatchStream(shelf, watcher.get(), rendering, wishes, clock));
    }

    private Reply create(ApiCall call, Target target, Rendering rendering) {
        requireBodyType(call);
        var options = writeOptions(call, target);
        var body = call.bodyObject();
        return written(registry.create(target.type(), target.namespace(), body, options), rendering, options);
    }

    private Reply update(ApiCall call, Target target, Rendering rendering) {
        requireBodyType(call);
        var options = writeOptions(call, target);
        return written(registry.update(target.type(), target.key(), call.bodyObject(), options), rendering, options);
    }

    private Reply patch(ApiCall call, Target target, Rendering rendering) {
        var options = writeOptions(call, target);
        var contentType = call.contentType();
        if (APPLY_PATCHES.contains(contentType)) {
            if (call.parameter("fieldManager").isEmpty()) {
                throw StatusFailure.invalidOptions(
                        "PatchOptions",
                        new Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager"));
            }
            return written(registry.apply(target.type(), target.key(), call.bodyObject(), options), rendering, options);
        }
        var patch = call.bodyTree();
        UnaryOperator<ObjectNode> change = switch (contentType) {
            case JSON_PATCH -> current -> asObject(jsonPatched(current, patch));
            case MERGE_PATCH -> current -> asObject(MergePatch.apply(current, patch));
            case STRATEGIC_PATCH -> {
                if (target.type().custom()) {
                    throw unsupportedPatch();
                }
                yield current -> asObject(MergePatch.apply(current, patch));
            }
            default -> throw unsupportedPatch();
        };
        return written(registry.patch(target.type(), target.key(), change, options), rendering, options);
    }

    private Reply delete(ApiCall call, Target target, Rendering rendering) {
        if (!target.subresource().isEmpty()) {
            throw StatusFailure.methodNotAllowed();
        }
        var deleted = deletion.delete(target.type(), target.key(), deleteOptions(call));
        return deleted.gone()
                ? Reply.json(200, success(target, deleted.object()))
                : Reply.json(200, rendering.object(deleted.object()), List.of());
    }

    private Reply deleteCollection(ApiCall call, Target target) {
        var options = deleteOptions(call);
        var deleted = new ArrayList<KubeObject>();
        for (var object : store.shelf(target.type()).list(selection(call, target))) {
            try {
                deleted.add(
                        deletion.delete(target.type(), object.key(), options).object());
            } catch (StatusFailure alreadyGone) {
                if (alreadyGone.code() != 404) {
                    throw alreadyGone;
                }
            }
        }
        return Reply.json(200, ListReply.whole(target.type(), deleted), List.of());
    }

    private static Reply written(Written written, Rendering rendering, WriteOptions options) {
        return Reply.json(written.created() ? 201 : 200, rendering.object(written.object()), options.warnings());
    }

    private static ObjectNode success(Target target, KubeObject object) {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        var details = status.putObject("details").put("name", object.key().name());
        if (!target.type().group().isEmpty()) {
            details.put("group", target.type().group());
        }
        details.put("kind", target.type().plural()).put("uid", object.uid());
        return status;
    }

    private static Selection selection(ApiCall call, Target target) {
        var fields = call.parameter("fieldSelector");
        var onlyName = target.name().isEmpty() ? "" : "metadata.name=" + target.name();
        return new Selection(
                target.namespace(),
                LabelSelector.parse(call.parameter("labelSelector")),
                FieldSelector.parse(target.type(), fields.isEmpty() ? onlyName : fields));
    }

    private static WriteOptions writeOptions(ApiCall call, Target target) {
        var manager = call.parameter("fieldManager");
        return new WriteOptions(
                manager.isEmpty() ? call.client() : manager,
                isDryRun(call),
                call.flag("force"),
                validation(call.parameter("fieldValidation")),
                target.subresource(),
                new ArrayList<>());
    }

    private static FieldValidation validation(String wish) {
        return switch (wish) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default ->
                throw StatusFailure.badRequest("invalid fieldValidation: \"" + wish
                        + "\": supported values: \"Ignore\", \"Strict\", \"Warn\"");
        };
    }

    private static boolean isDryRun(ApiCall call) {
        return switch (call.parameter("dryRun")) {
            case "" -> false;
            case "All" -> true;
            default ->
                throw StatusFailure.badRequest(
                        "invalid dryRun: \"" + call.parameter("dryRun") + "\": supported values: \"All\"");
        };
    }

    private static Deletion.Options deleteOptions(ApiCall call) {
        var body = call.body().isEmpty() ? Json.object() : call.bodyObject();
        var policy = Json.text(body, "propagationPolicy");
        var wish = policy.isEmpty() ? call.parameter("propagationPolicy") : policy;
        var propagation = switch (wish) {
            case "", "Background" ->
                body.path("orphanDependents").asBoolean()
                        ? Deletion.Propagation.ORPHAN
                        : Deletion.Propagation.BACKGROUND;
            case "Foreground" -> Deletion.Propagation.FOREGROUND;
            case "Orphan" -> Deletion.Propagation.ORPHAN;
            default -> throw StatusFailure.badRequest("invalid propagationPolicy: \"" + wish + "\"");
        };
        return new Deletion.Options(
                text(body.path("preconditions"), "uid"),
                text(body.path("preconditions"), "resourceVersion"),
                propagation,
                isDryRun(call) || !body.path("dryRun").isEmpty());
    }

    private static Optional<String> text(JsonNode tree, String field) {
        return Optional.of(Json.text(tree, field)).filter(found -> !found.isEmpty());
    }

    private static JsonNode jsonPatched(ObjectNode current, JsonNode patch) {
        try {
            return JsonPatch.apply(current, patch);
        } catch (IllegalArgumentException impossible) {
            throw StatusFailure.unprocessable(
                    "the server rejected our request due to an error in our request: " + impossible.getMessage());
        }
    }

    private static ObjectNode asObject(JsonNode patched) {
        if (patched instanceof ObjectNode object) {
            return object;
        }
        throw StatusFailure.badRequest("the patched object is no object any more");
    }

    private static void requireBodyType(ApiCall call) {
        if (!BODIES.contains(call.contentType())) {
            throw StatusFailure.unsupportedMediaType(BODIES.subList(1, 3));
        }
    }

    private static StatusFailure unsupportedPatch() {
        var accepted = new ArrayList<>(List.of(JSON_PATCH, MERGE_PATCH));
        accepted.addAll(APPLY_PATCHES);
        return StatusFailure.unsupportedMediaType(accepted);
    }
}
