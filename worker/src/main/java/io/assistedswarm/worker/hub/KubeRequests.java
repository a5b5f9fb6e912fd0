package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Requests to the Kubernetes API by way of fabric8's HTTP client, which knows the credentials: rate-limited, without blocking a
 * thread, and with the answers sorted into what may heal and what cannot. fabric8's own retries are switched off, so that each
 * attempt is seen and counted.
 */
final class KubeRequests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_MESSAGE = 600;
    private final KubernetesClient client;
    private final RateLimit rateLimit;
    private final Duration timeout;
    private final RequestTimes times;

    KubeRequests(KubernetesClient client, RateLimit rateLimit, Duration timeout, RequestTimes times) {
        this.times = times;
        this.client = client;
        this.rateLimit = rateLimit;
        this.timeout = timeout;
    }

    /** @param path with query, beginning with {@code /} */
    CompletionStage<JsonNode> get(String path) {
        return send("GET " + path, request(path).build(), true).thenApply(KubeRequests::parse);
    }

    /**
     * @param what for errors: the verb and the object
     * @param mayQuote whether the server's message may be shown; false for secrets
     */
    CompletionStage<Void> patch(String what, String path, String contentType, String body, boolean mayQuote) {
        HttpRequest request = request(path).method("PATCH", contentType, body).build();
        return send(what, request, mayQuote).thenAccept(answer -> {});
    }

    private HttpRequest.Builder request(String path) {
        String base = client.getMasterUrl().toString().replaceAll("/+$", "");
        return client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(base + path)
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletionStage<String> send(String what, HttpRequest request, boolean mayQuote) {
        return rateLimit.send(() -> timed(request)).handle((response, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
                throw new HubTrouble(what + ": no answer: " + describe(cause), 0, Optional.empty(), cause);
            }
            if (response.isSuccessful()) {
                return response.body();
            }
            throw refusalOrTrouble(what, response, mayQuote);
        });
    }

    private CompletableFuture<HttpResponse<String>> timed(HttpRequest request) {
        long sent = System.nanoTime();
        return client.getHttpClient()
                .sendAsync(request, String.class)
                .whenComplete((response, failure) -> times.answered(
                        request.method(),
                        response == null ? 0 : response.code(),
                        Duration.ofNanos(System.nanoTime() - sent)));
    }

    private static RuntimeException refusalOrTrouble(String what, HttpResponse<String> response, boolean mayQuote) {
        int code = response.code();
        String answer = what + " was answered with " + code + (mayQuote ? " " + message(response.body()) : "");
        // A strict API server answers 500, and not 4xx, to a server-side apply with a field that the kind does not
        // have.
        boolean undeclared = code == 500 && message(response.body()).contains("field not declared in schema");
        return switch (undeclared ? 422 : code) {
            case 400, 422 ->
                new HubRefusal(
                        Side.PLAN,
                        "ManifestRefused",
                        answer + ". Correct the manifest (or the plan it is filled from).");
            case 403 ->
                new HubRefusal(Side.PLAN, Failure.FORBIDDEN, answer + ". Give the kube config's user this right.");
            case 405, 415 -> new HubRefusal(Side.PLAN, "NotSupported", answer + ". Is this a Kubernetes API?");
            default -> new HubTrouble(answer, code, retryAfter(response), null);
        };
    }

    private static Optional<Duration> retryAfter(HttpResponse<String> response) {
        return Optional.ofNullable(response.header("Retry-After"))
                .filter(seconds -> seconds.matches("\\d{1,5}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static String message(String body) {
        String text = body == null ? "" : body;
        try {
            text = JSON.readTree(text).path("message").asText(text);
        } catch (JsonProcessingException e) {
            // Not a Status object, for example from a proxy: the text itself has to do.
        }
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new CompletionException(new HubTrouble(
                    "the Kubernetes API answered with something that is not JSON", 0, Optional.empty(), e));
        }
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** A failed future's own exception. */
    static <T> CompletionStage<T> failed(RuntimeException failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
