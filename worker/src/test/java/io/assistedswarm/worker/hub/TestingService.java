package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A service's user side that a test fills with answers; what it has no answer to it answers with 404. */
final class TestingService implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/api/assisted-install/v2";

    /** What it was sent; {@code call} is for example {@code POST /clusters}. */
    record Seen(String call, String authorization, JsonNode body) {}

    /** @param lost the answer never arrives */
    record Answer(int status, String body, boolean lost) {}

    private final HttpServer server;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Answer>> once = new ConcurrentHashMap<>();
    private final Map<String, Answer> always = new ConcurrentHashMap<>();

    TestingService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next such call, before what it is always answered with. */
    void next(String call, int status, String body) {
        once.computeIfAbsent(call, same -> new ConcurrentLinkedQueue<>()).add(new Answer(status, body, false));
    }

    /** The next such call is cut off instead of answered. */
    void losesNext(String call) {
        once.computeIfAbsent(call, same -> new ConcurrentLinkedQueue<>()).add(new Answer(0, "", true));
    }

    void always(String call, int status, String body) {
        always.put(call, new Answer(status, body, false));
    }

    List<Seen> seen() {
        return List.copyOf(seen);
    }

    List<String> calls() {
        return seen.stream().map(Seen::call).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String call = exchange.getRequestMethod() + " "
                    + exchange.getRequestURI().toString().replace(ROOT, "");
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            seen.add(new Seen(
                    call,
                    authorization == null ? "" : authorization,
                    body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body)));
            Queue<Answer> queued = once.getOrDefault(call, new ConcurrentLinkedQueue<>());
            Answer next = queued.isEmpty()
                    ? always.getOrDefault(
                            call, new Answer(404, "{\"code\":\"404\",\"reason\":\"no such thing\"}", false))
                    : queued.remove();
            if (next.lost()) {
                // Closed without a status line.
                return;
            }
            byte[] answer = next.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(next.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }
}
