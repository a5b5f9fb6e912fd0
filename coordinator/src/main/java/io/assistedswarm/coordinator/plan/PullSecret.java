package io.assistedswarm.coordinator.plan;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Reads a pull secret and checks its form, without ever repeating any of it. */
final class PullSecret {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FORM = "it is {\"auths\": {\"REGISTRY\": {\"auth\": \"base64 of user:password\"}}}";

    private PullSecret() {}

    /** The secret's JSON without white space, as it goes into headers and environments. */
    static Optional<Secret> read(Path file, Problems problems) {
        return YamlFile.text(file, problems).flatMap(text -> check(file, text, problems));
    }

    /**
     * As a section names it; empty when it could not be read, which is then said.
     *
     * @param config to which the path is relative
     * @param alsoWorkingFolder where the original looks for it
     */
    static Secret named(Section section, String key, Path config, boolean alsoWorkingFolder) {
        Optional<String> name = section.require(key).text(key);
        if (name.isEmpty()) {
            return new Secret("");
        }
        try {
            Path path = config.resolveSibling(name.get());
            boolean fromWorkingFolder = alsoWorkingFolder && !Files.exists(path) && Files.exists(Path.of(name.get()));
            Problems ofSecret = new Problems();
            Optional<Secret> secret = read(fromWorkingFolder ? Path.of(name.get()) : path, ofSecret);
            ofSecret.errors()
                    .forEach(problem -> section.error(
                            key,
                            "pull secret " + problem.position()
                                    + (problem.path().isEmpty() ? "" : ": " + problem.path()) + ": "
                                    + problem.message(),
                            problem.hint()));
            return secret.orElse(new Secret(""));
        } catch (InvalidPathException e) {
            section.error(key, "is not a path", "");
            return new Secret("");
        }
    }

    private static Optional<Secret> check(Path file, String text, Problems problems) {
        Problem.Position position = new Problem.Position(file.toString(), 0);
        JsonNode secret;
        try {
            secret = JSON.readTree(text);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            problems.error(new Problem.Position(file.toString(), line), "", "is not JSON", FORM);
            return Optional.empty();
        }
        JsonNode auths = secret.path("auths");
        if (!auths.isObject()) {
            problems.error(position, "auths", "is missing or no object", FORM);
            return Optional.empty();
        }
        if (auths.isEmpty()) {
            problems.error(position, "auths", "names no registry", FORM);
        }
        auths.properties().forEach(registry -> {
            if (!isUserAndPassword(registry.getValue().path("auth"))) {
                problems.error(
                        position,
                        "auths[" + registry.getKey() + "].auth",
                        "is not base64 of user:password",
                        "for a service that checks nothing, \"dXNlcjpwYXNz\" will do");
            }
        });
        return Optional.of(new Secret(secret.toString()));
    }

    private static boolean isUserAndPassword(JsonNode auth) {
        try {
            return auth.isTextual()
                    && new String(Base64.getDecoder().decode(auth.textValue()), StandardCharsets.ISO_8859_1)
                                    .indexOf(':')
                            > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
