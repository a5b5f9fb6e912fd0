package io.assistedswarm.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A service that hands out scripted steps, keeps the stages it is told and remembers all requests. */
public final class TestingService implements AutoCloseable {
    public static final String INFRA_ENV = "ac81bc7c-cea7-42a9-8ab8-8c5e8191a196";
    public static final String CLUSTER = "c590c231-4c74-48f3-9eba-9d35e1a57c76";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final long NO_MORE_POLLS_SECONDS = 600;

    /** What a test wants answered instead of the usual. */
    public interface Answer {
        /** @return null for the usual answer */
        Integer status(String method, String path, int timesBefore);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, TestingHost> hosts = new LinkedHashMap<>();
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private final Map<String, Integer> asked = new LinkedHashMap<>();
    private Answer answer = (method, path, timesBefore) -> null;
    private boolean completed;
    private String clusterStatus = "installing";
    private String operators =
            "[{\"name\":\"console\",\"operator_type\":\"builtin\"},{\"name\":\"cvo\",\"operator_type\":\"builtin\"}]";

    public TestingService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.createContext("/api/assisted-install/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public synchronized TestingHost add(TestingHost host) {
        hosts.put(host.id(), host);
        return host;
    }

    public synchronized void answers(Answer unusual) {
        answer = unusual;
    }

    public synchronized void clusterStatus(String status) {
        clusterStatus = status;
    }

    public synchronized void operators(String json) {
        operators = json;
    }

    public synchronized List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Bodies as text, in the order of the requests. */
    public synchronized List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Method, path and what was reported, one line a request. */
    public synchronized List<String> calls() {
        return exchanges.stream()
                .map(e -> (e.method() + " " + e.path() + " " + e.what()).strip())
                .toList();
    }

    /** The stages with info reported for a host, in order. */
    public synchronized List<String> stages() {
        return exchanges.stream()
                .filter(e -> e.path().endsWith("{host}/progress"))
                .map(Exchange::what)
                .toList();
    }

    private void handle(HttpExchange http) throws IOException {
        try (http) {
            String path = http.getRequestURI().toString().substring("/api/assisted-install".length());
            byte[] body = http.getRequestBody().readAllBytes();
            int status;
            String reply;
            synchronized (this) {
                remember(http, path, body);
                int before = asked.merge(http.getRequestMethod() + path.replaceAll("\\?.*", ""), 1, Integer::sum) - 1;
                Integer unusual = answer.status(http.getRequestMethod(), path, before);
                status = unusual == null ? 200 : unusual;
                reply = unusual == null || unusual == 200
                        ? reply(http.getRequestMethod(), path, body)
                        : "{\"code\":\"" + status + "\",\"reason\":\"scripted\"}";
            }
            send(http, status, Bytes.utf8(reply));
        }
    }

    private static void send(HttpExchange http, int status, byte[] reply) throws IOException {
        http.sendResponseHeaders(status, status == 204 || reply.length == 0 ? -1 : reply.length);
        if (status != 204 && reply.length > 0) {
            try (OutputStream out = http.getResponseBody()) {
                out.write(reply);
            }
        }
    }

    private void remember(HttpExchange http, String path, byte[] body) throws IOException {
        String contentType = String.valueOf(http.getRequestHeaders().getFirst("Content-Type"));
        Object json = contentType.equals("application/json") ? Json.parse(body) : null;
        String template = path.replaceAll("/clusters/" + UUID, "/clusters/{cluster}")
                .replaceAll("/infra-env(s?)/" + UUID, "/infra-env$1/{infra-env}")
                .replaceAll("/hosts/" + UUID, "/hosts/{host}")
                .replaceAll("(timestamp|host_id|infra_env_id)=[0-9a-f-]+", "$1=*");
        exchanges.add(new Exchange(
                sender(http),
                http.getRequestMethod(),
                template,
                Exchange.headerNames(http.getRequestHeaders().keySet()),
                http.getRequestHeaders().getFirst("X-Request-Id"),
                what(path, json),
                body.length == 0
                        ? ""
                        : json == null ? contentType.replaceAll(";.*", "") : Exchange.shape(unfolded(json))));
        bodies.add(Bytes.utf8(body));
    }

    private String sender(HttpExchange http) {
        String actsFor = String.valueOf(http.getRequestHeaders().getFirst(Speaker.HEADER))
                .replaceAll(".*for=", "");
        TestingHost host = hosts.get(actsFor);
        if (host == null) {
            return "controller";
        }
        return host.hostname()
                + (http.getRequestHeaders().containsKey("Discovery_agent_version") ? " agent" : " installer");
    }

    private String what(String path, Object json) {
        if (Json.at(json, "current_stage") != null) {
            String info = Json.textAt(json, "progress_info");
            return host(path).hostname() + ": " + Json.textAt(json, "current_stage")
                    + (info.isEmpty() ? "" : " - " + info);
        }
        for (String name : List.of("step_type", "logs_state", "finalizing_stage", "name")) {
            if (!Json.textAt(json, name).isEmpty()) {
                return Json.textAt(json, name);
            }
        }
        return "";
    }

    /** A step's output is JSON within JSON. */
    private static Object unfolded(Object json) throws IOException {
        String output = Json.textAt(json, "output");
        if (!output.startsWith("{") && !output.startsWith("[")) {
            return json;
        }
        Map<String, Object> unfolded = new LinkedHashMap<>();
        ((Map<?, ?>) json).forEach((name, value) -> unfolded.put((String) name, value));
        unfolded.put("output", Json.parse(output));
        return unfolded;
    }

    private String reply(String method, String path, byte[] body) throws IOException {
        if (path.endsWith("/hosts") && method.equals("POST")) {
            return registration(Json.textAt(Json.parse(body), "host_id"));
        }
        if (path.contains("/instructions?")) {
            TestingHost host = host(path);
            List<Object> steps = host.nextSteps();
            return Json.text(Json.object(
                    "instructions",
                    steps,
                    "next_instruction_seconds",
                    host.hasMoreSteps() ? 1 : NO_MORE_POLLS_SECONDS,
                    "post_step_action",
                    host.nextAction()));
        }
        if (path.endsWith("/progress") && path.contains("/hosts/")) {
            host(path).stage(Json.textAt(Json.parse(body), "current_stage"));
            updateClusterStatus();
            return "";
        }
        if (path.contains("/hosts?role=")) {
            String role = path.replaceAll(".*role=", "");
            return Json.text(hosts.values().stream()
                    .filter(host -> host.role().equals(role))
                    .map(TestingHost::json)
                    .toList());
        }
        if (path.contains("?exclude-hosts=")) {
            Map<String, Object> cluster = Json.object("id", CLUSTER, "kind", "Cluster", "status", clusterStatus);
            if (path.endsWith("false")) {
                cluster.put(
                        "hosts", hosts.values().stream().map(TestingHost::json).toList());
            }
            return Json.text(cluster);
        }
        if (path.endsWith("/actions/complete-installation")) {
            completed = true;
            updateClusterStatus();
        }
        return path.endsWith("/monitored-operators") && method.equals("GET") ? operators : "";
    }

    private void updateClusterStatus() {
        boolean mastersDone = hosts.values().stream().allMatch(host -> host.isWorker() || host.isDone());
        boolean allDone = hosts.values().stream().allMatch(TestingHost::isDone);
        if (clusterStatus.equals("installing") && mastersDone) {
            clusterStatus = "finalizing";
        }
        if (clusterStatus.equals("finalizing") && completed && allDone) {
            clusterStatus = "adding-hosts";
        }
    }

    private String registration(String host) {
        String runner = Json.text(Json.object("agent_version", "agent:1", "host_id", host, "infra_env_id", INFRA_ENV));
        return Json.text(Json.object("id", host, "next_step_runner_command", Json.object("args", List.of(runner))));
    }

    private TestingHost host(String path) {
        Matcher ids = UUID.matcher(path);
        while (ids.find()) {
            TestingHost host = hosts.get(ids.group());
            if (host != null) {
                return host;
            }
        }
        throw new IllegalArgumentException("no known host in " + path);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
