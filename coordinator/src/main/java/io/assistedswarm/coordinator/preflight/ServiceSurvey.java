package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.protocol.ServiceSpec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Asks the service about itself, without credentials: four requests at a time. */
final class ServiceSurvey {
    private static final String API = "/api/assisted-install/v2/";

    private final Executor blocking;
    private final InstantSource clock;

    /** @param blocking reads the CA bundle, and closes clients */
    ServiceSurvey(Executor blocking, InstantSource clock) {
        this.blocking = blocking;
        this.clock = clock;
    }

    /** Never fails: what could not be asked is among the facts. */
    CompletableFuture<ServiceFacts> look(ServiceSpec service, Duration patience) {
        return CompletableFuture.supplyAsync(() -> AssistedService.client(service), blocking)
                .thenCompose(client -> look(client, service.url().replaceAll("/+$", ""), patience)
                        // It waits for what is still on its way.
                        .whenCompleteAsync((facts, failure) -> client.shutdownNow(), blocking))
                .exceptionally(failure ->
                        ServiceFacts.unasked(Answer.none(failure, patience).said()));
    }

    private CompletableFuture<ServiceFacts> look(HttpClient client, String url, Duration patience) {
        Instant before = clock.instant();
        CompletableFuture<Answer> health = get(client, url + "/health", patience);
        CompletableFuture<Optional<Duration>> ahead =
                health.thenApply(answer -> answer.date().map(date -> ahead(date, before, clock.instant())));
        CompletableFuture<Answer> ready = get(client, url + "/ready", patience);
        CompletableFuture<Answer> components = get(client, url + API + "component-versions", patience);
        CompletableFuture<Answer> releases = get(client, url + API + "openshift-versions", patience);
        return CompletableFuture.allOf(ahead, ready, components, releases)
                .thenApply(done -> new ServiceFacts(
                        "", health.join(), ready.join(), components.join(), releases.join(), ahead.join()));
    }

    private static CompletableFuture<Answer> get(HttpClient client, String url, Duration patience) {
        return client.sendAsync(
                        HttpRequest.newBuilder(URI.create(url))
                                .timeout(patience)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> failure == null
                        ? Answer.of(response.statusCode(), response.body(), date(response))
                        : Answer.none(failure, patience));
    }

    /** Nothing within the answer's own time and the header's full seconds. */
    static Duration ahead(Instant date, Instant before, Instant after) {
        if (date.isAfter(after)) {
            return Duration.between(after, date);
        }
        Instant latest = date.plusSeconds(1);
        return latest.isBefore(before) ? Duration.between(before, latest) : Duration.ZERO;
    }

    private static Optional<Instant> date(HttpResponse<?> response) {
        return response.headers().firstValue("Date").flatMap(text -> {
            try {
                return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant());
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }
}
