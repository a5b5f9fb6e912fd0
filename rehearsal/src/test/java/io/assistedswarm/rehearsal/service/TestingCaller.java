package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Makes plain HTTP calls as the recorded programs did, and notes how the answers differ from the recorded ones. */
final class TestingCaller {
    private static final String API = "/api/assisted-install";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final Pattern AND = Pattern.compile("&");
    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final RecordedAnswers recorded;
    private final List<String> differences = new ArrayList<>();

    TestingCaller(String url, RecordedAnswers recorded) {
        this.url = url;
        this.recorded = recorded;
    }

    /** For who does not look at the differences. */
    static TestingCaller unrecorded(String url) {
        try {
            return new TestingCaller(url, RecordedAnswers.read("sno"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> differences() {
        return differences.stream().distinct().toList();
    }

    /** The answer's JSON, or a missing node. */
    JsonNode call(String method, String path, String body) {
        try {
            HttpResponse<byte[]> response = send(method, API + path, "application/json", body);
            String text = text(response);
            boolean json = response.headers()
                    .firstValue("content-type")
                    .filter("application/json"::equals)
                    .isPresent();
            JsonNode answer = json ? Json.LENIENT.readTree(text) : Json.LENIENT.missingNode();
            differences.addAll(recorded.differences(
                    label(method, path, answer),
                    response.statusCode(),
                    response.headers().map(),
                    text));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only looks; what is answered is not compared. */
    JsonNode peek(String path) {
        return look(API + path);
    }

    /** The same outside of the API. */
    JsonNode look(String path) {
        try {
            return Json.LENIENT.readTree(text(send("GET", path, "application/json", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status(String method, String path, String body) {
        return send(method, path, "application/json", body).statusCode();
    }

    String refusal(String method, String path, String body) {
        try {
            return text(send(method, path, "application/json", body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<byte[]> send(String method, String path, String contentType, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Content-Type", contentType)
                .header("Accept-Encoding", "gzip")
                .header("X-Secret-Key", "{}")
                .header("discovery_agent_version", TestingRows.SETTINGS.images().agent())
                .build();
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String text(HttpResponse<byte[]> response) throws IOException {
        byte[] body = response.body();
        if (response.headers()
                .firstValue("content-encoding")
                .filter("gzip"::equals)
                .isPresent()) {
            try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = gzip.readAllBytes();
            }
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    /** As the digest's script names calls. */
    private static String label(String method, String pathAndQuery, JsonNode answer) {
        int question = pathAndQuery.indexOf('?');
        String path = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
        path = path.replaceAll("(/infra-envs?/)" + UUID, "$1{ie}")
                .replaceAll("(/hosts/)" + UUID, "$1{h}")
                .replaceAll("(/clusters/)" + UUID, "$1{c}");
        List<String> kept = question < 0
                ? List.of()
                : AND.splitAsStream(pathAndQuery.substring(question + 1))
                        .filter(p -> p.matches("(exclude-hosts|role|file_name|logs_type)=.*"))
                        .toList();
        String label = method + " " + path + (kept.isEmpty() ? "" : "?" + String.join("&", kept));
        if (method.equals("GET") && path.endsWith("/instructions")) {
            return label + " " + String.join(",", TestingAgent.types(answer));
        }
        return path.endsWith("/{c}") ? label + " " + answer.path("status").asText() : label;
    }
}
