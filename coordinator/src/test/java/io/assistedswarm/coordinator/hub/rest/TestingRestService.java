package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A service's user side as far as it is read and deleted: its rows are what a test puts there. */
final class TestingRestService implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "/api/assisted-install/v2";
    private static final Pattern ONE = Pattern.compile("/(clusters|infra-envs)/([^/?]+)(/.*)?");
    private static final Pattern HOST = Pattern.compile("/hosts/([^/]+)");

    /** A cluster or infra-env. */
    static final class Row {
        final ObjectNode fields = JSON.createObjectNode();
        final Map<String, ObjectNode> hosts = new LinkedHashMap<>();
        final String owner;

        Row(String owner) {
            this.owner = owner;
        }
    }

    private final HttpServer server;
    private final Map<String, Row> clusters = new LinkedHashMap<>();
    private final Map<String, Row> infraEnvs = new LinkedHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Integer>> refusals = new ConcurrentHashMap<>();
    private final Map<String, Integer> notLetIn = new ConcurrentHashMap<>();
    private String owner = "";
    private volatile int down;
    private volatile Optional<Integer> retryAfter = Optional.empty();
    private volatile Optional<Instant> imagesExpire = Optional.empty();
    private final AtomicInteger signed = new AtomicInteger();

    TestingRestService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    ServiceSpec spec() {
        return new ServiceSpec(url(), false, "", "", new Secret("{}"), "quay.io/release:4.18.1", "4.18", "x.org", "a");
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * What is put there from now on is shown to nobody but him.
     *
     * @param authorization that his requests have
     */
    synchronized void of(String authorization) {
        owner = authorization;
    }

    /** @param status of every answer to him; 0 for as it should be */
    void notLetIn(String authorization, int status) {
        notLetIn.put(authorization, status);
    }

    /** @return its id */
    synchronized String cluster(String name, String tags, String status) {
        Row row = new Row(owner);
        String id = UUID.randomUUID().toString();
        row.fields.put("id", id).put("name", name).put("tags", tags).put("status", status);
        clusters.put(id, row);
        return id;
    }

    /** @return its id */
    synchronized String infraEnv(String name, String clusterId) {
        Row row = new Row(owner);
        String id = UUID.randomUUID().toString();
        row.fields.put("id", id).put("name", name);
        if (!clusterId.isEmpty()) {
            row.fields.put("cluster_id", clusterId);
        }
        infraEnvs.put(id, row);
        return id;
    }

    synchronized void host(String infraEnvId, String id, String status) {
        infraEnvs
                .get(infraEnvId)
                .hosts
                .computeIfAbsent(id, same -> JSON.createObjectNode().put("id", id))
                .put("status", status);
    }

    synchronized void status(String clusterId, String status) {
        clusters.get(clusterId).fields.put("status", status);
    }

    /** The next such call, and no other. */
    void refuseNext(String call, int status) {
        refusals.computeIfAbsent(call, same -> new ConcurrentLinkedQueue<>()).add(status);
    }

    void refuseNoMore() {
        refusals.clear();
    }

    /** @param status of every answer; 0 for as it should be */
    void down(int status) {
        down = status;
    }

    /** Whoever is refused is asked to wait for so long. */
    void askToWait(int seconds) {
        retryAfter = Optional.of(seconds);
    }

    /** From now on URLs of images are signed anew each time, and run out then. */
    void signImages(Instant until) {
        imagesExpire = Optional.of(until);
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized List<String> left() {
        return Stream.concat(clusters.values().stream(), infraEnvs.values().stream())
                .map(row -> row.fields.path("name").asText())
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString().replace(ROOT, "");
            String call = exchange.getRequestMethod() + " " + path;
            calls.add(call);
            Queue<Integer> refused = refusals.getOrDefault(call, new ConcurrentLinkedQueue<>());
            String user = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .orElse("");
            int status = down == 0 ? notLetIn.getOrDefault(user, 0) : down;
            if (status == 0 && !refused.isEmpty()) {
                status = refused.remove();
            }
            String body = "{\"code\":\"" + status + "\",\"reason\":\"refused by the test\"}";
            if (status == 0) {
                StringBuilder found = new StringBuilder();
                status = reply(exchange.getRequestMethod(), path, user, found);
                body = found.toString();
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (status >= 400) {
                retryAfter.ifPresent(seconds -> exchange.getResponseHeaders().set("Retry-After", seconds.toString()));
            }
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized int reply(String method, String path, String user, StringBuilder body) {
        if (path.equals("/clusters") || path.equals("/infra-envs")) {
            ArrayNode list = JSON.createArrayNode();
            (path.equals("/clusters") ? clusters : infraEnvs)
                    .values().stream().filter(row -> row.owner.equals(user)).forEach(row -> list.add(row.fields));
            body.append(list);
            return 200;
        }
        Matcher one = ONE.matcher(path);
        if (!one.matches()) {
            return 404;
        }
        boolean ofCluster = one.group(1).equals("clusters");
        Map<String, Row> rows = ofCluster ? clusters : infraEnvs;
        Row row = rows.get(one.group(2));
        String rest = one.group(3) == null ? "" : one.group(3);
        if (row == null || !row.owner.equals(user)) {
            return 404;
        }
        return switch (method) {
            case "GET" -> read(ofCluster, row, rest, body);
            case "POST" -> {
                if (rest.equals("/actions/cancel")) {
                    row.fields.put("status", "cancelled");
                }
                yield 202;
            }
            default -> delete(ofCluster, rows, row, rest);
        };
    }

    private int read(boolean ofCluster, Row row, String rest, StringBuilder body) {
        if (rest.equals("/downloads/image-url")) {
            String id = row.fields.path("id").asText();
            // As the service does for a URL that never runs out.
            String never = "0001-01-01T00:00:00.000Z";
            body.append("{\"url\":\"http://images/")
                    .append(imagesExpire
                            .map(until -> "bytoken/" + id + "." + signed.incrementAndGet())
                            .orElse("byid/" + id))
                    .append("/4.18/x86_64/full.iso\",\"expires_at\":\"")
                    .append(imagesExpire.map(Instant::toString).orElse(never))
                    .append("\"}");
            return 200;
        }
        ArrayNode hosts = JSON.createArrayNode();
        infraEnvs.values().stream()
                .filter(infraEnv ->
                        ofCluster ? infraEnv.fields.path("cluster_id").equals(row.fields.path("id")) : infraEnv == row)
                .forEach(infraEnv -> infraEnv.hosts.values().forEach(hosts::add));
        body.append(rest.equals("/hosts") ? hosts : row.fields.deepCopy().set("hosts", hosts));
        return 200;
    }

    /** As the service does: a cluster takes its hosts with it, and an infra-env stays as long as it has some. */
    private int delete(boolean ofCluster, Map<String, Row> rows, Row row, String rest) {
        Matcher host = HOST.matcher(rest);
        if (host.matches()) {
            return row.hosts.remove(host.group(1)) == null ? 500 : 204;
        }
        if (ofCluster) {
            if (row.fields.path("status").asText().equals("installing")) {
                return 409;
            }
            infraEnvs.values().stream()
                    .filter(infraEnv -> infraEnv.fields.path("cluster_id").equals(row.fields.path("id")))
                    .forEach(infraEnv -> infraEnv.hosts.clear());
        } else if (!row.hosts.isEmpty()) {
            return 400;
        }
        rows.values().remove(row);
        return 204;
    }
}
