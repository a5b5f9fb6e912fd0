package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Measurements;
import io.assistedswarm.rehearsal.service.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    private static final int BACKLOG = 1_024;
    private static final String API = "/api/assisted-install";
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Router router;
    private final Authentication authentication;
    private final Measurements measurements;
    private final RehearsalCalls rehearsal;

    private HttpFront(
            HttpServer server,
            Router router,
            Authentication authentication,
            Measurements measurements,
            RehearsalCalls rehearsal) {
        this.server = server;
        this.router = router;
        this.authentication = authentication;
        this.measurements = measurements;
        this.rehearsal = rehearsal;
    }

    /** Binds the address; serves only once {@link RestApi} was given the server. */
    public static HttpServer bind(InetSocketAddress address) throws IOException {
        return HttpServer.create(address, BACKLOG);
    }

    static HttpFront start(
            HttpServer server,
            Router router,
            Authentication authentication,
            Measurements measurements,
            RehearsalCalls rehearsal) {
        HttpFront front = new HttpFront(server, router, authentication, measurements, rehearsal);
        server.setExecutor(front.threads);
        server.createContext("/", front::exchange);
        server.start();
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
            Answer answer = match.map(found -> handle(exchange, found)).orElseGet(() -> unknown(method, path, apiPath));
            status = answer.status();
            bytes = answer.body().length();
            send(exchange, answer);
            if (log.isDebugEnabled()) {
                log.debug("{} {} -> {} in {}", method, exchange.getRequestURI(), status, since(start));
            }
        } catch (IOException e) {
            // The caller went away; there is nobody left to tell.
            log.info("{} {} could not be answered: {}", method, path, e.toString());
        } finally {
            measurements.requestEnded(handler, method, status, since(start), bytes);
        }
    }

    private Answer handle(HttpExchange exchange, Router.Match match) {
        Call call = new Call(
                match.path(),
                query(exchange.getRequestURI().getRawQuery()),
                exchange.getRequestHeaders(),
                exchange.getRequestBody());
        try {
            rehearsal.listen(call);
            return authentication
                    .refuse(call, match.route().access())
                    .orElseGet(() -> match.route().handler().handle(call));
        } catch (Refusal refusal) {
            return error(refusal.status(), refusal.getMessage());
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
        server.stop(0);
        threads.shutdownNow();
    }
}
