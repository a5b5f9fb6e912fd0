package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The hub, or the generator, does something known: the report says that, on the right side, and blames nothing else. */
@Tag("long")
@Isolated("its figures are times")
class TruthE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Others may have most of this machine. */
    private static final String QUIET = "generator: {cpuWait: 100%, stall: 30s}";

    private static final String REGISTRATION = "booted → registered";

    @TempDir
    Path folder;

    private Launcher swarm;
    private Path serviceConfig;
    private Process worker;

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void showsAPhaseThatTakesLongerByItsDistribution() throws Exception {
        start();
        trouble("{hub: service, kind: slow, latency: 4s, latencyUpTo: 8s, duration: 1h, verbs: [post],"
                + " paths: [/v2/infra-envs/*/hosts]}");
        Path results = run("slow", 60, "4/s", "{success: 100%, " + QUIET + "}", 0);

        JsonNode report = summary(results);
        JsonNode registration = phase(report, REGISTRATION);
        assertThat(registration.path("count").asInt()).isEqualTo(60);
        assertThat(registration.path("minSeconds").asDouble()).isCloseTo(4, within(1.0));
        assertThat(registration.path("p50Seconds").asDouble()).isCloseTo(6, within(1.0));
        assertThat(registration.path("meanSeconds").asDouble()).isCloseTo(6, within(1.0));
        assertThat(registration.path("p95Seconds").asDouble()).isCloseTo(7.8, within(1.0));
        assertThat(registration.path("maxSeconds").asDouble()).isCloseTo(8, within(1.0));
        assertThat(phase(report, "registered → known").path("p50Seconds").asDouble())
                .isLessThan(4);
        assertThat(report.path("failures")).isEmpty();
        assertThat(report.path("verdict").asText()).isEqualTo("passed");
    }

    @Test
    void countsTheHostsThatTheServiceFailsAtAStageAgainstTheService() throws Exception {
        start();
        int hosts = 100;
        double share = 0.03;
        // Drawn once for each host that comes there, in whatever order they come.
        long seed = IntStream.range(0, 100)
                .filter(candidate -> failures(candidate, hosts, share) == 3)
                .findFirst()
                .orElseThrow();
        trouble("{hub: service, kind: fail, stage: Writing image to disk, share: " + share + ", duration: 1h, seed: "
                + seed + "}");
        Path results = run(
                "failing", hosts, "4/s", "{success: 99%, failures: [{side: generator, atMost: 0}], " + QUIET + "}", 3);

        JsonNode report = summary(results);
        assertThat(JSON.readTree(swarm.troubles("GET", "").body()).at("/0/hits").asInt())
                .isEqualTo(3);
        assertThat(report.at("/hosts/failed").asInt()).isEqualTo(3);
        assertThat(report.at("/clusters/failed").asInt()).isEqualTo(3);
        assertThat(report.at("/clusters/installed").asInt()).isEqualTo(97);
        assertThat(elements(report.path("failures")))
                .extracting(failure -> failure.path("side").asText())
                .containsOnly("service");
        assertThat(elements(report.path("failures")))
                .filteredOn(failure -> failure.path("kind").asText().equals("host"))
                .allSatisfy(failure -> assertThat(failure.path("message").asText())
                        .contains("installation stage Writing image to disk took longer than expected"))
                .extracting(failure -> failure.path("count").asInt())
                .containsExactly(3);
        assertThat(elements(report.path("limits")))
                .filteredOn(limit -> !limit.path("met").asBoolean())
                .extracting(limit -> limit.path("measured").asText())
                .containsExactly("97.0% (97 of 100)");
    }

    @Test
    void showsWhenTheServiceWasSlowAndNothingBeforeOrAfter() throws Exception {
        start();
        Instant called = Instant.now();
        trouble("{hub: service, kind: slow, latency: 5s, start: 15s, duration: 15s, verbs: [post],"
                + " paths: [/v2/infra-envs/*/hosts]}");
        Instant from = called.plusSeconds(15);
        Instant to = called.plusSeconds(30);
        Path results = run("window", 90, "2/s", "{success: 100%, " + QUIET + "}", 0);

        int inside = 0;
        int outside = 0;
        List<String> lines = Files.readAllLines(results.resolve("hosts.csv"));
        List<String> header = Arrays.asList(lines.getFirst().split(",", -1));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Instant booted = Instant.parse(cells[header.indexOf("booted")]);
            Instant registered = Instant.parse(cells[header.indexOf("registered")]);
            double seconds = Duration.between(booted, registered).toMillis() / 1000.0;
            // Its first request comes a moment after it has booted.
            if (booted.isAfter(from.plusSeconds(1)) && booted.isBefore(to.minusSeconds(1))) {
                inside++;
                assertThat(seconds).as(line).isCloseTo(5, within(1.0));
            } else if (booted.isBefore(from.minusSeconds(1)) || booted.isAfter(to.plusSeconds(1))) {
                outside++;
                assertThat(seconds).as(line).isLessThan(1);
            }
        }
        assertThat(inside).isGreaterThan(15);
        assertThat(outside).isGreaterThan(20);
        // The service's own page, read every second: what ended while or just after it was slow, and nothing else.
        List<Instant> slow =
                elements(JSON.readTree(results.resolve("metrics/http_request_duration_seconds_p99.json")
                                .toFile()))
                        .stream()
                        .filter(point -> point.path("value").asDouble() > 2.5)
                        .map(point -> Instant.parse(point.path("timestamp").asText()))
                        .toList();
        assertThat(slow).hasSizeGreaterThan(3).allSatisfy(at -> assertThat(at).isBetween(from, to.plusSeconds(7)));
        assertThat(summary(results).path("failures")).isEmpty();
        assertThat(results.resolve("plots/metric-http_request_duration_seconds_p99.png"))
                .isNotEmptyFile();
    }

    @Test
    void isNotValidWhenTheGeneratorIsStarved() throws Exception {
        start();
        // As on a machine that others have for themselves most of the time.
        try (ScheduledExecutorService others = Executors.newSingleThreadScheduledExecutor()) {
            Future<?> stopping = others.scheduleAtFixedRate(() -> signal("STOP"), 0, 3500, TimeUnit.MILLISECONDS);
            Future<?> continuing = others.scheduleAtFixedRate(() -> signal("CONT"), 2500, 3500, TimeUnit.MILLISECONDS);
            try {
                JsonNode report = summary(run("starved", 20, "1/s", "{success: 10%, generator: {cpuWait: 100%}}", 5));
                assertThat(report.path("verdict").asText()).isEqualTo("not-valid");
                assertThat(report.at("/verdictReasons/0").asText())
                        .matches("p95 of the time by which timers came late: .* on w1, at most 1s is wanted");
                assertThat(elements(report.path("failures")))
                        .extracting(failure -> failure.path("side").asText())
                        .doesNotContain("service");
                // One that failed would not be repeated.
                assertThat(stopping.isDone() || continuing.isDone()).isFalse();
            } finally {
                others.shutdownNow();
                assertThat(others.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
                signal("CONT");
            }
        }
    }

    private void signal(String name) {
        try {
            Arena.signal(name, worker);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void start() throws IOException {
        swarm = new Launcher(folder);
        serviceConfig = swarm.startHub(20).resolve("service-config-hollow.yaml");
        swarm.startCoordinator();
        worker = swarm.startWorker("w1", 200);
        swarm.awaitWorkers(1);
    }

    private static long failures(long seed, int draws, double share) {
        return new Random(seed).doubles(draws).filter(draw -> draw < share).count();
    }

    /** Single nodes, and the service's page every second. */
    private Path run(String name, int clusters, String rate, String limits, int exitCode) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                  pace: {rate: %s}
                  clusters: [{singleNode: true, amount: %d}]
                  limits: %s
                  metrics: {scrape: {interval: 1s}}
                """.formatted(name, rate, clusters, limits));
        Outcome outcome = swarm.run(
                "submit",
                plan.toString(),
                "--service-config",
                serviceConfig.toString(),
                "--name",
                name,
                "--wait",
                "--results",
                folder.resolve("results").toString());
        assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isEqualTo(exitCode);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.resolve("results"))) {
            return folders.iterator().next();
        }
    }

    private static JsonNode summary(Path results) throws IOException {
        return JSON.readTree(results.resolve("summary.json").toFile());
    }

    private static JsonNode phase(JsonNode report, String phase) {
        return elements(report.path("hostPhases")).stream()
                .filter(statistics -> statistics.path("phase").asText().equals(phase))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private void trouble(String trouble) throws Exception {
        assertThat(swarm.troubles("POST", "troubles: [" + trouble + "]").statusCode())
                .isEqualTo(202);
    }
}
