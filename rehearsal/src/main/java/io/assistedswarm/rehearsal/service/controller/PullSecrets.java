package io.assistedswarm.rehearsal.service.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** Reads pull Secrets as the service does: they must parse, and get its labels. No message tells what is in one. */
final class PullSecrets {
    private static final Map<String, String> LABELS = Map.of(Names.BACKUP_LABEL, "true", Names.WATCH_LABEL, "true");
    private final Hub hub;

    PullSecrets(Hub hub) {
        this.hub = hub;
    }

    /**
     * The pull secret's JSON.
     *
     * @throws InvalidInput if it is not there or not a pull secret
     */
    String read(ObjectKey key) {
        Secret secret = hub.secret(key)
                .orElseThrow(() ->
                        new InvalidInput("failed to get pull secret: secrets \"%s\" not found".formatted(key.name())));
        String encoded = Optional.ofNullable(secret.getData())
                .map(data -> data.get(".dockerconfigjson"))
                .orElseThrow(() ->
                        new InvalidInput("secret %s did not contain key .dockerconfigjson".formatted(key.name())));
        String json = decoded(key, encoded);
        check(key, json);
        Map<String, String> labels =
                Optional.ofNullable(secret.getMetadata().getLabels()).orElse(Map.of());
        if (!labels.entrySet().containsAll(LABELS.entrySet())) {
            hub.labelSecret(key, LABELS);
        }
        return json;
    }

    private static String decoded(ObjectKey key, String encoded) {
        try {
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidInput("pull secret %s is not base64".formatted(key.name()));
        }
    }

    private static void check(ObjectKey key, String json) {
        JsonNode auths;
        try {
            auths = Json.LENIENT.readTree(json).path("auths");
        } catch (JsonProcessingException e) {
            throw new InvalidInput("pull secret %s must be a well-formed JSON".formatted(key.name()));
        }
        if (!auths.isObject() || auths.isEmpty()) {
            throw new InvalidInput("pull secret %s must contain auths".formatted(key.name()));
        }
        auths.properties().forEach(entry -> {
            String auth = entry.getValue().path("auth").asText("");
            if (auth.isEmpty() || !decoded(key, auth).contains(":")) {
                throw new InvalidInput(
                        "pull secret %s has an invalid auth for \"%s\": it must be base64 of user:password"
                                .formatted(key.name(), entry.getKey()));
            }
        });
    }
}
