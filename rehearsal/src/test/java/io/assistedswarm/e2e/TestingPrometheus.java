package io.assistedswarm.e2e;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real Prometheus, as Debian packages it, that looks at everything once a second. */
final class TestingPrometheus implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final String url;

    private TestingPrometheus(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static Optional<Path> program() {
        return program("prometheus");
    }

    /** @param name of one that comes with it */
    static Optional<Path> program(String name) {
        return Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts it.
     *
     * @param targets {@code HOST:PORT} of what has a page for it
     * @param rules file of rules, which it evaluates once a second, too
     */
    static TestingPrometheus start(Path program, Path folder, List<String> targets, Path rules) throws IOException {
        Path config = Files.writeString(
                Files.createDirectories(folder).resolve("prometheus.yml"),
                "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: ['"
                        + rules.toAbsolutePath() + "']\nscrape_configs:\n"
                        + targets.stream()
                                .map(target -> "- {job_name: '" + target + "', static_configs: [{targets: ['" + target
                                        + "']}]}\n")
                                .collect(Collectors.joining()));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
        TestingPrometheus prometheus = new TestingPrometheus(process, "http://127.0.0.1:" + port);
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> prometheus.query("sum(up)").at("/0/value/1").asInt() == targets.size());
        return prometheus;
    }

    String url() {
        return url;
    }

    /** As its API has them: those that it has loaded, with how their evaluation went. */
    JsonNode rules() throws IOException {
        return ask("/api/v1/rules").at("/data/groups/0/rules");
    }

    JsonNode query(String query) throws IOException {
        return ask("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .at("/data/result");
    }

    private JsonNode ask(String path) throws IOException {
        try (InputStream answer = URI.create(url + path).toURL().openStream()) {
            return JSON.readTree(answer);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
