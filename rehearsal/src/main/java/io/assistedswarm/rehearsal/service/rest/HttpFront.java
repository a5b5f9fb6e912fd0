package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Measurements;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.Speaker;
import io.assistedswarm.rehearsal.trouble.Asked;
import io.assistedswarm.rehearsal.trouble.Disturbance;
import io.assistedswarm.rehearsal.trouble.Door;
import io.assistedswarm.rehearsal.trouble.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves HTTP: one virtual thread a request, errors in the service's format, long JSON gzipped for who accepts that. */
public final class HttpFront implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpFront.class);
    /** Shorter bodies are sent as they are; the real service's middleware has the same limit. */
    private static final int GZIP_FROM_BYTES = 1_400;

    /** Above this the real service does not know the length when it sends the headers. */
    private static final int CHUNKED_FROM_BYTES = 2_048;

    private static final String API = "/api/assisted-install";

    /** What a rehearsal is steered by is spared by its troubles. */
    private static final String REHEARSAL = "/rehearsal/";

    private final Door door;
    private final Disturbance disturbance;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Router router;
    private final Authentication authentication;
    private final Measurements measurements;
    private final RehearsalCalls rehearsal;

    private HttpFront(
            Door door,
            Disturbance disturbance,
            Router router,
            Authentication authentication,
            Measurements measurements,
            RehearsalCalls rehearsal) {
        this.door = door;
        this.disturbance = disturbance;
        this.router = router;
        this.authentication = authentication;
        this.measurements = measurements;
        this.rehearsal = rehearsal;
    }

    static HttpFront start(
            Door door,
            Disturbance disturbance,
            Router router,
            Authentication authentication,
            Measurements measurements,
            RehearsalCalls rehearsal) {
        HttpFront front = new HttpFront(door, disturbance, router, authentication, measurements, rehearsal);
        door.serve(front.threads, front::exchange);
        return front;
    }

    private void exchange(HttpExchange exchange) throws IOException {
        long start = System.nanoTime();
        String path = exchange.getRequestURI().getPath();
        String apiPath = path.startsWith(API) ? path.substring(API.length()) : path;
        String method = exchange.getRequestMethod();
        Optional<Router.Match> match = router.find(method, apiPath);
        String handler = match.map(found -> found.route().template()).orElse("");
        measurements.requestStarted(handler, method);
        int status = 500;
        long bytes = 0;
        try (exchange) {
            Optional<Answer> fate = fateOf(exchange, apiPath, match);
            if (fate.isEmpty()) {
                return;
            }
            Answer answer = fate.get();
            status = answer.status();
            bytes = answer.body().length();
            send(exchange, answer);
            if (log.isDebugEnabled()) {
                log.debug("{} {} -> {} in {}", method, exchange.getRequestURI(), status, since(start));
            }
        } catch (IOException e) {
            // The caller went away; there is nobody left to tell.
            log.info("{} {} could not be answered: {}", method, path, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            measurements.requestEnded(handler, method, status, since(start), bytes);
        }
    }

    /** Empty if the connection is to end without an answer. */
    private Optional<Answer> fateOf(HttpExchange exchange, String apiPath, Optional<Router.Match> match)
            throws InterruptedException {
        String method = exchange.getRequestMethod();
        Supplier<Answer> served = () -> match.map(found -> handle(exchange, found))
                .orElseGet(() -> unknown(method, exchange.getRequestURI().getPath(), apiPath));
        if (apiPath.startsWith(REHEARSAL)) {
            return Optional.of(served.get());
        }
        Optional<Answer> unreadable = hear(exchange);
        if (unreadable.isPresent()) {
            return unreadable;
        }
        String agent = Optional.ofNullable(exchange.getRequestHeaders().getFirst("User-Agent"))
                .orElse("");
        Asked asked = new Asked(agent, method.toLowerCase(Locale.ROOT), "", apiPath);
        return switch (disturbance.fateOf(asked)) {
            case Fate.Cut cut -> Optional.empty();
            case Fate.AnswerLost lost -> {
                var unused = served.get();
                yield Optional.empty();
            }
            case Fate.Unheard unheard -> {
                disturbance.awaitEndOfSilence();
                yield Optional.empty();
            }
            case Fate.Refused refused -> Optional.of(refusal(refused));
            case Fate.Expired expired -> throw new IllegalStateException("the service has no watches");
            case Fate.Served after -> {
                Thread.sleep(after.delay());
                yield Optional.of(served.get());
            }
        };
    }

    /** Before any trouble: who was not answered has spoken all the same. */
    private Optional<Answer> hear(HttpExchange exchange) {
        try {
            rehearsal.hear(exchange.getRequestHeaders().getFirst(Speaker.HEADER));
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(error(refusal.status(), refusal.getMessage()));
        }
    }

    private static Answer refusal(Fate.Refused refused) {
        Answer answer = error(refused.status(), "trouble by plan");
        return refused.retryAfter()
                .map(after -> answer.with("Retry-After", String.valueOf(Math.ceilDiv(after.toMillis(), 1000))))
                .orElse(answer);
    }

    private Answer handle(HttpExchange exchange, Router.Match match) {
        Call call = new Call(
                match.path(),
                query(exchange.getRequestURI().getRawQuery()),
                exchange.getRequestHeaders(),
                exchange.getRequestBody(),
                "");
        try {
            return match.route()
                    .handler()
                    .handle(authentication.admit(call, match.route().access()));
        } catch (Denied denied) {
            return plainError(denied.status(), denied.getMessage());
        } catch (Refusal refusal) {
            return refusal.unread()
                    ? plainError(refusal.status(), refusal.getMessage())
                    : error(refusal.status(), refusal.getMessage());
        } catch (RuntimeException e) {
            log.error(
                    "{} {} failed",
                    match.route().method(),
                    exchange.getRequestURI().getPath(),
                    e);
            return error(500, "internal error: " + e);
        }
    }

    private Answer unknown(String method, String path, String apiPath) {
        var methods = router.methods(apiPath);
        return methods.isEmpty()
                ? plainError(404, "path %s was not found".formatted(path))
                : plainError(405, "method %s is not allowed, but %s are".formatted(method, methods));
    }

    private static Answer error(int status, String reason) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        json.put("code", String.valueOf(status));
        json.put("href", "");
        json.put("id", status);
        json.put("kind", "Error");
        json.put("reason", reason);
        return Answer.json(status, json);
    }

    /** Errors found before a handler is reached have another format, as 401 and 403 do. */
    static Answer plainError(int status, String message) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        json.put("code", status);
        json.put("message", message);
        return Answer.json(status, json);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Vary", "Accept-Encoding");
        if (!answer.contentType().isEmpty()) {
            headers.set("Content-Type", answer.contentType());
        }
        answer.headers().forEach(headers::set);
        long length = answer.body().length();
        if (length == 0) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept-Encoding", List.of());
        boolean gzip = answer.compressible()
                && length >= GZIP_FROM_BYTES
                && accepted.stream().anyMatch(value -> value.contains("gzip"));
        if (!gzip) {
            exchange.sendResponseHeaders(answer.status(), length);
            answer.body().writeTo(exchange.getResponseBody());
            return;
        }
        headers.set("Content-Encoding", "gzip");
        byte[] compressed = compressed(answer.body());
        exchange.sendResponseHeaders(answer.status(), compressed.length < CHUNKED_FROM_BYTES ? compressed.length : 0);
        exchange.getResponseBody().write(compressed);
    }

    private static byte[] compressed(Answer.Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            body.writeTo(gzip);
        }
        return bytes.toByteArray();
    }

    private static Map<String, List<String>> query(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (raw == null) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.computeIfAbsent(decoded(name), n -> new ArrayList<>()).add(decoded(value));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            log.warn("the port of the service was not closed: {}", e.toString());
        }
        threads.shutdownNow();
    }
}
