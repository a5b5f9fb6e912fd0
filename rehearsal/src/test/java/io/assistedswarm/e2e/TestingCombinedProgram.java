package io.assistedswarm.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that speaks the combined agent's API (assisted-swarm, swagger.yaml) and lets a stand-in agent play each host: port, folder
 * for the stand-ins' logs, command of a stand-in agent.
 */
final class TestingCombinedProgram {
    private static final String BASE = "/api/assisted-swarm";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final List<String> standIn;
    private final Map<Long, Process> agents = new LinkedHashMap<>();
    private long last;

    private TestingCombinedProgram(Path folder, List<String> standIn) {
        this.folder = folder;
        this.standIn = standIn;
    }

    public static void main(String[] arguments) throws IOException {
        TestingCombinedProgram program = new TestingCombinedProgram(
                Path.of(arguments[1]), List.of(arguments).subList(2, arguments.length));
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), 0);
        server.createContext(BASE, program::answer);
        server.start();
        System.out.println("listens");
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(BASE.length());
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        switch (exchange.getRequestMethod() + " " + path.replaceFirst("\\d+$", "")) {
            case "GET /health" -> reply(exchange, 204, "");
            case "POST /agents" -> reply(exchange, 201, started(body).toString());
            case "GET /agents" -> {
                ArrayNode list = JSON.createArrayNode();
                agents.keySet().forEach(id -> list.add(shown(id)));
                reply(exchange, 200, list.toString());
            }
            case "DELETE /agents/" -> {
                agents.remove(Long.parseLong(path.substring("/agents/".length())));
                reply(exchange, 204, "");
            }
            case "GET /exit" -> {
                reply(exchange, 204, "");
                CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(() -> System.exit(0));
            }
            default -> reply(exchange, 404, "{\"reason\": \"no such path\"}");
        }
    }

    private ObjectNode started(JsonNode parameters) throws IOException {
        List<String> command = new ArrayList<>(standIn);
        command.addAll(List.of(
                "--url",
                parameters.path("service_url").asText(),
                "--infra-env-id",
                parameters.path("infra_env_id").asText(),
                "--agent-version",
                parameters.path("agent_version").asText()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DRY_ENABLE", "true");
        parameters.properties().stream()
                .filter(parameter -> parameter.getKey().startsWith("dry_"))
                .forEach(parameter -> builder.environment()
                        .put(
                                parameter
                                        .getKey()
                                        .replace("dry_forced_host_id", "dry_host_id")
                                        .toUpperCase(Locale.ROOT),
                                parameter.getValue().asText()));
        builder.environment()
                .put("PULL_SECRET_TOKEN", parameters.path("pull_secret").asText());
        File log = folder.resolve("played-" + ++last + ".log").toFile();
        agents.put(last, builder.redirectOutput(log).start());
        return shown(last);
    }

    private ObjectNode shown(long id) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("status", agents.get(id).isAlive() ? "Running" : "Terminated")
                .put("created_at", Instant.EPOCH.toString());
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
