package io.assistedswarm.coordinator.preflight;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.series.TestingPrometheus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PrometheusCheckIT {
    private static final String BAD = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}";

    private TestingPrometheus prometheus;

    @BeforeEach
    void start() throws IOException {
        prometheus = new TestingPrometheus();
        prometheus.on("sum(up)", 200, TestingPrometheus.success("vector", "{\"metric\":{},\"value\":[7,\"12\"]}"));
    }

    @AfterEach
    void stop() {
        prometheus.close();
    }

    @Test
    void saysInALineEachWhatIsBadPromQlAndWhatComesOfIt() {
        prometheus
                .on("sum(x[3600s]", 400, BAD)
                .on("up >", 400, BAD)
                .on("down >", 400, BAD)
                .on("up", 200, TestingPrometheus.success("vector"));
        List<Finding> findings = look(
                List.of(new Alert("up >", "", Severity.CRITICAL), new Alert("down >", "", Severity.INFO)),
                List.of(query("total", "sum(x[{{.elapsed}}]"), query("up", "up")));

        String answer =
                "Prometheus at " + prometheus.url() + " answers 400 bad_data: parse error; mend it in its profile: ";
        assertThat(findings)
                .extracting(Finding::outcome)
                .containsExactly(
                        Finding.Outcome.OK, Finding.Outcome.WARNING, Finding.Outcome.WARNING, Finding.Outcome.WARNING);
        assertThat(findings)
                .extracting(Finding::text)
                .containsExactly(
                        prometheus.url() + " answers; 12 targets are up",
                        "critical alert up >: " + answer + "without an answer the run is not valid",
                        "info alert down >: " + answer + "it never fires",
                        "query total: " + answer + "the report is without this metric");
    }

    @Test
    void namesTheFirstOfManyAndCountsTheOthers() {
        IntStream.range(0, 9).forEach(i -> prometheus.on("bad" + i, 400, BAD));
        List<Finding> findings = look(
                List.of(),
                IntStream.range(0, 9).mapToObj(i -> query("q" + i, "bad" + i)).toList());

        assertThat(findings).hasSize(7);
        assertThat(findings.getLast().found()).isEqualTo("4 more queries are not understood");
    }

    @Test
    void saysOneThingOfOneThatIsAwayOrTakesNoToken() throws IOException {
        prometheus.close();
        assertThat(look(List.of(), List.of(query("up", "up")))).singleElement().satisfies(finding -> {
            assertThat(finding.outcome()).isEqualTo(Finding.Outcome.WARNING);
            assertThat(finding.text())
                    .startsWith("no answer from Prometheus at " + prometheus.url())
                    .endsWith("; unless it answers at the end, the report is without its metrics");
        });
        prometheus = new TestingPrometheus();
        prometheus.on("sum(up)", 403, "");
        assertThat(look(List.of(), List.of(query("up", "up")))).singleElement().satisfies(finding -> {
            assertThat(finding.outcome()).isEqualTo(Finding.Outcome.FAILURE);
            assertThat(finding.found()).contains("answers 403: it wants a token");
        });
    }

    @Test
    void isNothingWithoutOne() {
        assertThat(PrometheusCheck.of(
                                Optional.of(plan(Pace.UNLIMITED, clusters(1, 1, 0))),
                                Duration.ofSeconds(5),
                                ForkJoinPool.commonPool())
                        .join())
                .isEmpty();
    }

    private List<Finding> look(List<Alert> alerts, List<MetricQuery> queries) {
        SwarmPlan plan = plan(Pace.UNLIMITED, clusters(1, 1, 0))
                .withLimits(new Limits(Optional.empty(), List.of(), List.of(), Optional.empty(), alerts, List.of()))
                .withMetrics(new Metrics(
                        Optional.of(new Endpoint(prometheus.url(), "", "", false)),
                        Optional.empty(),
                        Metrics.DEFAULT_DEADLINE,
                        Optional.of(List.of()),
                        queries,
                        Optional.empty()));
        return PrometheusCheck.of(Optional.of(plan), Duration.ofSeconds(20), ForkJoinPool.commonPool())
                .join();
    }

    private static MetricQuery query(String name, String query) {
        return new MetricQuery(name, query, false, false);
    }
}
