package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.machine.ReleaseImages;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How the service judges a pull secret (assisted-service, internal/cluster/validations/pull_secret_validation.go). No message tells what is in one. */
public final class PullSecret {
    /** Whose credentials are known to the SaaS. */
    public static final String CLOUD = "cloud.openshift.com";

    private PullSecret() {}

    /** The credentials of a registry, unmodified. */
    public static Optional<String> auth(String json, String registry) {
        try {
            return Optional.of(Json.LENIENT
                            .readTree(json)
                            .path("auths")
                            .path(registry)
                            .path("auth")
                            .asText(""))
                    .filter(auth -> !auth.isEmpty());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * What is wrong with it, in the service's words; empty if nothing is.
     *
     * @param user whose it must be, where the service knows users
     * @param images that must be pulled with it, beside the service's own
     */
    public static Optional<String> problem(String json, ServiceSettings settings, String user, List<String> images) {
        JsonNode auths;
        try {
            auths = Json.LENIENT.readTree(json.strip()).path("auths");
        } catch (JsonProcessingException e) {
            return Optional.of("pull secret must be a well-formed JSON");
        }
        if (!auths.isObject() || auths.isEmpty()) {
            return Optional.of("pull secret must contain 'auths' JSON-object field");
        }
        return auths.properties().stream()
                .flatMap(entry -> problem(entry).stream())
                .findFirst()
                .or(() -> settings.credentials() instanceof SsoTokens sso ? sso.problem(json, user) : Optional.empty())
                .or(() -> missing(auths, settings, images));
    }

    private static Optional<String> problem(Map.Entry<String, JsonNode> entry) {
        JsonNode auth = entry.getValue().path("auth");
        if (auth.isMissingNode() || (auth.isTextual() && auth.textValue().isEmpty())) {
            return Optional.empty();
        }
        String field = "invalid pull secret: 'auth' field of \"" + entry.getKey() + "\"";
        if (!auth.isTextual()) {
            return Optional.of(field + " should be a string");
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(auth.textValue());
            return new String(decoded, StandardCharsets.UTF_8).contains(":")
                    ? Optional.empty()
                    : Optional.of("invalid pull secret: 'auth' for %s is not in 'user:password' format"
                            .formatted(entry.getKey()));
        } catch (IllegalArgumentException e) {
            return Optional.of(field + " is not base64-encoded");
        }
    }

    private static Optional<String> missing(JsonNode auths, ServiceSettings settings, List<String> images) {
        ServiceSettings.Images own = settings.images();
        return Stream.concat(images.stream(), Stream.of(own.agent(), own.installer(), own.controller()))
                .map(ReleaseImages::registry)
                .filter(registry -> !settings.variables().publicRegistries().contains(registry) && !auths.has(registry))
                .collect(java.util.stream.Collectors.toCollection(TreeSet::new))
                .stream()
                .findFirst()
                .map(registry -> "pull secret must contain auth for \"" + registry + "\"");
    }
}
