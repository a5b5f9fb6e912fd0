package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a real Prometheus saw of service and coordinator is kept with the run, plotted, and decides. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class PrometheusE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Launcher swarm;
    private Optional<TestingPrometheus> prometheus = Optional.empty();

    @AfterEach
    void stopEverything() {
        prometheus.ifPresent(TestingPrometheus::close);
        if (swarm != null) {
            swarm.close();
            assertThat(swarm.processes()).isEmpty();
        }
    }

    @Test
    void keepsWhatPrometheusSawAndIsBoundByItsAlerts() throws Exception {
        Optional<Path> program = TestingPrometheus.program();
        assumeTrue(program.isPresent(), "no prometheus on the PATH: apt-get install prometheus");
        swarm = new Launcher(folder);
        Path hub = swarm.startHub(20);
        swarm.startCoordinator();
        swarm.startWorker("w1", 10);
        swarm.awaitWorkers(1);
        prometheus = Optional.of(TestingPrometheus.start(
                program.get(),
                folder.resolve("prometheus"),
                List.of(
                        authority(hub.resolve("hub.json"), "service"),
                        authority(folder.resolve("coordinator/coordinator.json"), "http"),
                        authority(folder.resolve("w1/worker.json"), "http")),
                Path.of("../conf/prometheus/alerts.yaml")));
        Files.writeString(folder.resolve("own.yaml"), """
                - query: sum(rate(http_request_duration_seconds_count[10s]))
                  metricName: requestsPerSecond
                - query: sum by (phase) (assisted_swarm_hosts{swarm="seen"})
                  metricName: hostsByPhase
                - query: max_over_time(sum(assisted_swarm_hosts{swarm="seen", phase="installed"})[{{.elapsed}}:1s])
                  metricName: installed
                  instant: true
                - query: sum(
                  metricName: broken
                """);
        Files.writeString(folder.resolve("alerts.yaml"), """
                - expr: up == 0
                  description: "{{$labels.job}} down"
                  severity: critical
                - expr: sum(assisted_swarm_hosts{phase="installed"}) > 0
                  description: "{{$value}} hosts are installed"
                  severity: SEVERITY
                """.replace("SEVERITY", "warning"));
        Path plan = Files.writeString(
                folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: seen}
                spec:
                  clusters: [{singleNode: true, amount: 2}]
                  # Other tests may have most of this machine.
                  limits: {alertProfiles: [alerts.yaml], generator: {cpuWait: 100%%, stall: 30s}}
                  metrics:
                    prometheus: {url: "%s"}
                    profiles: [own.yaml, service, database, apiserver, etcd]
                """.formatted(prometheus.get().url()));

        Outcome passed = submit(hub, plan, "seen");

        assertThat(passed.exitCode()).as(passed.out() + passed.err()).isZero();
        assertThat(passed.err())
                .as("what the preflight knows beforehand")
                .containsPattern(
                        "warning: prometheus: query broken: Prometheus at \\S+ answers 400 bad_data: .*parse error"
                                + ".*; mend it in its profile: the report is without this metric")
                .containsOnlyOnce("warning: prometheus: ");
        assertThat(passed.out())
                .contains("Alerts: 1 of 2 fired")
                .containsPattern("warning +fired for 1 series, first at .*: [12] hosts are installed")
                .containsPattern("met +service +critical alert: up == 0 +never fires +did not fire")
                .containsPattern("- broken: Prometheus at \\S+ answers 400 bad_data: .*parse error");
        Path results = results("seen");
        JsonNode requests =
                JSON.readTree(results.resolve("metrics/requestsPerSecond.json").toFile());
        assertThat(requests.size()).isGreaterThan(5);
        assertThat(requests.get(requests.size() / 2).path("value").asDouble()).isPositive();
        assertThat(StreamSupport.stream(
                        JSON.readTree(results.resolve("metrics/hostsByPhase.json")
                                        .toFile())
                                .spliterator(),
                        false))
                .extracting(document -> document.at("/labels/phase").asText())
                .contains("installing", "installed");
        assertThat(JSON.readTree(results.resolve("metrics/installed.json").toFile())
                        .at("/0/value")
                        .asInt())
                .isEqualTo(2);
        assertThat(results.resolve("plots/metric-requestsPerSecond.png")).isNotEmptyFile();
        assertThat(results.resolve("plots/metric-hostsByPhase.png")).isNotEmptyFile();
        assertThat(results.resolve("metrics/serviceRequestSecondsP99.json")).isNotEmptyFile();
        JsonNode metrics =
                JSON.readTree(results.resolve("summary.json").toFile()).at("/metrics");
        assertThat(metrics)
                .as("of this Prometheus all are asked, though it sees no database, no API server and no etcd")
                .extracting(metric -> metric.path("name").asText())
                .contains("serviceCpuCores", "databaseConnections", "apiRefusalsPerSecond", "etcdFsyncSecondsP99");
        assertThat(metrics)
                .filteredOn(metric -> metric.hasNonNull("error"))
                .extracting(metric -> metric.path("name").asText())
                .containsExactly("broken");
        assertThat(prometheus
                        .get()
                        .query("assisted_swarm_node_capacity")
                        .at("/0/value/1")
                        .asInt())
                .as("a worker's own page")
                .isEqualTo(10);
        assertThat(prometheus.get().rules())
                .as("conf/prometheus/alerts.yaml")
                .hasSize(8)
                .allSatisfy(rule -> assertThat(rule.path("health").asText())
                        .as(rule.toString())
                        .isEqualTo("ok"));
        assertThat(Files.readString(results.resolve("report.html")))
                .contains(
                        "<td class=\"name\" title=\"sum(rate(http_request_duration_seconds_count[10s]))\">requestsPerSecond");

        // The same alerts, one of which decides now.
        Files.writeString(
                folder.resolve("strict.yaml"),
                Files.readString(folder.resolve("alerts.yaml")).replace("warning", "error"));
        Path limits = Files.writeString(
                folder.resolve("limits.yaml"),
                "alertProfiles: [strict.yaml]\ngenerator: {cpuWait: 100%, stall: 30s}\n");
        Outcome failed = submit(hub, plan, "strict", "--limits", limits.toString());

        assertThat(failed.exitCode()).as(failed.out() + failed.err()).isEqualTo(3);
        assertThat(failed.out())
                .contains("Verdict: failed")
                .containsPattern(
                        "- error alert: sum\\(assisted_swarm_hosts.*: fired for 1 series, first at .*installed");

        // It is gone: what needs it is not valid, and nothing else suffers.
        prometheus.get().close();
        Outcome unknown = submit(hub, plan, "blind", "--set", "metrics.deadline=3s");
        assertThat(unknown.exitCode()).as(unknown.out() + unknown.err()).isEqualTo(5);
        assertThat(unknown.out())
                .contains("Verdict: not valid")
                .contains("Alerts: 0 of 2 fired, 2 could not be asked")
                .containsPattern("- critical alert: up == 0: no answer from Prometheus at .*, tried for \\d+ s");
        assertThat(results("blind").resolve("plots/clusters-by-state.png")).isNotEmptyFile();
    }

    private Outcome submit(Path hub, Path plan, String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "submit",
                plan.toString(),
                "--service-config",
                hub.resolve("service-config.yaml").toString(),
                "--name",
                name,
                "--wait",
                "--results",
                folder.resolve("results-" + name).toString()));
        arguments.addAll(List.of(more));
        return swarm.run(arguments.toArray(String[]::new));
    }

    private Path results(String name) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.resolve("results-" + name))) {
            return folders.iterator().next();
        }
    }

    private static String authority(Path addresses, String which) throws IOException {
        return URI.create(JSON.readTree(addresses.toFile()).path(which).asText())
                .getAuthority();
    }
}
