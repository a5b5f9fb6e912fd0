package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.protocol.ServiceSpec;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The service's own log of what happened to a cluster or host: {@code GET /v2/events}. */
public final class ServiceEvents {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final int MOST = 50;

    private final Executor blocking;

    /** @param blocking reads the CA bundle */
    public ServiceEvents(Executor blocking) {
        this.blocking = blocking;
    }

    /**
     * The latest ones, the last first.
     *
     * @param address its key or token is repeated by no failure
     */
    public CompletionStage<List<ServiceEventView>> latest(ServiceSpec service, Hub.EventsAddress address) {
        return CompletableFuture.supplyAsync(() -> AssistedService.client(service), blocking)
                .thenCompose(client -> client.sendAsync(request(address), HttpResponse.BodyHandlers.ofString())
                        .whenComplete((answer, failure) -> client.close()))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException("the service does not answer: " + name(failure));
                    }
                    return read(answer);
                });
    }

    private static HttpRequest request(Hub.EventsAddress address) {
        try {
            String url = address.url();
            String more = (url.contains("?") ? "&" : "?") + "order=descending&limit=" + MOST;
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + more)).timeout(TIMEOUT);
            address.headers().forEach(request::header);
            return request.GET().build();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("what the object names is no address", e);
        }
    }

    /** The message of most failures may repeat the address. */
    private static String name(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof AssistedService.Unusable
                ? cause.getMessage()
                : cause.getClass().getSimpleName();
    }

    private static List<ServiceEventView> read(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("the service answered " + answer.statusCode());
        }
        try {
            List<ServiceEventView> events = new ArrayList<>();
            for (JsonNode event : new JsonMapper().readTree(answer.body())) {
                events.add(new ServiceEventView(
                        Instant.parse(event.path("event_time").asText()),
                        event.path("severity").asText(),
                        event.path("name").asText(),
                        event.path("message").asText()));
            }
            return events;
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IllegalStateException("the service answered something that is no list of events", e);
        }
    }
}
