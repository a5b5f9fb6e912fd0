package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.protocol.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A Kubernetes API that lists, watches and deletes objects, and fails when the test says so. */
final class TestingKubeApi implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String END = "";
    private static final int NO_ANSWER = 0;

    static final ObjectKind CONFIG_MAP = new ObjectKind("", "v1", "ConfigMap", "configmaps", true);
    static final ObjectKind WIDGET = new ObjectKind("example.com", "v1", "Widget", "widgets", false);

    private final List<ObjectKind> kinds = new CopyOnWriteArrayList<>(
            Stream.concat(Arrays.stream(Kinds.values()).map(Kinds::type), Stream.of(CONFIG_MAP, WIDGET))
                    .toList());
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<Event> history = new ArrayList<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
    /** METHOD and path, without the query. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private HttpServer server;
    private ExecutorService executor;
    private int port;
    private long version = 100;
    private long forgotten;

    private record Event(long version, String type, ObjectKind kind, ObjectNode object) {
        private String line() {
            return JSON.createObjectNode()
                            .put("type", type)
                            .set("object", object)
                            .toString() + "\n";
        }
    }

    private record Watch(ObjectKind kind, String query, BlockingQueue<String> lines) {
        private boolean wants(Event event) {
            return event.kind().equals(kind) && isSelected(event.object(), query);
        }
    }

    /** One answer instead of the right one. */
    private record Fault(Predicate<String> request, int status, Map<String, String> headers) {}

    TestingKubeApi() throws IOException {
        start();
    }

    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        port = server.getAddress().getPort();
        executor = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Away, with all connections; what it holds stays. */
    void stop() {
        server.stop(0);
        dropWatches();
        executor.shutdownNow();
    }

    @Override
    public void close() {
        stop();
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Answers the next {@code times} matching requests with an error; {@code request} sees METHOD, path and query. */
    void fail(int times, Predicate<String> request, int status, Map<String, String> headers) {
        for (int i = 0; i < times; i++) {
            faults.add(new Fault(request, status, headers));
        }
    }

    /** Leaves one matching request without any answer until the API is away. */
    void neverAnswer(Predicate<String> request) {
        fail(1, request, NO_ANSWER, Map.of());
    }

    /** As on a hub without its operator. */
    void hasNo(Kinds kind) {
        kinds.remove(kind.type());
    }

    boolean hasFaults() {
        return !faults.isEmpty();
    }

    long watchesOf(Kinds kind) {
        return watches.stream()
                .filter(watch -> watch.kind().equals(kind.type()))
                .count();
    }

    /** Ends every watch in the middle, as a load balancer does. */
    void dropWatches() {
        watches.forEach(watch -> watch.lines().add(END));
        watches.clear();
    }

    /** Forgets what has been: a watch that goes on from there is told 410. */
    synchronized void forgetHistory() {
        history.clear();
        forgotten = version;
    }

    void put(Kinds kind, String namespace, String name, String swarm, String json) {
        put(kind.type(), namespace, name, swarm, json);
    }

    synchronized void put(ObjectKind kind, String namespace, String name, String swarm, String json) {
        try {
            ObjectNode object = (ObjectNode) JSON.readTree(json.isEmpty() ? "{}" : json);
            object.put("apiVersion", apiVersion(kind)).put("kind", kind.kind());
            ObjectNode metadata = object.withObject("/metadata");
            metadata.put("name", name).put("uid", kind.kind() + "-" + name);
            if (kind.namespaced()) {
                metadata.put("namespace", namespace);
            }
            if (!swarm.isEmpty()) {
                metadata.withObject("/labels").put(Labels.SWARM, swarm);
            }
            boolean isNew = !objects.containsKey(key(kind, namespace, name));
            store(isNew ? "ADDED" : "MODIFIED", kind, namespace, name, object);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void remove(Kinds kind, String namespace, String name) {
        remove(kind.type(), namespace, name);
    }

    private synchronized void remove(ObjectKind kind, String namespace, String name) {
        ObjectNode object = objects.get(key(kind, namespace, name));
        if (object != null) {
            store("DELETED", kind, namespace, name, object);
            objects.remove(key(kind, namespace, name));
        }
    }

    boolean has(Kinds kind, String namespace, String name) {
        return has(kind.type(), namespace, name);
    }

    synchronized boolean has(ObjectKind kind, String namespace, String name) {
        return objects.containsKey(key(kind, namespace, name));
    }

    private void store(String type, ObjectKind kind, String namespace, String name, ObjectNode object) {
        version++;
        object.withObject("/metadata").put("resourceVersion", Long.toString(version));
        objects.put(key(kind, namespace, name), object);
        Event event = new Event(version, type, kind, object.deepCopy());
        history.add(event);
        watches.stream()
                .filter(watch -> watch.wants(event))
                .forEach(watch -> watch.lines().add(event.line()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                    .map(raw -> URLDecoder.decode(raw, StandardCharsets.UTF_8))
                    .orElse("");
            requests.add(exchange.getRequestMethod() + " " + path);
            String request = exchange.getRequestMethod() + " " + path + "?" + query;
            Optional<Fault> fault =
                    faults.stream().filter(one -> one.request().test(request)).findFirst();
            if (fault.isPresent()) {
                faults.remove(fault.get());
                if (fault.get().status() == NO_ANSWER) {
                    new CountDownLatch(1).await();
                }
                fault.get().headers().forEach(exchange.getResponseHeaders()::add);
                answer(exchange, fault.get().status(), status(fault.get().status()));
            } else if (path.matches(".*/(pods|persistentvolumeclaims)")) {
                answer(exchange, 404, status(404));
            } else if (exchange.getRequestMethod().equals("DELETE")) {
                answer(exchange, 200, delete(path));
            } else if (exchange.getRequestMethod().equals("PATCH")) {
                patch(exchange, path);
            } else if (path.matches("/api/v1|/apis(/[^/]+/[^/]+)?")) {
                answer(exchange, 200, discovery(path));
            } else if (isOfOne(path)) {
                ObjectNode object = one(path);
                answer(exchange, object == null ? 404 : 200, object == null ? status(404) : object.toString());
            } else if (query.contains("watch=true")
                    && exchange.getRequestHeaders().containsKey("Upgrade")) {
                // As a proxy that lets no WebSockets through: the client then watches over plain HTTP.
                answer(exchange, 503, status(503));
            } else if (query.contains("watch=true")) {
                watch(exchange, kind(path), query);
            } else {
                answer(exchange, 200, list(kind(path), path, query));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String list(ObjectKind kind, String path, String query) {
        ObjectNode list =
                JSON.createObjectNode().put("apiVersion", apiVersion(kind)).put("kind", kind.kind() + "List");
        list.withObject("/metadata").put("resourceVersion", Long.toString(version));
        var items = list.putArray("items");
        objects.forEach((key, object) -> {
            if (key.startsWith(kind.kubectlName() + "/" + namespaceIn(path)) && isSelected(object, query)) {
                items.add(object);
            }
        });
        return list.toString();
    }

    private void watch(HttpExchange exchange, ObjectKind kind, String query) throws IOException, InterruptedException {
        Watch watch = new Watch(kind, query, new LinkedBlockingQueue<>());
        long since = Long.parseLong(query.replaceAll(".*resourceVersion=(\\d+).*", "$1"));
        synchronized (this) {
            if (since < forgotten) {
                watch.lines().add("{\"type\":\"ERROR\",\"object\":" + status(410) + "}\n");
                watch.lines().add(END);
            } else {
                history.stream()
                        .filter(event -> event.version() > since && watch.wants(event))
                        .forEach(event -> watch.lines().add(event.line()));
                watches.add(watch);
            }
        }
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        body.flush();
        for (String line = watch.lines().take();
                !line.equals(END);
                line = watch.lines().take()) {
            body.write(line.getBytes(StandardCharsets.UTF_8));
            body.flush();
        }
    }

    /** What is held by a finalizer is only marked. */
    private synchronized String delete(String path) {
        ObjectKind kind = kind(path);
        String name = nameOf(path);
        String namespace = namespaceOf(path);
        ObjectNode object = one(path);
        if (object == null) {
            return status(404);
        }
        if (!object.at("/metadata/finalizers").isEmpty()) {
            object.withObject("/metadata").put("deletionTimestamp", "2026-11-23T10:00:00Z");
            store("MODIFIED", kind, namespace, name, object);
            return object.toString();
        }
        remove(kind, namespace, name);
        if (kind.equals(Kinds.NAMESPACE.type())) {
            for (String key : List.copyOf(objects.keySet())) {
                String[] parts = key.split("/", 3);
                if (parts[1].equals(name)) {
                    remove(ofResource(parts[0]), name, parts[2]);
                }
            }
        }
        return object.toString();
    }

    /** A merge patch of metadata, as it takes finalizers away. */
    private synchronized void patch(HttpExchange exchange, String path) throws IOException {
        ObjectNode object = one(path);
        var metadata = JSON.readTree(exchange.getRequestBody().readAllBytes()).path("metadata");
        if (object == null) {
            answer(exchange, 404, status(404));
        } else if (!metadata.path("resourceVersion").equals(object.at("/metadata/resourceVersion"))) {
            answer(exchange, 409, status(409));
        } else {
            if (metadata.path("finalizers").isNull()) {
                object.withObject("/metadata").remove("finalizers");
            }
            if (object.at("/metadata/deletionTimestamp").isMissingNode()) {
                store("MODIFIED", kind(path), namespaceOf(path), nameOf(path), object);
            } else {
                remove(kind(path), namespaceOf(path), nameOf(path));
            }
            answer(exchange, 200, object.toString());
        }
    }

    private String discovery(String path) {
        if (path.equals("/apis")) {
            ObjectNode groups =
                    JSON.createObjectNode().put("kind", "APIGroupList").put("apiVersion", "v1");
            var items = groups.putArray("groups");
            kinds.stream()
                    .filter(kind -> !kind.group().isEmpty())
                    .map(kind -> JSON.createObjectNode()
                            .put("groupVersion", apiVersion(kind))
                            .put("version", kind.version()))
                    .distinct()
                    .forEach(version -> {
                        ObjectNode group = items.addObject()
                                .put(
                                        "name",
                                        version.path("groupVersion").asText().replaceAll("/.*", ""));
                        group.putArray("versions").add(version);
                        group.set("preferredVersion", version);
                    });
            return groups.toString();
        }
        String version = path.replaceAll("^/apis?/", "");
        ObjectNode list = JSON.createObjectNode().put("kind", "APIResourceList").put("groupVersion", version);
        var resources = list.putArray("resources");
        kinds.stream().filter(kind -> apiVersion(kind).equals(version)).forEach(kind -> {
            resource(resources.addObject(), kind, kind.plural(), "get", "list", "watch", "delete", "patch");
            resource(resources.addObject(), kind, kind.plural() + "/status", "get", "patch");
        });
        return list.toString();
    }

    private static void resource(ObjectNode resource, ObjectKind kind, String name, String... verbs) {
        resource.put("name", name).put("kind", kind.kind()).put("namespaced", kind.namespaced());
        Arrays.stream(verbs).forEach(resource.putArray("verbs")::add);
    }

    private ObjectNode one(String path) {
        return objects.get(key(kind(path), namespaceOf(path), nameOf(path)));
    }

    private boolean isOfOne(String path) {
        return nameOf(path).equals(path.replaceAll(".*/", ""))
                && !kind(path).plural().equals(nameOf(path));
    }

    private static String nameOf(String path) {
        return path.replaceAll(".*/", "");
    }

    private String namespaceOf(String path) {
        return kind(path).namespaced() ? path.replaceAll(".*/namespaces/([^/]+)/.*", "$1") : "";
    }

    /** Of a list: with the slash after it, or empty for all. */
    private static String namespaceIn(String path) {
        return path.matches(".*/namespaces/[^/]+/[^/]+") ? path.replaceAll(".*/namespaces/([^/]+)/.*", "$1/") : "";
    }

    private static boolean isSelected(ObjectNode object, String query) {
        String value = object.at("/metadata/labels").path(Labels.SWARM).asText();
        String selector = query.contains("labelSelector=") ? query.replaceAll(".*labelSelector=([^&]*).*", "$1") : "";
        if (selector.isEmpty()) {
            return true;
        }
        if (selector.equals(Labels.SWARM)) {
            return !value.isEmpty();
        }
        boolean same = selector.endsWith("=" + value);
        return selector.contains("!=") != same;
    }

    private ObjectKind ofResource(String kubectlName) {
        return kinds.stream()
                .filter(kind -> kind.kubectlName().equals(kubectlName))
                .findFirst()
                .orElseThrow();
    }

    private ObjectKind kind(String path) {
        List<String> segments = Arrays.asList(path.split("/"));
        // The last one, as a namespace is part of the paths of what is in it.
        return kinds.stream()
                .filter(kind -> kind.group().isEmpty() == path.startsWith("/api/"))
                .filter(kind -> segments.contains(kind.plural())
                        && (!kind.equals(Kinds.NAMESPACE.type()) || segments.size() <= 5))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no kind at " + path));
    }

    private static String apiVersion(ObjectKind kind) {
        return (kind.group().isEmpty() ? "" : kind.group() + "/") + kind.version();
    }

    private static String key(ObjectKind kind, String namespace, String name) {
        return kind.kubectlName() + "/" + (kind.namespaced() ? namespace : "") + "/" + name;
    }

    private static String status(int code) {
        return JSON.createObjectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("reason", "Test")
                .put("message", "as the test wants it")
                .put("code", code)
                .toString();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
