package io.assistedswarm.rehearsal.service.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.ReleaseImages;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads pull Secrets as the service does: they must parse, and get its labels. No message tells what is in one. */
final class PullSecrets {
    private static final Map<String, String> LABELS = Map.of(Names.BACKUP_LABEL, "true", Names.WATCH_LABEL, "true");
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
        check(key, json, registries(images));
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

    private Set<String> registries(List<String> images) {
        ServiceSettings.Images own = settings.images();
        return Stream.concat(images.stream(), Stream.of(own.agent(), own.installer(), own.controller()))
                .map(ReleaseImages::registry)
                .filter(registry -> !settings.variables().publicRegistries().contains(registry))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void check(ObjectKey key, String json, Set<String> registries) {
        JsonNode auths;
        try {
            auths = Json.LENIENT.readTree(json).path("auths");
        } catch (JsonProcessingException e) {
            throw new InvalidInput("pull secret %s must be a well-formed JSON".formatted(key.name()));
        }
        if (!auths.isObject() || auths.isEmpty()) {
            throw new InvalidInput("pull secret %s must contain auths".formatted(key.name()));
        }
        registries.stream().filter(registry -> !auths.has(registry)).findFirst().ifPresent(registry -> {
            throw new InvalidInput("pull secret %s must contain auth for \"%s\"".formatted(key.name(), registry));
        });
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
