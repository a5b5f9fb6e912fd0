package io.assistedswarm.coordinator.preflight;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A server that answers what it is told to, and 404 to all else. */
final class TestingHttp implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Scripted> answers = new ConcurrentHashMap<>();
    /** METHOD, path and query. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** That requests had. */
    final List<String> tokens = new CopyOnWriteArrayList<>();

    /** @param body made from that of the request */
    private record Scripted(int status, UnaryOperator<String> body) {}

    TestingHttp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param request for example {@code GET /version} */
    TestingHttp on(String request, int status, String body) {
        return on(request, status, (UnaryOperator<String>) asked -> body);
    }

    TestingHttp on(String request, int status, UnaryOperator<String> body) {
        answers.put(request, new Scripted(status, body));
        return this;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(request);
            Stream.of("Authorization", "X-Secret-Key")
                    .flatMap(name ->
                            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).stream())
                    .forEach(tokens::add);
            Scripted scripted = answers.getOrDefault(request, new Scripted(404, unused -> "{}"));
            byte[] body = scripted.body().apply(asked).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(scripted.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
