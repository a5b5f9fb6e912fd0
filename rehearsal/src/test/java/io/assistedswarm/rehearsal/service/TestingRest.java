package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** A user of the service's REST API. */
final class TestingRest {
    private static final String API = "/api/assisted-install";
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;

    TestingRest(String url) {
        this.url = url;
    }

    record Answer(int status, String body) {
        JsonNode json() {
            try {
                return Json.LENIENT.readTree(body);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(body, e);
            }
        }

        String text(String field) {
            return json().path(field).asText();
        }
    }

    /** @param path begins with {@code /v2} */
    Answer call(String method, String path, String body) {
        return call(method, path, body, Map.of());
    }

    Answer call(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create((path.startsWith("http") ? "" : url + API) + path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
