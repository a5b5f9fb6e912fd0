package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.NoToken;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.protocol.UserSide.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Requests to the user side of the service: rate-limited, and with the answers sorted into what may heal and what cannot. */
final class RestRequests {
    /** As what requests for files are counted: their times are those of files and no others. */
    private static final String FETCH = "FETCH";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_MESSAGE = 600;
    /** Shorter pieces of a pull secret, such as the name of a registry, give nothing away. */
    private static final int SHORTEST_SECRET = 12;

    private final UserSide service;
    private final RateLimit rateLimit;
    private final RequestTimes times;
    private final Secret pullSecret;

    /** @param pullSecret that is in some of the requests, and of which no error may show a part */
    RestRequests(UserSide service, RateLimit rateLimit, RequestTimes times, Secret pullSecret) {
        this.service = service;
        this.rateLimit = rateLimit;
        this.times = times;
        this.pullSecret = pullSecret;
    }

    CompletionStage<JsonNode> get(String path) {
        return send("GET", path, Map.of());
    }

    /** @param body empty for none */
    CompletionStage<JsonNode> post(String path, Map<String, ?> body) {
        return send("POST", path, body);
    }

    CompletionStage<JsonNode> patch(String path, Map<String, ?> body) {
        return send("PATCH", path, body);
    }

    /** A file, of which nothing is kept. */
    CompletionStage<Fetched> fetch(String path) {
        return rateLimit.send(() -> {
            long sent = System.nanoTime();
            return answered("GET " + path, timed(FETCH, service.fetch(path)))
                    .thenApply(
                            answer -> new Fetched(answer.fetchedBytes(), Duration.ofNanos(System.nanoTime() - sent)));
        });
    }

    private CompletionStage<JsonNode> send(String method, String path, Map<String, ?> body) {
        String what = method + " " + path;
        String text = body.isEmpty() ? "" : json(body);
        return answered(what, rateLimit.send(() -> timed(method, service.send(method, path, text))))
                .thenApply(answer -> parse(what, answer.body()));
    }

    /** Fails with what became of it, unless it succeeded. */
    private CompletionStage<Answer> answered(String what, CompletionStage<Answer> asked) {
        return asked.handle((answer, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
                if (cause instanceof NoToken) {
                    throw new HubRefusal(
                            Side.PLAN, Failure.UNAUTHORIZED, what + " was not sent: " + cause.getMessage());
                }
                throw new HubTrouble(what + ": no answer: " + describe(cause), 0, Optional.empty(), cause);
            }
            if (answer.isSuccess()) {
                return answer;
            }
            throw refusalOrTrouble(what, answer);
        });
    }

    private CompletionStage<Answer> timed(String verb, CompletionStage<Answer> asked) {
        long sent = System.nanoTime();
        return asked.whenComplete((answer, failure) ->
                times.answered(verb, answer == null ? 0 : answer.status(), Duration.ofNanos(System.nanoTime() - sent)));
    }

    private RuntimeException refusalOrTrouble(String what, Answer answer) {
        String said = what + " was answered with " + answer.status() + " " + message(answer.body());
        return switch (answer.status()) {
            case 400, 422 ->
                new HubRefusal(Side.PLAN, Failure.REQUEST_REFUSED, said + ". Correct the plan, or the service config.");
            case 401 ->
                new HubRefusal(
                        Side.PLAN,
                        Failure.UNAUTHORIZED,
                        said
                                + ". The service does not accept the user: look at its authentication in the service config.");
            case 403 ->
                new HubRefusal(Side.PLAN, Failure.FORBIDDEN, said + ". Give the service config's user this right.");
            case 405, 501 ->
                new HubRefusal(Side.PLAN, "NotSupported", said + ". Does the service offer its REST API to users?");
            default -> new HubTrouble(said, answer.status(), answer.retryAfter(), null);
        };
    }

    /** The service has two kinds of error objects (assisted-service, swagger.yaml: error and infra_error). */
    private String message(String body) {
        String text = body == null ? "" : body;
        try {
            JsonNode error = JSON.readTree(text);
            text = error.path("reason").asText(error.path("message").asText(text));
        } catch (JsonProcessingException e) {
            // From a proxy, for example: the text itself has to do.
        }
        String line = text.strip().replaceAll("\\s+", " ");
        if (holdsSecret(line)) {
            return "(its message holds a part of the pull secret and is not shown)";
        }
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }

    private boolean holdsSecret(String line) {
        return Arrays.stream(pullSecret.reveal().split("[^A-Za-z0-9+/=_-]+"))
                .anyMatch(part -> part.length() >= SHORTEST_SECRET && line.contains(part));
    }

    private static JsonNode parse(String what, String body) {
        if (body == null || body.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new HubTrouble(what + " was answered with something that is not JSON", 0, Optional.empty(), e);
        }
    }

    private static String json(Map<String, ?> body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts can always be written as JSON", e);
        }
    }

    private static String describe(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
