package io.assistedswarm.worker.runtime.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The combined agent's REST API (assisted-swarm, swagger.yaml). Its calls block.
 *
 * @param base ends with the API's own path
 */
record CombinedApi(HttpClient client, URI base) {
    private static final String PATH = "/api/assisted-swarm";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CREATED = 201;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;
    private static final ObjectMapper JSON = new ObjectMapper();

    enum Status {
        RUNNING,
        TERMINATED
    }

    static CombinedApi at(int port) {
        return new CombinedApi(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(TIMEOUT)
                        .build(),
                URI.create("http://127.0.0.1:" + port + PATH));
    }

    boolean isHealthy() {
        try {
            return send("GET", "/health", BodyPublishers.noBody()).statusCode() == NO_CONTENT;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * @param parameters {@code new-agent-params}
     * @return the agent's id
     * @throws ProcessFailed with the reason that the program gives
     */
    long create(String name, Map<String, String> parameters) {
        try {
            HttpResponse<String> answer =
                    send("POST", "/agents", BodyPublishers.ofString(JSON.writeValueAsString(parameters)));
            JsonNode body = tree(answer.body());
            if (answer.statusCode() != CREATED || !body.path("id").isIntegralNumber()) {
                throw new ProcessFailed(
                        "the combined agent answered the " + name + " with " + answer.statusCode() + ": "
                                + body.path("reason")
                                        .asText(body.path("message").asText("no reason given")),
                        null);
            }
            return body.path("id").asLong();
        } catch (IOException e) {
            throw new ProcessFailed("the combined agent does not take the " + name + ": " + said(e), e);
        }
    }

    /** All agents that have not been deleted. */
    Map<Long, Status> list() throws IOException {
        HttpResponse<String> answer = send("GET", "/agents", BodyPublishers.noBody());
        JsonNode agents = tree(answer.body());
        if (answer.statusCode() != OK || !agents.isArray()) {
            throw new IOException("GET /agents was answered with " + answer.statusCode());
        }
        Map<Long, Status> listed = new LinkedHashMap<>();
        agents.forEach(agent -> listed.put(
                agent.path("id").asLong(),
                agent.path("status").asText().equals("Terminated") ? Status.TERMINATED : Status.RUNNING));
        return listed;
    }

    /** Takes it off the list, which does not end it. */
    void delete(long id) throws IOException {
        int status = send("DELETE", "/agents/" + id, BodyPublishers.noBody()).statusCode();
        if (status != NO_CONTENT && status != NOT_FOUND) {
            throw new IOException("DELETE /agents/" + id + " was answered with " + status);
        }
    }

    /** Ends the program half a second later. */
    void exit() throws IOException {
        int status = send("GET", "/exit", BodyPublishers.noBody()).statusCode();
        if (status != NO_CONTENT) {
            throw new IOException("GET /exit was answered with " + status);
        }
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body)
                .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static JsonNode tree(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? JSON.missingNode() : tree;
        } catch (JsonProcessingException e) {
            // An error page of something else: the status tells enough.
            return JSON.missingNode();
        }
    }

    private static String said(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
