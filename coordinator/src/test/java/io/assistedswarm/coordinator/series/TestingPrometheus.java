package io.assistedswarm.coordinator.series;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;

/** Answers each query as the test wants, one answer after the other, the last one again and again. */
public final class TestingPrometheus implements AutoCloseable {
    /** @param form of the request */
    record Request(String path, Map<String, String> form, String authorization) {}

    private record Answer(int status, String body) {}

    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final String scheme;
    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    final List<Request> requests = new CopyOnWriteArrayList<>();

    public TestingPrometheus() throws IOException {
        this("http", HttpServer.create(HERE, 0));
    }

    private TestingPrometheus(String scheme, HttpServer server) {
        this.scheme = scheme;
        this.server = server;
        server.createContext("/", this::answer);
        server.start();
    }

    /** That presents a certificate. */
    static TestingPrometheus secured(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(HERE, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new TestingPrometheus("https", server);
    }

    public String url() {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort();
    }

    public TestingPrometheus on(String query, int status, String body) {
        answers.computeIfAbsent(query, unused -> new ArrayDeque<>()).add(new Answer(status, body));
        return this;
    }

    /** @param results of the series, as the API has them */
    TestingPrometheus matrix(String query, String... results) {
        return on(query, 200, success("matrix", results));
    }

    public static String success(String type, String... results) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":["
                + String.join(",", results) + "]}}";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> form =
                    form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(new Request(
                    exchange.getRequestURI().getPath(),
                    form,
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            Deque<Answer> scripted = answers.getOrDefault(form.get("query"), new ArrayDeque<>());
            Answer answer = scripted.size() > 1
                    ? scripted.poll()
                    : scripted.isEmpty() ? new Answer(200, success("matrix")) : scripted.peek();
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> form = new TreeMap<>();
        for (String field : text.split("&", -1)) {
            int equals = field.indexOf('=');
            form.put(
                    field.substring(0, equals), URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
