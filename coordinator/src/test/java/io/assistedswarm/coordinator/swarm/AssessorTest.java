package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.MetricQuery;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.report.MetricChunk;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.ReportText;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.HubMetrics;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.coordinator.series.Series;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The verdict on two clusters, one of which failed, by the limits of their plan. */
class AssessorTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final Failure REFUSED = new Failure(Failure.Side.SERVICE, "Refused", "it said no");

    private static final Metrics ASKED = new Metrics(
            Optional.of(new Endpoint("http://127.0.0.1:9090", "", "", false)),
            Optional.empty(),
            Metrics.DEFAULT_DEADLINE,
            Optional.of(List.of()),
            List.of(new MetricQuery("up", "up", false, false)),
            Optional.empty());
    private static final KeptMetric METRIC = new KeptMetric(
            "up",
            "up",
            false,
            List.of(new Series(Map.of("job", "a"), List.of(1.0, 2.0), List.of(0.5, 1.5))),
            3,
            Optional.empty());

    AssessorTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void failsForAnyClusterWithoutLimits() {
        end(Limits.NONE);
        assertVerdict(
                Verdict.FAILED, "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
    }

    @Test
    void passesWhenThePlanAllowsForThatMany() {
        end(new Limits(Optional.of(0.5), List.of(), List.of(), Optional.empty()));
        assertVerdict(Verdict.PASSED);
    }

    @Test
    void failsByATimeThatIsTooLongAndSaysWhich() {
        end(new Limits(
                Optional.of(0.5),
                List.of(new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.95, Duration.ofSeconds(9))),
                List.of(),
                Optional.empty()));
        assertVerdict(
                Verdict.FAILED,
                "p95 of clusters, placed → installed: 10.0 s (of 1), at most 9s is wanted",
                "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
    }

    @Test
    void keepsWhatThePrometheusSaysOfTheRunAndIsBoundByItsAlerts() {
        Alert alert = new Alert("up == 0", "down", Severity.ERROR);
        metrics.answer = new HubMetrics.Collected(
                List.of(METRIC),
                List.of(new AlertResult(alert, 1, Optional.of(START), List.of("down"), Optional.empty())));
        end(new Limits(Optional.of(0.5), List.of(), List.of(), Optional.empty(), List.of(alert), List.of()), ASKED);
        assertVerdict(
                Verdict.FAILED,
                "error alert: up == 0: fired for 1 series, first at " + START + ": down, never fires is wanted",
                "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
        assertThat(metrics.asked).containsExactly(START, clock.get());
        Report report = new ReportQuery(record).report(SWARM, clock.get()).orElseThrow();
        assertThat(report.metrics()).extracting(MetricSummary::name).containsExactly("up");
        assertThat(new ReportQuery(record).metrics(SWARM, 0).orElseThrow().metrics())
                .containsExactly(METRIC);
        assertThat(new ReportQuery(record).metrics(SWARM, 1)).contains(new MetricChunk(List.of(), Optional.empty()));
    }

    @Test
    void isNotBoundByAMetricThatCouldNotBeAskedForWithoutLimits() {
        metrics.answer = new HubMetrics.Collected(
                List.of(new KeptMetric("up", "up", false, List.of(), 0, Optional.of("no answer"))), List.of());
        end(Limits.NONE, ASKED);
        assertVerdict(
                Verdict.FAILED, "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
        assertThat(ReportText.of(
                        new ReportQuery(record).report(SWARM, clock.get()).orElseThrow(), clock.get()))
                .contains("  - up: no answer");
    }

    @Test
    void keepsWhatThePrometheusSaysOfARunThatWasCancelled() {
        resume(PLAN.withMetrics(ASKED), List.of());
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.Cancel(
                SWARM, testKit.<StatusReply<SwarmView>>createTestProbe().ref())));
        assertThat(saved(Change.MetricsCollected.class).swarm()).isEqualTo(SWARM);
        assertThat(metrics.asked).hasSize(2);
        Change.SwarmReached reached = saved(Change.SwarmReached.class);
        assertThat(reached.verdict()).isEqualTo(Verdict.CANCELLED);
    }

    private void end(Limits limits) {
        end(limits, Metrics.DEFAULT);
    }

    private void end(Limits limits, Metrics metrics) {
        List<Change> changes = new ArrayList<>();
        List<Transition> transitions = new ArrayList<>();
        List<ClusterSpec> specs = PLAN.expand(SWARM);
        for (int i = 0; i < 2; i++) {
            List<Placement> places = List.of(new Placement(new BerthId("a-" + (i + 1)), A, 0, 1));
            changes.add(new Change.ClusterPlaced(new Assignment(specs.get(i), places, 1), START));
            changes.add(new Change.ClusterReleased(cluster(i)));
            transitions.add(reached(cluster(i), ClusterPhase.PLACED, 0));
            transitions.add(reached(specs.get(i).host(0), HostPhase.INSTALLED, 9));
        }
        transitions.add(reached(cluster(0), ClusterPhase.INSTALLED, 10));
        transitions.add(failed(cluster(1), 10, REFUSED));
        resume(PLAN.withLimits(limits).withMetrics(metrics), changes, transitions.toArray(Transition[]::new));
    }

    private void assertVerdict(Verdict verdict, String... reasons) {
        Change.SwarmReached reached = saved(Change.SwarmReached.class);
        assertThat(reached.state()).isEqualTo(SwarmState.DONE);
        assertThat(reached.verdict()).isEqualTo(verdict);
        assertThat(reached.verdictReasons()).containsExactly(reasons);
    }
}
