package io.assistedswarm.coordinator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsPageTest {
    private static final ClusterId CLUSTER = new ClusterId(new SwarmId("night-1"), 7);

    private final PrometheusRegistry counted = new PrometheusRegistry();
    private final PhaseMetrics phases = new PhaseMetrics(counted);
    private final MetricsPage page = new MetricsPage(counted, phases);

    @Test
    void showsWhereSwarmsAndWorkersStand() {
        assertThat(lines(swarm(SwarmState.RUNNING)))
                .contains(
                        "assisted_swarm_clusters{phase=\"installing\",swarm=\"night-1\"} 2.0",
                        "assisted_swarm_hosts{phase=\"installed\",swarm=\"night-1\"} 1.0",
                        "assisted_swarm_state{state=\"running\",swarm=\"night-1\"} 1.0",
                        "assisted_swarm_start_lateness_seconds{quantile=\"1\",swarm=\"night-1\"} 11.0",
                        "assisted_swarm_workers{state=\"up\"} 1.0",
                        "assisted_swarm_worker_places_used{worker=\"w1\"} 6.0");
    }

    /** Else changes() of them sees nothing of a host that goes from one to the next. */
    @Test
    void showsPhasesThatNothingIsIn() {
        assertThat(lines(swarm(SwarmState.RUNNING)))
                .contains(
                        "assisted_swarm_clusters{phase=\"image-ready\",swarm=\"night-1\"} 0.0",
                        "assisted_swarm_hosts{phase=\"booted\",swarm=\"night-1\"} 0.0",
                        "assisted_swarm_hosts{phase=\"lost\",swarm=\"night-1\"} 0.0");
    }

    @Test
    void measuresHowLongAPhaseLastedThatWasLeft() {
        phases.written(List.of(), List.of(cluster(ClusterPhase.PLACED, 0, 1), cluster(ClusterPhase.APPLIED, 4, 1)));
        phases.written(List.of(), List.of(host(HostPhase.CREATED, 5, 1), host(HostPhase.DOWNLOADING, 65, 1)));

        assertThat(lines(swarm(SwarmState.RUNNING)))
                .contains(
                        "assisted_swarm_cluster_phase_duration_seconds_bucket{phase=\"placed\",swarm=\"night-1\",le=\"2.5\"} 0",
                        "assisted_swarm_cluster_phase_duration_seconds_bucket{phase=\"placed\",swarm=\"night-1\",le=\"5.0\"} 1",
                        "assisted_swarm_cluster_phase_duration_seconds_sum{phase=\"placed\",swarm=\"night-1\"} 4.0",
                        "assisted_swarm_host_phase_duration_seconds_sum{phase=\"created\",swarm=\"night-1\"} 60.0");
    }

    @Test
    void doesNotMeasureAPhaseThatEndedWithTheHostsWorker() {
        phases.written(List.of(), List.of(host(HostPhase.CREATED, 5, 1), host(HostPhase.PLACED, 300, 2)));
        assertThat(lines(swarm(SwarmState.RUNNING)))
                .noneMatch(line -> line.startsWith("assisted_swarm_host_phase_duration_seconds"));
    }

    @Test
    void countsFailuresBySideAndReason() {
        Failure failure = new Failure(Failure.Side.SERVICE, "RegistrationTimeout", "no Agent");
        phases.written(
                List.of(),
                List.of(new Transition.OfCluster(
                        CLUSTER, ClusterPhase.FAILED, at(9), 1, "no Agent", Optional.of(failure))));
        assertThat(lines(swarm(SwarmState.RUNNING)))
                .contains("assisted_swarm_failures_total{kind=\"cluster\",reason=\"RegistrationTimeout\","
                        + "side=\"service\",swarm=\"night-1\"} 1.0");
    }

    @Test
    void showsNothingOfADeletedSwarm() {
        phases.written(List.of(), List.of(cluster(ClusterPhase.PLACED, 0, 1), cluster(ClusterPhase.APPLIED, 4, 1)));
        assertThat(lines(swarm(SwarmState.DELETED))).noneMatch(line -> line.contains("night-1"));
    }

    /** It may be that nobody reads the page. */
    @ParameterizedTest
    @MethodSource("ends")
    void keepsNothingOfADeletedSwarm(Change end) {
        Failure failure = new Failure(Failure.Side.SERVICE, "RegistrationTimeout", "no Agent");
        phases.written(
                List.of(reached("night-1", SwarmState.DELETING), reached("night-2", SwarmState.DELETED)),
                List.of(
                        cluster(ClusterPhase.PLACED, 0, 1),
                        new Transition.OfCluster(CLUSTER, ClusterPhase.FAILED, at(9), 1, "", Optional.of(failure)),
                        host(HostPhase.CREATED, 5, 1),
                        host(HostPhase.DOWNLOADING, 65, 1)));
        assertThat(series()).hasSize(3).containsOnly("night-1");

        phases.written(List.of(end), List.of(host(HostPhase.LOST, 90, 1)));
        assertThat(series()).isEmpty();
    }

    static List<Change> ends() {
        return List.of(reached("night-1", SwarmState.DELETED), new Change.SwarmForgotten(CLUSTER.swarm()));
    }

    private static Change reached(String swarm, SwarmState state) {
        return new Change.SwarmReached(new SwarmId(swarm), state, Verdict.PASSED, List.of(), Optional.empty());
    }

    /** The swarms of all series that are counted. */
    private List<String> series() {
        return counted.scrape().stream()
                .flatMap(metric -> metric.getDataPoints().stream())
                .map(point -> point.getLabels().get("swarm"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prometheus/alerts.yaml", "grafana/assisted-swarm.json"})
    void hasWhatTheRulesAndTheDashboardAskFor(String file, @TempDir Path data) throws IOException {
        Failure failure = new Failure(Failure.Side.SERVICE, "RegistrationTimeout", "no Agent");
        phases.written(
                List.of(),
                List.of(
                        cluster(ClusterPhase.PLACED, 0, 1),
                        new Transition.OfCluster(CLUSTER, ClusterPhase.FAILED, at(9), 1, "", Optional.of(failure)),
                        host(HostPhase.CREATED, 5, 1),
                        host(HostPhase.DOWNLOADING, 65, 1)));
        Set<String> there;
        try (RunRecord record = RunRecord.open(data)) {
            record.countIn(counted);
            there = lines(swarm(SwarmState.RUNNING)).stream()
                    .map(line -> line.split("[{ ]", 2)[0])
                    .collect(Collectors.toSet());
        }

        String text = Files.readString(Path.of("..", "conf").resolve(file));
        // What begins with node is on workers' pages, and WorkerMetricsTest's.
        List<String> asked = Pattern.compile("assisted_swarm_(?!node_)[a-z_]+")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(asked).isNotEmpty().isSubsetOf(there);
    }

    @Test
    void itsDashboardIsJsonWithAPanelForEach() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(Path.of("../conf/grafana/assisted-swarm.json").toFile());
        assertThat(dashboard.get("panels"))
                .isNotEmpty()
                .allSatisfy(panel ->
                        assertThat(panel.at("/targets/0/expr").asText()).isNotEmpty());
    }

    private List<String> lines(SwarmView swarm) {
        byte[] text = page.at(List.of(swarm), List.of(Samples.worker("w1")));
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    private static SwarmView swarm(SwarmState state) {
        return Samples.swarm("night-1", state, Verdict.NONE);
    }

    private static Transition cluster(ClusterPhase phase, int second, int generation) {
        return new Transition.OfCluster(CLUSTER, phase, at(second), generation, "", Optional.empty());
    }

    private static Transition host(HostPhase phase, int second, int generation) {
        return new Transition.OfHost(new HostId(CLUSTER, 0), phase, at(second), generation, "", Optional.empty());
    }

    private static Instant at(int second) {
        return Samples.START.plusSeconds(second);
    }
}
