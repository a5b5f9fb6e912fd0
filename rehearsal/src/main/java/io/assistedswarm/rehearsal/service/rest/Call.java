package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.model.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One request, as a handler sees it.
 *
 * @param user in whose name it is made; empty before that is known
 */
record Call(
        Map<String, String> path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        InputStream body,
        String user) {

    /** The same in somebody's name. */
    Call by(String other) {
        return new Call(path, query, headers, body, other);
    }

    UUID id(String name) {
        String text = path.get(name);
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("%s in path must be of type uuid: \"%s\"".formatted(name, text));
        }
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst).filter(value -> !value.isEmpty());
    }

    boolean flag(String name) {
        return query(name).map(Boolean::parseBoolean).orElse(false);
    }

    /** Header names are without case; empty if the header is not there. */
    String header(String name) {
        return headers.entrySet().stream()
                .filter(header -> name.equalsIgnoreCase(header.getKey()))
                .flatMap(header -> header.getValue().stream())
                .findFirst()
                .orElse("");
    }

    <T> T json(Class<T> type) {
        return json("body", type);
    }

    /** @param parameter as the API's description names the body, in one word */
    <T> T json(String parameter, Class<T> type) {
        try {
            JsonNode tree = Json.STRICT.readTree(body);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                throw Refusal.invalid(parameter + " in body is required");
            }
            return Json.STRICT.treeToValue(tree, type);
        } catch (UnrecognizedPropertyException e) {
            throw Refusal.invalid("parsing %s body from \"\" failed, because json: unknown field \"%s\""
                    .formatted(parameter, e.getPropertyName()));
        } catch (JsonProcessingException e) {
            if (e.getCause() instanceof Refusal refusal) {
                throw refusal;
            }
            throw Refusal.invalid(
                    "parsing %s body from \"\" failed, because %s".formatted(parameter, e.getOriginalMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading a request body", e);
        }
    }

    /** The whole body. */
    String text() {
        try {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("reading a request body", e);
        }
    }

    /** Of the file in a form, read to its end. */
    Upload upload() {
        try {
            return Upload.read(header("Content-Type"), body);
        } catch (IOException e) {
            throw new UncheckedIOException("reading an upload", e);
        }
    }
}
