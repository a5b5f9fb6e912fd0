package io.assistedswarm.rehearsal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Hub, coordinator and workers of one demo in a folder of their own; closing it leaves neither process nor file. */
final class Stage {
    private static final Duration WORKERS_LIMIT = Duration.ofSeconds(60);
    /** They live for a minute or two: to compile for speed costs more than it brings. */
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How hosts are run. */
    enum HostRuntime {
        EXEC("service-config.yaml"),
        HOLLOW("service-config-hollow.yaml");

        private final String serviceConfig;

        HostRuntime(String serviceConfig) {
            this.serviceConfig = serviceConfig;
        }
    }

    private final Path launcher;
    private final Path folder;
    private final PrintStream out;
    private final Deque<RoleProcess> roles = new ArrayDeque<>();
    private String serviceUrl = "";
    private String coordinatorUrl = "";
    private volatile Optional<Process> client = Optional.empty();
    private volatile boolean closed;

    Stage(Path launcher, PrintStream out) throws IOException {
        this.launcher = launcher;
        this.folder = Files.createTempDirectory("swarm-demo-");
        this.out = out;
    }

    void startHub(double timeScale) throws IOException, InterruptedException {
        Path hub = folder.resolve("hub");
        RoleProcess process = start(
                "hub",
                List.of(
                        "hub",
                        "--dir",
                        hub.toString(),
                        "--port",
                        "0",
                        "--kube-port",
                        "0",
                        "--time-scale",
                        "" + timeScale));
        JsonNode addresses = process.awaitAddresses(hub.resolve("hub.json"));
        serviceUrl = addresses.path("service").asText();
        out.printf(
                "hub          %s (Kubernetes API %s), %s times faster than real%n",
                serviceUrl, addresses.path("kubeApi").asText(), trimmed(timeScale));
    }

    void startCoordinator() throws IOException, InterruptedException {
        Path data = folder.resolve("coordinator");
        RoleProcess process = start(
                "coordinator", List.of("coordinator", "--port", "0", "--http-port", "0", "--data", data.toString()));
        JsonNode addresses = process.awaitAddresses(data.resolve("coordinator.json"));
        coordinatorUrl = addresses.path("http").asText();
        out.printf("coordinator  %s%n", coordinatorUrl);
        Files.writeString(folder.resolve("join"), addresses.path("pekko").asText());
    }

    void startWorkers(int count, int capacity) throws IOException, InterruptedException {
        String join = Files.readString(folder.resolve("join"));
        List<RoleProcess> workers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String name = "worker-" + i;
            workers.add(start(
                    name,
                    List.of(
                            "worker",
                            "--join",
                            join,
                            "--port",
                            "0",
                            "--name",
                            name,
                            "--capacity",
                            "" + capacity,
                            "--data",
                            folder.resolve(name).toString())));
        }
        awaitWorkers(workers);
        out.printf("workers      %d of %d places each%n", count, capacity);
    }

    /** Runs a client verb in the foreground, its output going to the user. Returns its exit code. */
    int client(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        command.addAll(List.of("--coordinator", coordinatorUrl));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment());
        Process process = builder.start();
        client = Optional.of(process);
        if (closed) {
            RoleProcess.stop(process);
        }
        return process.waitFor();
    }

    boolean isClosed() {
        return closed;
    }

    /** Asks the hub whether two processes ever spoke for one host, and says so. Returns how many pairs did. */
    int doubles() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(serviceUrl + "/rehearsal/doubles"))
                .build();
        JsonNode answer;
        try (HttpClient client = HttpClient.newHttpClient()) {
            answer = JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        }
        JsonNode heard = answer.path("heard");
        JsonNode doubles = answer.path("doubles");
        out.printf(
                "fencing      %d processes spoke for %d hosts and controllers, %d doubles%n",
                heard.path("instances").asLong(), heard.path("actors").asLong(), doubles.size());
        doubles.forEach(pair -> out.printf("  %s%n", pair));
        return doubles.size();
    }

    Path serviceConfig(HostRuntime runtime) {
        return folder.resolve("hub").resolve(runtime.serviceConfig);
    }

    /** What a user types in another terminal to look at the running demo. */
    String exports() {
        return "export SWARM_COORDINATOR=" + coordinatorUrl + " KUBECONFIG=" + kubeconfig();
    }

    /** Blocks until one of the roles ends, which in a healthy demo is never. */
    void awaitTrouble() throws InterruptedException {
        while (true) {
            roles.forEach(RoleProcess::failIfEnded);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Stops workers first, so that no agent outlives what it talks to; then says what is left. */
    synchronized void close() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        // Only the demo itself may have been interrupted, and a client waits long for a coordinator to come back.
        if (client.isPresent()) {
            RoleProcess.stop(client.get());
        }
        while (!roles.isEmpty()) {
            RoleProcess role = roles.pop();
            if (!role.stop()) {
                out.printf("%s did not stop when asked to and was killed%n", role.name());
            }
        }
        List<Long> left = processesOfThisDemo();
        left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        deleteFolder();
        out.printf("stopped      %d processes left%s%n", left.size(), left.isEmpty() ? "" : " and killed: " + left);
    }

    private RoleProcess start(String name, List<String> arguments) throws IOException {
        RoleProcess process =
                RoleProcess.start(launcher, name, folder.resolve(name + ".log"), environment(), arguments);
        roles.push(process);
        return process;
    }

    private Map<String, String> environment() {
        return Map.of(
                "KUBECONFIG",
                kubeconfig().toString(),
                "SWARM_NO_BUILD",
                "1",
                "SWARM_JAVA_OPTIONS",
                System.getenv().getOrDefault("SWARM_JAVA_OPTIONS", SHORT_LIVED));
    }

    private Path kubeconfig() {
        return folder.resolve("hub").resolve("kubeconfig");
    }

    private void awaitWorkers(List<RoleProcess> workers) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(coordinatorUrl + "/api/v1/workers"))
                .build();
        Instant limit = Instant.now().plus(WORKERS_LIMIT);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                                    .body())
                            .size()
                    < workers.size()) {
                workers.forEach(RoleProcess::failIfEnded);
                if (Instant.now().isAfter(limit)) {
                    throw new DemoFailure(
                            "the workers had not joined after " + WORKERS_LIMIT.toSeconds() + " s; logs in " + folder);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** By the demo's folder, which stands in the command line or the environment of everything that it started. */
    private List<Long> processesOfThisDemo() throws IOException {
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return List.of();
        }
        List<Long> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(proc)) {
            entries.filter(entry -> entry.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(entry ->
                            mentionsFolder(entry.resolve("cmdline")) || mentionsFolder(entry.resolve("environ")))
                    .map(entry -> Long.valueOf(entry.getFileName().toString()))
                    .filter(pid -> pid != ProcessHandle.current().pid())
                    .forEach(found::add);
        }
        return found;
    }

    private boolean mentionsFolder(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(folder.toString());
        } catch (IOException e) {
            // The process has ended meanwhile or is somebody else's: not ours in either case.
            return false;
        }
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String trimmed(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
