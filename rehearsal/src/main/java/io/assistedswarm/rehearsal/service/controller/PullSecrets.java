package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.PullSecret;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads pull Secrets as the service does: they must parse, and get its labels. What is wrong with one is said as the service says it, with
 * the whole of it (assisted-service, internal/controller/controllers/pullsecret_handler.go).
 */
final class PullSecrets {
    private static final Map<String, String> LABELS = Map.of(Names.BACKUP_LABEL, "true", Names.WATCH_LABEL, "true");
    /** No user has signed on for what objects ask for: with single sign-on no pull secret is his. */
    private static final String NOBODY = "";

    private final Hub hub;
    private final ServiceSettings settings;

    PullSecrets(Hub hub, ServiceSettings settings) {
        this.hub = hub;
        this.settings = settings;
    }

    /**
     * The pull secret's JSON.
     *
     * @param images that must be pulled with it, beside the service's own
     * @throws InvalidInput if it is not there, not a pull secret, or lacks a registry that is not public
     */
    String read(ObjectKey key, List<String> images) {
        Secret secret = hub.secret(key)
                .orElseThrow(() ->
                        new InvalidInput("failed to get pull secret: secrets \"%s\" not found".formatted(key.name())));
        String encoded = Optional.ofNullable(secret.getData())
                .map(data -> data.get(".dockerconfigjson"))
                .orElseThrow(() ->
                        new InvalidInput("secret %s did not contain key .dockerconfigjson".formatted(key.name())));
        String json = decoded(key, encoded);
        PullSecret.problem(json, settings, NOBODY, List.of()).ifPresent(problem -> {
            throw InvalidInput.takenForItsOwn(
                    "invalid pull secret data in secret %s %s: %s".formatted(key.name(), json, problem));
        });
        PullSecret.problem(json, settings, NOBODY, images).ifPresent(problem -> {
            throw new InvalidInput("pull secret for new cluster is invalid: " + problem);
        });
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
}
