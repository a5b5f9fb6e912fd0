package io.assistedswarm.worker.runtime.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Speaks the combined agent's API as its swagger.yaml says; what becomes of an agent is for the test to say. */
final class TestingCombinedAgent implements AutoCloseable {
    private static final String BASE = "/api/assisted-swarm";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Map<Long, ObjectNode> agents = new LinkedHashMap<>();
    private final List<JsonNode> created = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private String refusal = "";
    private boolean healthy;
    private Runnable onExit = () -> {};

    TestingCombinedAgent() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(BASE, this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    synchronized void isHealthy(boolean now) {
        healthy = now;
    }

    synchronized void onExit(Runnable end) {
        onExit = end;
    }

    /** Agents are refused from now on; empty for no more. */
    synchronized void refuses(String reason) {
        refusal = reason;
    }

    synchronized void terminate(long id) {
        agents.get(id).put("status", "Terminated").put("terminated_at", "2026-11-23T03:20:00.000Z");
    }

    synchronized List<JsonNode> created() {
        return List.copyOf(created);
    }

    synchronized List<Long> listed() {
        return List.copyOf(agents.keySet());
    }

    synchronized long calls(String call) {
        return calls.stream().filter(call::equals).count();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(BASE.length());
        String call = exchange.getRequestMethod() + " " + path;
        calls.add(call);
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        if (call.equals("GET /health")) {
            reply(exchange, healthy ? 204 : 500, "");
        } else if (call.equals("GET /exit")) {
            reply(exchange, 204, "");
            onExit.run();
        } else if (call.equals("POST /agents")) {
            create(exchange, body);
        } else if (call.equals("GET /agents")) {
            ArrayNode list = JSON.createArrayNode();
            agents.values().forEach(list::add);
            reply(exchange, 200, list.toString());
        } else if (call.startsWith("DELETE /agents/")) {
            boolean known = agents.remove(Long.parseLong(path.substring("/agents/".length()))) != null;
            reply(exchange, known ? 204 : 404, known ? "" : error(404, "does not exist"));
        } else {
            reply(exchange, 404, error(404, "no such path"));
        }
    }

    private void create(HttpExchange exchange, JsonNode parameters) throws IOException {
        if (!refusal.isEmpty()) {
            reply(exchange, 400, error(400, refusal));
            return;
        }
        created.add(parameters);
        long id = created.size();
        ObjectNode agent = JSON.createObjectNode()
                .put("id", id)
                .put("status", "Running")
                .put("created_at", "2026-11-23T03:20:00.000Z");
        agents.put(id, agent);
        reply(exchange, 201, agent.toString());
    }

    private static String error(int status, String reason) {
        return JSON.createObjectNode()
                .put("kind", "Error")
                .put("id", status)
                .put("href", "")
                .put("code", String.valueOf(status))
                .put("reason", reason)
                .toString();
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
