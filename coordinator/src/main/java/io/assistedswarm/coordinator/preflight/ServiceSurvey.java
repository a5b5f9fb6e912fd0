package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.AtATime;
import io.assistedswarm.coordinator.preflight.ServiceFacts.OfUser;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.protocol.UserSides;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Asks the service about itself, with and without credentials: five requests at a time, and two for each user. */
final class ServiceSurvey {
    private static final String API = "/api/assisted-install/v2/";

    private final Executor blocking;
    private static final UUID NOWHERE = new UUID(0, 0);
    private static final Map<String, String> NOBODY = Map.of("Authorization", "nobody");

    private final InstantSource clock;
    private final Function<ServiceSpec, UserAuthorization> users;

    /**
     * @param blocking reads the CA bundle, and closes clients
     * @param users in whose name a service is asked
     */
    ServiceSurvey(Executor blocking, InstantSource clock, Function<ServiceSpec, UserAuthorization> users) {
        this.blocking = blocking;
        this.users = users;
        this.clock = clock;
    }

    /** Never fails: what could not be asked is among the facts. */
    CompletableFuture<ServiceFacts> look(ServiceSpec service, Duration patience) {
        return CompletableFuture.supplyAsync(() -> AssistedService.client(service), blocking)
                .thenCompose(client -> look(client, service, service.url().replaceAll("/+$", ""), patience)
                        // It waits for what is still on its way.
                        .whenCompleteAsync((facts, failure) -> client.shutdownNow(), blocking))
                .exceptionally(failure ->
                        ServiceFacts.unasked(Answer.none(failure, patience).said()));
    }

    private CompletableFuture<ServiceFacts> look(
            HttpClient client, ServiceSpec service, String url, Duration patience) {
        Instant before = clock.instant();
        CompletableFuture<Answer> health = get(client, url + "/health", Map.of(), patience);
        CompletableFuture<Optional<Duration>> ahead =
                health.thenApply(answer -> answer.date().map(date -> ahead(date, before, clock.instant())));
        CompletableFuture<Answer> ready = get(client, url + "/ready", Map.of(), patience);
        CompletableFuture<Answer> components = get(client, url + API + "component-versions", Map.of(), patience);
        CompletableFuture<Answer> asNobody = get(client, url + API + "component-versions", NOBODY, patience);
        CompletableFuture<List<OfUser>> asUsers =
                CompletableFuture.supplyAsync(() -> asUsers(client, service, url, patience), blocking);
        CompletableFuture<Answer> releases = get(client, url + API + "openshift-versions", Map.of(), patience);
        return CompletableFuture.allOf(ahead, ready, components, releases, asNobody, asUsers)
                .thenApply(done -> new ServiceFacts(
                        "",
                        health.join(),
                        ready.join(),
                        components.join(),
                        releases.join(),
                        ahead.join(),
                        asNobody.join(),
                        asUsers.join()));
    }

    /** Some at a time. */
    private List<OfUser> asUsers(HttpClient client, ServiceSpec service, String url, Duration patience) {
        List<String> names = service.auth().users().isEmpty()
                ? List.of("")
                : service.auth().users().stream().map(ServiceUser::name).toList();
        List<ServiceSpec> specs = service.perUser();
        OfUser[] found = new OfUser[names.size()];
        try (UserSides sides = new UserSides(users, patience, "assisted-swarm-preflight")) {
            AtATime.run(IntStream.range(0, found.length)
                    .<Runnable>mapToObj(i -> () -> {
                        CompletableFuture<Answer> asUser = asUser(sides.of(specs.get(i)), patience);
                        CompletableFuture<Answer> asAgent = get(
                                client,
                                url + API + "clusters/" + NOWHERE,
                                Map.of("X-Secret-Key", specs.get(i).agentToken().reveal()),
                                patience);
                        found[i] = new OfUser(names.get(i), asUser.join(), asAgent.join());
                    })
                    .toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the service", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot ask the service in the users' names", e);
        }
        return List.of(found);
    }

    /** With another token if the first has run out. */
    private static CompletableFuture<Answer> asUser(UserSide side, Duration patience) {
        return side.send("GET", "/component-versions", "")
                .toCompletableFuture()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> failure == null
                        ? Answer.of(answer.status(), answer.body(), Optional.empty())
                        : Answer.none(failure, patience));
    }

    private static CompletableFuture<Answer> get(
            HttpClient client, String url, Map<String, String> headers, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(patience);
        headers.forEach(request::header);
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
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
