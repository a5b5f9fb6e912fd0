package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A refusal in the API's own words: becomes a {@code Status} body with its HTTP code. */
final class StatusFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final ObjectNode details;

    /** One wrong field, as {@code Status.details.causes} lists it. */
    record Cause(String reason, String message, String field) {
        @Override
        public String toString() {
            return field + ": " + message;
        }
    }

    private StatusFailure(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    int code() {
        return code;
    }

    /** The same refusal as an object of kind {@code Status}. */
    ObjectNode status() {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage());
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }

    static StatusFailure notFound(ResourceType type, String name) {
        return about(404, "NotFound", type.qualifiedPlural() + " \"" + name + "\" not found", type, name);
    }

    static StatusFailure noSuchPath() {
        return new StatusFailure(404, "NotFound", "the server could not find the requested resource", Json.object());
    }

    static StatusFailure alreadyExists(ResourceType type, String name) {
        return about(409, "AlreadyExists", type.qualifiedPlural() + " \"" + name + "\" already exists", type, name);
    }

    static StatusFailure conflict(ResourceType type, String name, String why) {
        return about(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + type.qualifiedPlural() + " \"" + name + "\": " + why,
                type,
                name);
    }

    static StatusFailure modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static StatusFailure fieldConflicts(List<Cause> causes) {
        var message = "Apply failed with " + causes.size() + (causes.size() == 1 ? " conflict: " : " conflicts: ")
                + causes.stream().map(c -> c.message() + ": " + c.field()).collect(Collectors.joining("; "));
        var details = Json.object();
        addCauses(details, causes);
        return new StatusFailure(409, "Conflict", message, details);
    }

    static StatusFailure invalid(ResourceType type, String name, List<Cause> causes) {
        var texts = causes.stream().map(Cause::toString).toList();
        var message = type.qualifiedKind() + " \"" + name + "\" is invalid: "
                + (texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]");
        var failure = about(422, "Invalid", message, type, name);
        failure.details.put("kind", type.kind());
        addCauses(failure.details, causes);
        return failure;
    }

    static StatusFailure namespaceTerminating(ResourceType type, String name, String namespace) {
        var failure = about(
                403,
                "Forbidden",
                type.qualifiedPlural() + " \"" + name + "\" is forbidden: unable to create new content in namespace "
                        + namespace + " because it is being terminated",
                type,
                name);
        addCauses(
                failure.details,
                List.of(new Cause(
                        "NamespaceTerminating",
                        "namespace " + namespace + " is being terminated",
                        "metadata.namespace")));
        return failure;
    }

    static StatusFailure badRequest(String message) {
        return new StatusFailure(400, "BadRequest", message, Json.object());
    }

    static StatusFailure invalidOptions(String kind, Cause cause) {
        var details = Json.object().put("group", "meta.k8s.io").put("kind", kind);
        addCauses(details, List.of(cause));
        return new StatusFailure(422, "Invalid", kind + ".meta.k8s.io \"\" is invalid: " + cause, details);
    }

    static StatusFailure unprocessable(String message) {
        return new StatusFailure(422, "Invalid", message, Json.object());
    }

    static StatusFailure tooLarge(int limitBytes) {
        return new StatusFailure(
                413,
                "RequestEntityTooLarge",
                "Request entity too large: limit is " + limitBytes + " bytes",
                Json.object());
    }

    static StatusFailure methodNotAllowed() {
        return new StatusFailure(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                Json.object());
    }

    static StatusFailure notAcceptable(List<String> offered) {
        return new StatusFailure(
                406,
                "NotAcceptable",
                "only the following media types are accepted: " + String.join(", ", offered),
                Json.object());
    }

    static StatusFailure unsupportedMediaType(List<String> accepted) {
        return new StatusFailure(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", accepted),
                Json.object());
    }

    static StatusFailure expired(String message) {
        return new StatusFailure(410, "Expired", message, Json.object());
    }

    /** A failure without a reason, as the real server answers where nothing more precise was coded. */
    static StatusFailure internal(String message) {
        return new StatusFailure(500, "", message, Json.object());
    }

    static StatusFailure unauthorized() {
        return new StatusFailure(401, "Unauthorized", "Unauthorized", Json.object());
    }

    /** An answer that has nothing to do with the request, in the words of the real server where it has some. */
    static StatusFailure troubled(int code, Optional<Target> target) {
        return switch (code) {
            case 401 -> unauthorized();
            case 409 ->
                target.filter(known -> !known.name().isEmpty())
                        .map(known -> modified(known.type(), known.name()))
                        .orElseGet(() -> new StatusFailure(409, "Conflict", "conflict", Json.object()));
            case 429 ->
                new StatusFailure(
                        429,
                        "TooManyRequests",
                        "The server has received too many requests and has asked us to try again later",
                        Json.object());
            case 500 ->
                new StatusFailure(
                        500, "InternalError", "Internal error occurred: etcdserver: request timed out", Json.object());
            case 503 ->
                new StatusFailure(
                        503,
                        "ServiceUnavailable",
                        "the server is currently unable to handle the request",
                        Json.object());
            case 504 ->
                new StatusFailure(504, "Timeout", "the server was unable to return a response in time", Json.object());
            default -> new StatusFailure(code, "", "trouble by plan", Json.object());
        };
    }

    private static StatusFailure about(int code, String reason, String message, ResourceType type, String name) {
        var details = Json.object();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural());
        return new StatusFailure(code, reason, message, details);
    }

    private static void addCauses(ObjectNode details, List<Cause> causes) {
        var list = details.putArray("causes");
        for (var cause : causes) {
            list.addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
    }
}
