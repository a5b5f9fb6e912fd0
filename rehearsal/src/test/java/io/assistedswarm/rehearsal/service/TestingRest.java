package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
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
                .setHeader("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
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

    /** Polls as real hosts do until the cluster has the status. */
    void pollUntil(String cluster, List<TestingAgent> agents, String status) {
        until(() -> {
            agents.forEach(TestingAgent::poll);
            return call("GET", "/v2/clusters/" + cluster, "").text("status").equals(status);
        });
    }

    /** From known on. */
    void goToReboot(List<TestingAgent> agents, String infraEnv) {
        until(() -> {
            agents.forEach(TestingAgent::poll);
            return agents.stream().noneMatch(agent -> agent.installation().isMissingNode());
        });
        assertThat(agents.getFirst().installation().path("notify_num_reboots").asBoolean())
                .isTrue();
        for (TestingAgent agent : agents) {
            String host = "/v2/infra-envs/" + infraEnv + "/hosts/" + agent.id;
            for (var stage : call("GET", host, "").json().path("progress_stages")) {
                if (!stage.asText().startsWith("Copying")) {
                    agent.stage(stage.asText(), "");
                }
                if (stage.asText().equals("Rebooting")) {
                    break;
                }
            }
        }
    }

    /** What the controller does. */
    void finish(String cluster, List<TestingAgent> agents) {
        for (TestingAgent agent : agents) {
            agent.stage("Joined", "");
            agent.stage("Done", "");
        }
        until(() -> call("GET", "/v2/clusters/" + cluster, "").text("status").equals("finalizing"));
        TestingCluster.finish(TestingCaller.unrecorded(url), cluster);
    }
}
