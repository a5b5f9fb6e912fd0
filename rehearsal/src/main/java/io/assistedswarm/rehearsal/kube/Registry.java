package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.FieldOwnership.FieldManager;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import io.assistedswarm.rehearsal.kube.WriteOptions.FieldValidation;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What creating, updating, patching and applying mean: from a request's object to the next version on the shelf. */
final class Registry {
    /** Letters that form no words, as the real server's generated names. */
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private static final List<String> KEPT_METADATA = List.of(
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "generation",
            "managedFields");

    private final ObjectStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** @param created whether the object is new */
    record Written(KubeObject object, boolean created) {}

    Registry(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    ResourceType namespaces() {
        return store.catalog().namespaces();
    }

    KubeObject get(ResourceType type, ObjectKey key) {
        return store.shelf(type).get(key).orElseThrow(() -> StatusFailure.notFound(type, key.name()));
    }

    Written create(ResourceType type, String namespace, ObjectNode body, WriteOptions options) {
        var tree = decode(type, body, options);
        identify(type, namespace, tree);
        var metadata = Json.child(tree, "metadata");
        if (!Json.text(metadata, "resourceVersion").isEmpty()) {
            throw StatusFailure.badRequest("resourceVersion should not be set on objects to be created");
        }
        if (Json.text(metadata, "name").isEmpty()
                && !Json.text(metadata, "generateName").isEmpty()) {
            metadata.put("name", generated(Json.text(metadata, "generateName")));
        }
        metadata.remove("managedFields");
        return insert(type, tree, options, true);
    }

    /** Replaces an object by what a client sent whole. */
    Written update(ResourceType type, ObjectKey key, ObjectNode body, WriteOptions options) {
        var sent = decode(type, body, options);
        identify(type, key.namespace(), sent);
        requireName(key, sent);
        if (type.custom() && Json.text(sent, "metadata", "resourceVersion").isEmpty()) {
            throw StatusFailure.invalid(
                    type,
                    key.name(),
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "Invalid value: 0x0: must be specified for an update",
                            "metadata.resourceVersion")));
        }
        return change(type, key, current -> sent.deepCopy(), options);
    }

    /**
     * Changes an object by a function of its present state, again if that changed meanwhile.
     *
     * @param patch from a copy of the present state
     */
    Written patch(ResourceType type, ObjectKey key, UnaryOperator<ObjectNode> patch, WriteOptions options) {
        return change(
                type,
                key,
                current -> {
                    var patched = patch.apply(current);
                    identify(type, key.namespace(), patched);
                    requireName(key, patched);
                    return decodePatched(type, patched, options);
                },
                options);
    }

    Written apply(ResourceType type, ObjectKey key, ObjectNode body, WriteOptions options) {
        var applied = body.deepCopy();
        identify(type, key.namespace(), applied);
        requireName(key, applied);
        if (applied.path("metadata").has("managedFields")) {
            throw StatusFailure.badRequest("metadata.managedFields must be nil");
        }
        var unknown = SchemaCheck.prune(type.schema(), applied);
        if (!unknown.isEmpty()) {
            // The real server has no reason for this failure, so it is a 500 there too.
            throw StatusFailure.internal("failed to create typed patch object (" + key + "; " + type.apiVersion()
                    + ", Kind=" + type.kind() + "): "
                    + unknown.stream()
                            .map(path -> "." + path + ": field not declared in schema")
                            .collect(Collectors.joining("\n")));
        }
        var part = restrictTo(type, applied, options);
        var manager = new FieldManager(options.manager(), true, options.subresource());
        var apply = new ServerSideApply(type, manager, options.force(), clock.instant());
        while (true) {
            if (store.shelf(type).get(key).isPresent() || options.ofStatus()) {
                return change(type, key, current -> apply.apply(current, part), options, applied);
            }
            if (!Json.text(applied, "metadata", "resourceVersion").isEmpty()
                    || !Json.text(applied, "metadata", "uid").isEmpty()) {
                throw StatusFailure.modified(type, key.name());
            }
            var identity = Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
            var metadata = identity.putObject("metadata").put("name", key.name());
            if (type.namespaced()) {
                metadata.put("namespace", key.namespace());
            }
            try {
                return insert(type, apply.apply(identity, part), options, false);
            } catch (StatusFailure taken) {
                if (taken.code() != 409) {
                    throw taken;
                }
                // Somebody created it a moment ago: apply to that.
            }
        }
    }

    private Written insert(ResourceType type, ObjectNode tree, WriteOptions options, boolean ownAsUpdate) {
        var namespace = Json.text(tree, "metadata", "namespace");
        var name = Json.text(tree, "metadata", "name");
        requireLivingNamespace(type, namespace, name);
        var metadata = Json.child(tree, "metadata");
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"));
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put(
                "creationTimestamp",
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        if (type.hasStatus()) {
            tree.remove("status");
        }
        if (type.custom()) {
            metadata.put("generation", 1);
        }
        KindRules.prepareNew(type, tree);
        SchemaCheck.fillDefaults(type.schema(), tree);
        check(type, name, tree, List.of());
        AdmissionRules.admitNew(type, tree);
        if (ownAsUpdate) {
            FieldOwnership.recordUpdate(
                    type, Json.object(), tree, options.manager(), options.subresource(), clock.instant());
        }
        if (options.dryRun()) {
            if (store.shelf(type).get(type.keyOf(tree)).isPresent()) {
                throw StatusFailure.alreadyExists(type, name);
            }
            return new Written(new KubeObject(type, tree, 0), true);
        }
        return store.shelf(type)
                .create(tree)
                .map(object -> new Written(object, true))
                .orElseThrow(() -> StatusFailure.alreadyExists(type, name));
    }

    private Written change(
            ResourceType type, ObjectKey key, UnaryOperator<ObjectNode> candidate, WriteOptions options) {
        return change(type, key, candidate, options, null);
    }

    /** @param applied the configuration if this is an apply, which keeps the books of ownership itself; else null */
    private Written change(
            ResourceType type,
            ObjectKey key,
            UnaryOperator<ObjectNode> candidate,
            WriteOptions options,
            ObjectNode applied) {
        while (true) {
            var current = get(type, key);
            var next = candidate.apply(current.copy());
            requireUnchanged(type, current, applied == null ? next : applied);
            var tree = combine(type, current, next, options, applied != null);
            finish(type, current, tree, options, applied != null);
            if (tree.equals(current.tree())) {
                return new Written(current, false);
            }
            if (options.dryRun()) {
                return new Written(new KubeObject(type, tree, current.version()), false);
            }
            var stored = isFinished(type, tree)
                    ? store.shelf(type).remove(current, tree)
                    : store.shelf(type).replace(current, tree);
            if (stored.isPresent()) {
                return new Written(stored.get(), false);
            }
        }
    }

    /** Lays together what this write may change and what it may not. */
    private static ObjectNode combine(
            ResourceType type, KubeObject current, ObjectNode next, WriteOptions options, boolean applied) {
        var before = current.tree();
        if (options.ofStatus()) {
            var tree = current.copy();
            setOrRemove(tree, "status", next.get("status"));
            if (applied) {
                setOrRemove(
                        Json.child(tree, "metadata"),
                        "managedFields",
                        next.path("metadata").get("managedFields"));
            }
            return tree;
        }
        if (type.hasStatus()) {
            setOrRemove(next, "status", before.get("status"));
        }
        if (type.isNamespace()) {
            // Its finalizers change only when the namespace is empty.
            setOrRemove(next, "spec", before.get("spec"));
        }
        var metadata = Json.child(next, "metadata");
        metadata.remove("selfLink");
        for (var field : KEPT_METADATA) {
            if (!(applied && field.equals("managedFields"))) {
                setOrRemove(metadata, field, before.path("metadata").get(field));
            }
        }
        return next;
    }

    private void finish(ResourceType type, KubeObject current, ObjectNode tree, WriteOptions options, boolean applied) {
        var before = current.tree();
        var metadata = Json.child(tree, "metadata");
        metadata.set("resourceVersion", before.path("metadata").path("resourceVersion"));
        KindRules.prepare(type, tree);
        SchemaCheck.fillDefaults(type.schema(), tree);
        var causes = new ArrayList<>(KindRules.checkChange(type, before, tree));
        if (current.terminating()) {
            addFinalizerCauses(before, tree, causes);
        }
        check(type, current.key().name(), tree, causes);
        AdmissionRules.admitChange(type, before, tree);
        if (type.custom() && !sameSpec(type, before, tree)) {
            metadata.put(
                    "generation", before.path("metadata").path("generation").asInt() + 1);
        }
        if (!applied) {
            FieldOwnership.recordUpdate(type, before, tree, options.manager(), options.subresource(), clock.instant());
        }
    }

    /** Whether nothing keeps a deleted object any longer. */
    static boolean isFinished(ResourceType type, ObjectNode tree) {
        return tree.path("metadata").has("deletionTimestamp")
                && tree.path("metadata").path("finalizers").isEmpty()
                && !(type.isNamespace() && !tree.path("spec").path("finalizers").isEmpty());
    }

    private static ObjectNode decode(ResourceType type, ObjectNode body, WriteOptions options) {
        var tree = body.deepCopy();
        var unknown = SchemaCheck.prune(type.schema(), tree);
        if (!unknown.isEmpty() && options.validation() == FieldValidation.STRICT) {
            throw StatusFailure.badRequest(type.kind() + " in version \"" + type.version()
                    + "\" cannot be handled as a " + type.kind() + ": " + strictError(unknown));
        }
        warn(unknown, options);
        return tree;
    }

    private static ObjectNode decodePatched(ResourceType type, ObjectNode tree, WriteOptions options) {
        var unknown = SchemaCheck.prune(type.schema(), tree);
        if (!unknown.isEmpty() && options.validation() == FieldValidation.STRICT) {
            throw StatusFailure.invalid(
                    type,
                    Json.text(tree, "metadata", "name"),
                    List.of(new Cause("FieldValueInvalid", "Invalid value: " + strictError(unknown), "patch")));
        }
        warn(unknown, options);
        return tree;
    }

    private static String strictError(List<String> unknown) {
        return "strict decoding error: "
                + unknown.stream().map(path -> "unknown field \"" + path + "\"").collect(Collectors.joining(", "));
    }

    private static void warn(List<String> unknown, WriteOptions options) {
        if (options.validation() == FieldValidation.WARN) {
            unknown.forEach(path -> options.warnings().add("unknown field \"" + path + "\""));
        }
    }

    private static void identify(ResourceType type, String namespace, ObjectNode tree) {
        var apiVersion = Json.text(tree, "apiVersion");
        var kind = Json.text(tree, "kind");
        if (!(apiVersion.equals(type.apiVersion()) && kind.equals(type.kind()))) {
            throw StatusFailure.badRequest("the API version and kind in the data (" + apiVersion + ", " + kind
                    + ") do not match the expected ones (" + type.apiVersion() + ", " + type.kind() + ")");
        }
        if (type.namespaced()) {
            var metadata = Json.child(tree, "metadata");
            if (!List.of("", namespace).contains(Json.text(metadata, "namespace"))) {
                throw StatusFailure.badRequest(
                        "the namespace of the provided object does not match the namespace sent on the request");
            }
            metadata.put("namespace", namespace);
        }
    }

    private static void requireName(ObjectKey key, ObjectNode tree) {
        var metadata = Json.child(tree, "metadata");
        var name = Json.text(metadata, "name");
        if (!List.of("", key.name()).contains(name)) {
            throw StatusFailure.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + key.name() + ")");
        }
        metadata.put("name", key.name());
    }

    private static void requireUnchanged(ResourceType type, KubeObject current, ObjectNode sent) {
        var version = Json.text(sent, "metadata", "resourceVersion");
        if (!version.isEmpty() && !version.equals(Long.toString(current.version()))) {
            throw StatusFailure.modified(type, current.key().name());
        }
        var uid = Json.text(sent, "metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(current.uid())) {
            throw StatusFailure.conflict(
                    type,
                    current.key().name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + current.uid());
        }
    }

    private void requireLivingNamespace(ResourceType type, String namespace, String name) {
        if (type.namespaced()) {
            var found = get(namespaces(), new ObjectKey("", namespace));
            if (found.terminating()) {
                throw StatusFailure.namespaceTerminating(type, name, namespace);
            }
        }
    }

    private static ObjectNode restrictTo(ResourceType type, ObjectNode applied, WriteOptions options) {
        var part = applied.deepCopy();
        if (options.ofStatus()) {
            part.retain("apiVersion", "kind", "metadata", "status");
            Json.child(part, "metadata").retain("name", "namespace");
        } else if (type.hasStatus()) {
            part.remove("status");
        }
        return part;
    }

    private static void check(ResourceType type, String name, ObjectNode tree, List<Cause> found) {
        var causes = new ArrayList<>(found);
        causes.addAll(MetadataRules.check(type, tree));
        causes.addAll(SchemaCheck.validate(type.schema(), tree));
        causes.addAll(KindRules.check(type, tree));
        if (!causes.isEmpty()) {
            throw StatusFailure.invalid(type, name, causes);
        }
    }

    private static void addFinalizerCauses(JsonNode before, JsonNode now, List<Cause> causes) {
        var known = new ArrayList<JsonNode>();
        before.path("metadata").path("finalizers").forEach(known::add);
        for (var finalizer : now.path("metadata").path("finalizers")) {
            if (!known.contains(finalizer)) {
                causes.add(new Cause(
                        "FieldValueForbidden",
                        "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                                + finalizer.asText() + "\"}",
                        "metadata.finalizers"));
            }
        }
    }

    private static boolean sameSpec(ResourceType type, ObjectNode before, ObjectNode now) {
        return spec(type, before).equals(spec(type, now));
    }

    private static ObjectNode spec(ResourceType type, ObjectNode tree) {
        var part = Json.object();
        tree.properties().forEach(e -> part.set(e.getKey(), e.getValue()));
        part.remove("metadata");
        if (type.hasStatus()) {
            part.remove("status");
        }
        return part;
    }

    private static void setOrRemove(ObjectNode object, String field, JsonNode value) {
        Optional.ofNullable(value).ifPresentOrElse(v -> object.set(field, v), () -> object.remove(field));
    }

    private String generated(String base) {
        var name = new StringBuilder(base.length() > 58 ? base.substring(0, 58) : base);
        for (int i = 0; i < 5; i++) {
            name.append(SUFFIX_LETTERS.charAt(random.nextInt(SUFFIX_LETTERS.length())));
        }
        return name.toString();
    }
}
