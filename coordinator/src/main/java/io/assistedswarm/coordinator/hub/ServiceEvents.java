package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.protocol.ServiceSpec;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The service's own log of what happened to a cluster or host: {@code GET /v2/events}. */
public final class ServiceEvents {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final int MOST = 50;

    /** Less is of no use to who reads events beside phases. */
    private static final double LEAST_SECONDS = 0.5;

    /** What the header {@code Date} leaves open, as it has whole seconds. */
    private static final double HALF_A_SECOND = 0.5;

    private final Executor blocking;
    private final InstantSource clock;

    /**
     * Asks for them.
     *
     * @param blocking reads the CA bundle
     * @param clock that the service's is compared with
     */
    public ServiceEvents(Executor blocking, InstantSource clock) {
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * The latest ones, the last first.
     *
     * @param address its key or token is repeated by no failure
     */
    public CompletionStage<ServiceEventsView> latest(ServiceSpec service, Hub.EventsAddress address) {
        return CompletableFuture.supplyAsync(() -> AssistedService.client(service), blocking)
                .thenCompose(client -> {
                    Instant sent = clock.instant();
                    return client.sendAsync(request(address), HttpResponse.BodyHandlers.ofString())
                            .whenComplete((answer, failure) -> client.close())
                            .thenApply(answer -> new Timed(answer, sent, clock.instant()));
                })
                .handle((timed, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException("the service does not answer: " + name(failure));
                    }
                    return new ServiceEventsView(timed.ahead(), read(timed.answer()));
                });
    }

    private record Timed(HttpResponse<String> answer, Instant sent, Instant received) {
        /** By the time that the answer has, which was somewhen between the two. */
        Optional<Double> ahead() {
            double halfWay = seconds(Duration.between(sent, received)) / 2;
            return answer.headers()
                    .firstValue("Date")
                    .flatMap(ServiceEvents::date)
                    .map(at -> seconds(Duration.between(sent, at)) + HALF_A_SECOND - halfWay)
                    .filter(ahead -> Math.abs(ahead) > HALF_A_SECOND + halfWay + LEAST_SECONDS);
        }
    }

    private static Optional<Instant> date(String header) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
        } catch (DateTimeException e) {
            // Nothing is known of a clock that is told in another form.
            return Optional.empty();
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
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
