package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub, a coordinator and workers, each a JVM that can be killed, stopped and cut off, in a network of their own where this machine allows
 * it. Who ends without having been told to is started again, as a service manager does.
 */
final class Arena implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COORDINATOR = "127.0.1.10";
    private static final int PORT = 25_520;
    private static final int HTTP_PORT = 7_480;

    private final Path folder;
    private final Optional<String> network;
    private final Launcher launcher;
    private final int capacity;
    private final Map<String, Node> workers = new TreeMap<>();
    private Process coordinator;
    private int starts;

    /** A worker's process, and when it is to be started again if it has ended. */
    private static final class Node {
        private final String address;
        private Process process;
        private long startAt = Long.MAX_VALUE;

        private Node(String address) {
            this.address = address;
        }
    }

    private Arena(Path folder, Optional<String> network, int capacity) {
        this.folder = folder;
        this.network = network;
        this.capacity = capacity;
        this.launcher = new Launcher(
                folder,
                network.map(name -> List.of("ip", "netns", "exec", name)).orElse(List.of()));
    }

    /** Whether networks can be made and cut here, which needs root, iproute2 and iptables. */
    static boolean canCut() {
        String name = "swarm-try-" + ProcessHandle.current().pid();
        if (!succeeds("ip", "netns", "add", name)) {
            return false;
        }
        try {
            return succeeds("ip", "netns", "exec", name, "iptables", "-L", "-n");
        } finally {
            succeeds("ip", "netns", "del", name);
        }
    }

    static Arena open(Path folder, double timeScale, int capacity, List<String> workers) throws IOException {
        Optional<String> network = canCut()
                ? Optional.of("swarm-" + ProcessHandle.current().pid() + "-" + folder.getFileName())
                : Optional.empty();
        if (network.isPresent()) {
            run("ip", "netns", "add", network.get());
            run("ip", "netns", "exec", network.get(), "ip", "link", "set", "lo", "up");
        }
        Arena arena = new Arena(folder, network, capacity);
        try {
            arena.launcher.startHub(timeScale);
            arena.startCoordinator();
            for (String name : workers) {
                arena.workers.put(name, new Node("127.0.1." + (11 + arena.workers.size())));
                arena.startWorker(name);
            }
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> arena.get("/workers")
                            .filter(list -> list.size() == workers.size())
                            .isPresent());
            return arena;
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    Launcher launcher() {
        return launcher;
    }

    boolean isCuttable() {
        return network.isPresent();
    }

    Process coordinator() {
        return coordinator;
    }

    Process worker(String name) {
        return workers.get(name).process;
    }

    List<String> workers() {
        return List.copyOf(workers.keySet());
    }

    void startCoordinator() throws IOException {
        coordinator = start(
                "coordinator",
                COORDINATOR,
                List.of(
                        "coordinator",
                        "--host",
                        COORDINATOR,
                        "--port",
                        "" + PORT,
                        "--http-port",
                        "" + HTTP_PORT,
                        "--data",
                        folder.resolve("coordinator").toString()));
        launcher.environment("SWARM_COORDINATOR", "http://" + COORDINATOR + ":" + HTTP_PORT);
    }

    /** It ends, or has ended, and comes back so much later. */
    void startAgain(String worker, Duration after) {
        workers.get(worker).startAt = System.nanoTime() + after.toNanos();
    }

    /** Starts the workers whose time has come, and those that ended by themselves. */
    void lookAfterWorkers() throws IOException {
        for (Map.Entry<String, Node> entry : workers.entrySet()) {
            Node node = entry.getValue();
            if (!node.process.isAlive()) {
                if (node.startAt == Long.MAX_VALUE) {
                    startAgain(entry.getKey(), Duration.ofSeconds(2));
                }
                if (System.nanoTime() >= node.startAt) {
                    startWorker(entry.getKey());
                }
            }
        }
        if (!coordinator.isAlive()) {
            startCoordinator();
        }
    }

    /** Nothing goes between this worker and the other nodes; what its agents say to the hub does. */
    void cut(String worker) throws IOException {
        rules("-A", workers.get(worker).address);
    }

    void join(String worker) throws IOException {
        rules("-D", workers.get(worker).address);
    }

    private void rules(String verb, String address) throws IOException {
        for (List<String> ends : List.of(List.of(address, "127.0.1.0/24"), List.of("127.0.1.0/24", address))) {
            run(
                    "ip",
                    "netns",
                    "exec",
                    network.orElseThrow(),
                    "iptables",
                    verb,
                    "INPUT",
                    "-s",
                    ends.get(0),
                    "-d",
                    ends.get(1),
                    "-j",
                    "DROP");
        }
    }

    /** What the coordinator's API answers; empty when it does not, or not with 200. */
    Optional<JsonNode> get(String path) {
        return ask(COORDINATOR, HTTP_PORT, "GET /api/v1" + path, "")
                .filter(answer -> answer.startsWith("HTTP/1.1 200"))
                .map(Arena::body);
    }

    /** The hub is in these from now on, each at its time. */
    void begin(String troubles) throws IOException {
        assertThat(askHub("POST", troubles)).startsWith("HTTP/1.1 202");
    }

    /** How each of the hub's troubles stands. */
    JsonNode troubles() throws IOException {
        return body(askHub("GET", ""));
    }

    private String askHub(String verb, String body) throws IOException {
        URI service = URI.create(JSON.readTree(folder.resolve("hub/hub.json").toFile())
                .path("service")
                .asText());
        return ask(service.getHost(), service.getPort(), verb + " /rehearsal/troubles", body)
                .orElseThrow();
    }

    /** What is answered, from its first line on; from within the network, where this JVM is not. */
    private Optional<String> ask(String host, int port, String request, String body) {
        String ask = "exec 3<>/dev/tcp/$0/$1 && cat >&3 && cat <&3";
        List<String> command = new ArrayList<>(
                network.map(name -> List.of("ip", "netns", "exec", name)).orElse(List.of()));
        command.addAll(List.of("timeout", "5", "bash", "-c", ask, host, "" + port));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream out = process.getOutputStream()) {
                out.write((request + " HTTP/1.0\r\nHost: " + host + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Nobody listens: bash has ended before it read this.
                return Optional.empty();
            }
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return Optional.of(answer).filter(text -> text.contains("\r\n\r\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonNode body(String answer) {
        String text = answer.substring(answer.indexOf("\r\n\r\n"));
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + text, e);
        }
    }

    static void signal(String signal, Process process) throws IOException {
        run("kill", "-s", signal, String.valueOf(process.pid()));
    }

    /** The roles end, the hub last, and it says whether two ever spoke for one host. */
    @Override
    public void close() throws IOException {
        // One that stands still does not hear that it is to end.
        Stream.concat(workers.values().stream().map(node -> node.process), Stream.of(coordinator))
                .filter(process -> process != null && process.isAlive())
                .forEach(process -> succeeds("kill", "-s", "CONT", String.valueOf(process.pid())));
        try {
            launcher.closeAndCheckHub();
        } finally {
            if (network.isPresent()) {
                succeeds("ip", "netns", "del", network.get());
            }
        }
    }

    private void startWorker(String name) throws IOException {
        Node node = workers.get(name);
        node.startAt = Long.MAX_VALUE;
        node.process = start(
                name,
                node.address,
                List.of(
                        "worker",
                        "--join",
                        COORDINATOR + ":" + PORT,
                        "--host",
                        node.address,
                        "--port",
                        "" + (PORT + 1),
                        "--name",
                        name,
                        "--capacity",
                        "" + capacity,
                        "--data",
                        folder.resolve(name).toString()));
    }

    private Process start(String name, String address, List<String> arguments) throws IOException {
        launcher.environment(
                "SWARM_JAVA_OPTIONS",
                Launcher.SHORT_LIVED + " -Dpekko.remote.artery.advanced.tcp.outbound-client-hostname=" + address);
        starts++;
        return launcher.start(name + "-" + starts, arguments.toArray(String[]::new));
    }

    private static void run(String... command) throws IOException {
        assertThat(succeeds(command)).as(String.join(" ", command)).isTrue();
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
