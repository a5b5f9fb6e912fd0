package io.assistedswarm.protocol;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * The user side of the service's REST API v2: sends one request in the user's name and says what came back, whatever it is. Where the
 * service does not accept the user's token, another one is asked for, and the request is sent once more; no more often, so that a
 * wrong user does not become a storm.
 */
public final class UserSide implements AutoCloseable {
    private static final String ROOT = "/api/assisted-install/v2";
    private static final int UNAUTHORIZED = 401;

    /** However slowly it comes. */
    public static final Duration LONGEST_FETCH = Duration.ofMinutes(10);

    private final HttpClient client;
    private final String base;
    private final UserAuthorization user;
    private final Duration timeout;
    private final String userAgent;
    private final AtomicLong sent = new AtomicLong();

    /**
     * What the service answered.
     *
     * @param body empty of what was fetched
     * @param retryAfter how long it asks to wait
     * @param fetchedBytes of what was fetched
     */
    public record Answer(int status, String body, Optional<Duration> retryAfter, long fetchedBytes) {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * @param timeout of one request
     * @throws IllegalArgumentException if the CA bundle cannot be used, or the service's URL is none
     */
    public UserSide(ServiceSpec service, UserAuthorization user, Duration timeout, String userAgent) {
        this.base = root(service.url());
        this.user = user;
        this.timeout = timeout;
        this.userAgent = userAgent;
        this.client = Trust.of(service)
                .in(HttpClient.newBuilder().connectTimeout(timeout))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Where the API begins at a service: {@code /clusters} and the like follow. */
    public static String root(String serviceUrl) {
        return URI.create(serviceUrl.replaceAll("/+$", "") + ROOT).toString();
    }

    /**
     * Fails when nothing has answered, or when there is no token to send.
     *
     * @param path with query, from {@code /clusters} on
     * @param body in JSON; empty for none
     */
    public CompletionStage<Answer> send(String method, String path, String body) {
        return asUser(headers -> send(method, path, body, headers));
    }

    /**
     * Reads a file to its end, and keeps nothing of it. Fails, too, when it has not come to its end in {@link #LONGEST_FETCH}.
     *
     * @param path with query, from {@code /clusters} on
     */
    public CompletionStage<Answer> fetch(String path) {
        return asUser(headers -> fetch(path, headers));
    }

    private CompletionStage<Answer> asUser(Function<Map<String, String>, CompletionStage<Answer>> request) {
        return user.headers()
                .thenCompose(headers -> request.apply(headers)
                        .thenCompose(answer -> answer.status() == UNAUTHORIZED
                                ? onceMore(request, headers, answer)
                                : CompletableFuture.completedFuture(answer)));
    }

    private CompletionStage<Answer> onceMore(
            Function<Map<String, String>, CompletionStage<Answer>> request, Map<String, String> refused, Answer first) {
        user.refused(refused);
        // The same once more would only be refused once more.
        return user.headers()
                .thenCompose(headers -> headers.equals(refused)
                        ? CompletableFuture.completedFuture(first)
                        : request.apply(headers).thenApply(second -> {
                            if (second.status() == UNAUTHORIZED) {
                                user.refused(headers);
                            }
                            return second;
                        }));
    }

    private CompletionStage<Answer> send(String method, String path, String body, Map<String, String> headers) {
        HttpRequest.Builder request = request(path, "application/json", headers);
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json");
            request.method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        sent.incrementAndGet();
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(answer -> new Answer(answer.statusCode(), answer.body(), retryAfter(answer), 0));
    }

    private CompletionStage<Answer> fetch(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path, "*/*", headers);
        sent.incrementAndGet();
        CompletableFuture<HttpResponse<Fetched>> answer = client.sendAsync(request.build(), UserSide::counted);
        // The request's own time-out ends with the headers.
        CompletableFuture<Answer> inTime = answer.thenApply(fetched -> new Answer(
                        fetched.statusCode(),
                        fetched.body().text(),
                        retryAfter(fetched),
                        fetched.body().bytes()))
                .orTimeout(LONGEST_FETCH.toSeconds(), TimeUnit.SECONDS);
        return inTime.whenComplete((fetched, failure) -> answer.cancel(true));
    }

    private HttpRequest.Builder request(String path, String accepted, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("User-Agent", userAgent)
                .header("Accept", accepted);
        headers.forEach(request::header);
        return request;
    }

    /** @param text of a refusal; empty of the file itself */
    private record Fetched(String text, long bytes) {}

    private static BodySubscriber<Fetched> counted(HttpResponse.ResponseInfo answer) {
        if (answer.statusCode() >= 300) {
            return BodySubscribers.mapping(
                    BodySubscribers.ofString(StandardCharsets.UTF_8), text -> new Fetched(text, 0));
        }
        AtomicLong bytes = new AtomicLong();
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(piece -> piece.ifPresent(some -> bytes.addAndGet(some.length))),
                done -> new Fetched("", bytes.get()));
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("\\d{1,5}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    /** Requests sent since the start, those included that nothing has answered. */
    public long requests() {
        return sent.get();
    }

    /** What is under way is given up. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
