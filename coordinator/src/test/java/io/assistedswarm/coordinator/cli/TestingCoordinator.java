package io.assistedswarm.coordinator.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.coordinator.api.ApiJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A coordinator that answers as it is told; the last answer to a request is given again and again. */
final class TestingCoordinator implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();

    private record Answer(int status, String body) {}

    TestingCoordinator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param request for example {@code GET /swarms/night} */
    TestingCoordinator on(String request, int status, Object value) {
        String body = value instanceof String text ? text : new String(ApiJson.write(value), StandardCharsets.UTF_8);
        answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, body));
        return this;
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    byte[] body(String request) {
        return bodies.get(request);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().toString().replaceFirst("^/api/v1", "");
        requests.add(request);
        bodies.put(request, exchange.getRequestBody().readAllBytes());
        Deque<Answer> scripted = answers.getOrDefault(request, new ArrayDeque<>());
        Answer answer = scripted.size() > 1 ? scripted.poll() : scripted.peek();
        if (answer == null) {
            answer = new Answer(404, "{\"problems\":[\"nothing is scripted for it\"]}");
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
