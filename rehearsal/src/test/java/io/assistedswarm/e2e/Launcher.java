package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;

/** Runs {@code ./swarm} as a user does: roles in the background, verbs in the foreground. */
final class Launcher implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All that is started here lives for a minute or two. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private static final Path HOME = Path.of(System.getProperty("swarm.home"));
    private static final Set<String> ROLES = Set.of("hub", "coordinator", "worker");

    private final Path launcher = HOME.resolve("swarm");
    private final Path folder;
    private final List<Process> roles = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();
    private Optional<Process> hub = Optional.empty();
    private final Map<String, String> environment =
            new HashMap<>(Map.of("SWARM_NO_BUILD", "1", "SWARM_JAVA_OPTIONS", SHORT_LIVED, "SWARM_DRAIN_GRACE", "0s"));

    private final List<String> prefix;

    Launcher(Path folder) {
        this(folder, List.of());
    }

    /** @param prefix of every command line, such as one that enters a network of its own */
    Launcher(Path folder, List<String> prefix) {
        this.folder = folder;
        this.prefix = List.copyOf(prefix);
    }

    /** For everything that is started from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    /** What a verb printed, and its exit code. */
    record Outcome(int exitCode, String out, String err) {
        JsonNode json() {
            try {
                return JSON.readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException("no JSON: " + out, e);
            }
        }
    }

    /** Of a run whose results are somewhere in the launcher's folder. */
    JsonNode result(String file) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Path found = files.filter(path -> path.endsWith(file)).findFirst().orElseThrow();
            return JSON.readTree(found.toFile());
        }
    }

    Path startHub(double timeScale, String... more) throws IOException {
        Path directory = folder.resolve("hub");
        List<String> arguments = new ArrayList<>(List.of(
                "hub",
                "--dir",
                directory.toString(),
                "--port",
                "0",
                "--kube-port",
                "0",
                "--time-scale",
                "" + timeScale));
        arguments.addAll(List.of(more));
        hub = Optional.of(start("hub", arguments.toArray(String[]::new)));
        awaitServing("hub", directory.resolve("hub.json"));
        environment.put("KUBECONFIG", directory.resolve("kubeconfig").toString());
        return directory;
    }

    Process startCoordinator() throws IOException {
        // One that was killed has left it.
        Files.deleteIfExists(addresses("coordinator"));
        Process coordinator = startCoordinator("coordinator", "0");
        useCoordinator("coordinator");
        return coordinator;
    }

    /** It may have to wait before it serves. */
    Process startCoordinator(String name, String port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "coordinator",
                "--port",
                port,
                "--http-port",
                "0",
                "--data",
                folder.resolve(name).toString()));
        arguments.addAll(List.of(more));
        return start(name, arguments.toArray(String[]::new));
    }

    /** Verbs and workers go to this one from now on, once it serves. */
    void useCoordinator(String name) throws IOException {
        awaitServing(name, addresses(name));
        JsonNode found = JSON.readTree(addresses(name).toFile());
        environment.put("SWARM_COORDINATOR", found.path("http").asText());
        environment.put("SWARM_JOIN", found.path("pekko").asText());
    }

    private Path addresses(String coordinator) {
        return folder.resolve(coordinator).resolve("coordinator.json");
    }

    Process startWorker(String name, int capacity) throws IOException {
        return startWorker(name, capacity, List.of());
    }

    /** @param before what its command line begins with */
    Process startWorker(String name, int capacity, List<String> before) throws IOException {
        Process worker = start(
                name,
                before,
                "worker",
                "--port",
                "0",
                "--name",
                name,
                "--capacity",
                "" + capacity,
                "--data",
                folder.resolve(name).toString());
        workers.add(worker);
        return worker;
    }

    /** All workers that were started so far. */
    void stopWorkers() {
        stop(workers);
        workers.clear();
    }

    void awaitWorkers(int count) {
        await().atMost(Duration.ofSeconds(60))
                // Each question is a JVM, which would take from the workers the time that they need to start.
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> run("get", "workers", "-o", "name").out().lines().count() == count);
    }

    /** Starts a role or verb in the background; its output goes to {@code NAME.log} in the folder. */
    Process start(String name, String... arguments) throws IOException {
        return start(name, List.of(), arguments);
    }

    private Process start(String name, List<String> before, String... arguments) throws IOException {
        ProcessBuilder builder = builder(arguments);
        builder.command().addAll(0, before);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        roles.add(process);
        return process;
    }

    Outcome run(String... arguments) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            Process process = builder(arguments)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as("%s ended", Arrays.toString(arguments))
                    .isTrue();
            return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    Path folder() {
        return folder;
    }

    String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    /** Processes whose command line or environment names the folder. */
    List<Long> processes() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(
                            entry -> entry.getFileName().toString().chars().allMatch(Character::isDigit))
                    .filter(entry ->
                            mentionsFolder(entry.resolve("cmdline")) || mentionsFolder(entry.resolve("environ")))
                    .map(entry -> Long.valueOf(entry.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of {@link #processes()} those whose command line has the text. */
    List<Long> processesWith(String text) {
        return processes().stream()
                .filter(pid -> read(Path.of("/proc", pid.toString(), "cmdline")).contains(text))
                .toList();
    }

    /** Fails when the hub heard two processes speak for one host. */
    @Override
    public void close() {
        try {
            if (hub.filter(Process::isAlive).isPresent()) {
                assertThat(doubles().path("doubles")).isEmpty();
            }
        } finally {
            stop(roles);
        }
    }

    /** Fails when the hub heard two processes speak for one host; for a hub that cannot be asked from here. */
    void closeAndCheckHub() {
        stop(roles);
        hub.ifPresent(process -> assertThat(process.exitValue())
                .as("exit code of the hub, which tells of doubles")
                .isIn(0, 143));
    }

    /** What the hub heard of who speaks for which host. */
    JsonNode doubles() {
        try {
            return JSON.readTree(askHub("/rehearsal/doubles"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param path at the service's address */
    String askHub(String path) throws IOException {
        URI service = URI.create(JSON.readTree(folder.resolve("hub/hub.json").toFile())
                .path("service")
                .asText());
        URLConnection connection = service.resolve(path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(
                    TlsFolder.trusting(folder.resolve("hub/ca.crt")).getSocketFactory());
        }
        try (InputStream answer = connection.getInputStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Asks the hub about its troubles, or gives it some; see docs/rehearsal.md. */
    HttpResponse<String> troubles(String method, String body) throws IOException, InterruptedException {
        URI service = URI.create(JSON.readTree(folder.resolve("hub/hub.json").toFile())
                .path("service")
                .asText());
        HttpClient.Builder trusting = HttpClient.newBuilder();
        if (service.getScheme().equals("https")) {
            trusting.sslContext(TlsFolder.trusting(folder.resolve("hub/ca.crt")));
        }
        try (HttpClient client = trusting.build()) {
            return client.send(
                    HttpRequest.newBuilder(service.resolve("/rehearsal/troubles"))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** The last one first, one after the other: nodes that leave a cluster together wait for each other's answers. */
    private static void stop(List<Process> processes) {
        processes.reversed().forEach(process -> {
            process.destroy();
            awaitEnd(process);
        });
    }

    private static void awaitEnd(Process role) {
        try {
            if (!role.waitFor(20, TimeUnit.SECONDS)) {
                role.destroyForcibly();
            }
        } catch (InterruptedException e) {
            role.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        if (!arguments[0].equals("demo")) {
            // The demo hands its options on to the roles that it starts, whose archives are others.
            builder.environment()
                    .merge("SWARM_JAVA_OPTIONS", classArchive(arguments[0]), (given, more) -> given + more);
        }
        return builder;
    }

    /** The first JVM of a kind that ends makes the archive, which saves all later ones a third of the CPU of their start. */
    private static String classArchive(String verb) {
        return " -Xlog:disable -XX:+AutoCreateSharedArchive -XX:SharedArchiveFile="
                + HOME.resolve("target/tests-" + (ROLES.contains(verb) ? verb : "cli") + ".jsa");
    }

    /** @param addresses the file that the role writes when it serves */
    private void awaitServing(String role, Path addresses) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            String log = log(role);
            assertThat(addresses)
                    .as("addresses of %s, whose log ends: %s", role, log.substring(Math.max(0, log.length() - 2000)))
                    .exists();
        });
    }

    private boolean mentionsFolder(Path file) {
        return read(file).contains(folder.toString());
    }

    static String environmentOf(long pid) {
        return read(Path.of("/proc", String.valueOf(pid), "environ"));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Ended between being listed and being read.
            return "";
        }
    }
}
