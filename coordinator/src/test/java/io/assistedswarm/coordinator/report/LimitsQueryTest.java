package io.assistedswarm.coordinator.report;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.lost;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Limits.Bound;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.Generator;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan's limits make of ten single nodes. */
class LimitsQueryTest {
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(10, 1, 0));
    private static final Failure BY_SERVICE = new Failure(Failure.Side.SERVICE, "Refused", "no");
    private static final Failure BY_US = new Failure(Failure.Side.GENERATOR, "ProcessCrashed", "gone");

    @TempDir
    private Path data;

    private RunRecord record;
    private int sequence;

    @BeforeEach
    void open() {
        record = RunRecord.open(data);
    }

    @AfterEach
    void close() {
        record.close();
    }

    @Test
    void rulesNothingWithoutLimits() {
        submit(Limits.NONE);
        installed(0, 10);
        assertThat(report().limits()).isEmpty();
        assertThat(report().ruling()).isEmpty();
        assertThat(report().warnings()).isEmpty();
    }

    @Test
    void warnsOfAGeneratorThatWasShortWhereThePlanHasNoLimits() {
        submit(Limits.NONE);
        installed(0, 9);
        write(failed(cluster(9), 5, BY_SERVICE));
        sample("w1", 1, 0.98, 20, Duration.ZERO);
        assertThat(report().ruling()).isEmpty();
        assertThat(report().warnings())
                .containsExactly("the generator was short, so what is slow or failed here may be its own doing:"
                        + " p95 of the share of time in which something waited for a processor: 98% on w1, at most 75% is wanted;"
                        + " limits in the plan have it judged");
    }

    @Test
    void passesWhenEveryLimitIsMet() {
        submit(new Limits(
                Optional.of(0.9),
                List.of(
                        new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.5, Duration.ofSeconds(105)),
                        new PhaseLimit(Subject.HOSTS, "booted", "registered", 1, Duration.ofSeconds(10))),
                List.of(new FailureLimit(
                        Subject.CLUSTERS, Optional.of(Failure.Side.SERVICE), Optional.empty(), Bound.of(1))),
                Optional.empty()));
        installed(0, 9);
        write(failed(cluster(9), 5, BY_SERVICE));
        assertThat(report().limits()).extracting(LimitResult::met).doesNotContain(false);
        assertThat(report().limits())
                .extracting(LimitResult::measured)
                .containsExactly(
                        "90.0% (9 of 10)", "104.0 s (of 9)", "9.0 s (of 9)", "10.0% (1 of 10)", "0.0% (0 of 10)");
        assertThat(report().ruling()).contains(new Ruling(Verdict.PASSED, List.of()));
    }

    @Test
    void failsWhenTheServiceBreaksALimitAndNamesThose() {
        submit(new Limits(
                Optional.empty(),
                List.of(
                        new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.95, Duration.ofSeconds(108)),
                        new PhaseLimit(Subject.HOSTS, "placed", "joined", 0.5, Duration.ofHours(1))),
                List.of(new FailureLimit(Subject.CLUSTERS, Optional.empty(), Optional.of("Refused"), Bound.of(0.05))),
                Optional.empty()));
        installed(0, 9);
        write(failed(cluster(9), 5, BY_SERVICE));
        assertThat(report().ruling())
                .contains(new Ruling(
                        Verdict.FAILED,
                        List.of(
                                "clusters that ended as they were to: 90.0% (9 of 10), at least 100% is wanted",
                                "p50 of hosts, placed → joined: none of them has come so far, at most 1h is wanted",
                                "failures of clusters with Refused: 10.0% (1 of 10), at most 5% is wanted")));
    }

    @Test
    void holdsTheDownloadsThatFailedAgainstTheServiceWhereThePlanSaysSo() {
        submit(new Limits(
                Optional.empty(),
                List.of(),
                List.of(new FailureLimit(
                        Subject.DOWNLOADS, Optional.of(Failure.Side.SERVICE), Optional.empty(), Bound.of(0))),
                Optional.empty()));
        installed(0, 10);
        write(fetched(0, 100, Optional.empty()));
        assertThat(report().limits()).extracting(LimitResult::measured).contains("0.0% (0 of 1)");
        assertThat(report().ruling()).contains(new Ruling(Verdict.PASSED, List.of()));
        write(fetched(1, 0, Optional.of(BY_SERVICE)), fetched(2, 0, Optional.of(BY_US)));
        assertThat(report().ruling())
                .contains(new Ruling(
                        Verdict.FAILED,
                        List.of("failures of downloads by service: 33.3% (1 of 3), at most 0 is wanted")));
    }

    private static Transition fetched(int index, long bytes, Optional<Failure> failure) {
        return new Transition.OfDownload(
                cluster(index), Download.LOGS, after(900), 1, bytes, Duration.ofSeconds(1), failure);
    }

    @Test
    void knowsNothingOfTheServiceWhenTheGeneratorLostTooMuch() {
        submit(new Limits(Optional.empty(), List.of(), List.of(), Optional.of(generator(0.1))));
        installed(0, 8);
        write(failed(cluster(8), 5, BY_US));
        assertThat(report().ruling().orElseThrow().verdict()).isEqualTo(Verdict.FAILED);
        write(lost(cluster(9), 5));
        assertThat(report().ruling())
                .contains(new Ruling(
                        Verdict.NOT_VALID,
                        List.of("clusters that the generator lost or failed: 20.0% (2 of 10), at most 10% is wanted")));
    }

    @Test
    void doesNotHoldALossWithinTheLimitAgainstTheService() {
        submit(new Limits(Optional.empty(), List.of(), List.of(), Optional.of(generator(0.1))));
        installed(0, 9);
        write(lost(cluster(9), 5));
        assertThat(report().ruling())
                .contains(new Ruling(Verdict.INCOMPLETE, List.of("1 cluster lost to the generator")));
    }

    @Test
    void isNotValidWhenClustersCameLate() {
        submit(new Limits(Optional.of(0.5), List.of(), List.of(), Optional.of(generator(0))));
        installed(0, 10);
        for (int i = 0; i < 10; i++) {
            record.write(
                    List.of(new Change.ClusterArrived(new Arrival(
                            cluster(i), START, after(i < 2 ? 9 : 0), Duration.ZERO, Duration.ofSeconds(9)))),
                    List.of());
        }
        assertThat(report().ruling().orElseThrow())
                .isEqualTo(
                        new Ruling(
                                Verdict.NOT_VALID,
                                List.of(
                                        "clusters that came more than 5 s late: 20.0% (2 of 10), 2 of them for workers' room, at most 5% is wanted")));
    }

    @Test
    void isNotValidWhenAWorkerWasStarvedOfProcessors() {
        submit(new Limits(Optional.of(0.5), List.of(), List.of(), Optional.empty()));
        installed(0, 10);
        for (int i = 0; i < 20; i++) {
            sample("w1", i * 10, 0.3, 20, Duration.ZERO);
            sample("w2", i * 10, i < 15 ? 0.2 : 0.99, i < 15 ? 20 : 3_000, Duration.ZERO);
        }
        sample("w1", 50_000, 1, 60_000, Duration.ZERO);
        assertThat(report().ruling().orElseThrow())
                .isEqualTo(new Ruling(
                        Verdict.NOT_VALID,
                        List.of(
                                "p95 of the share of time in which something waited for a processor: 99% on w2, at most 75% is wanted",
                                "p95 of the time by which timers came late: 3.00 s on w2, at most 1s is wanted")));
        assertThat(report().nodes())
                .extracting(NodeReport::node, NodeReport::samples)
                .as("what was after the run is not of it")
                .containsExactly(tuple("w1", 20), tuple("w2", 20));
    }

    @Test
    void takesTheTimesOfAWorkerWhoseClockIsOffForTheCoordinators() {
        submit(Limits.NONE);
        HostId host = PLAN.expand(SWARM).getFirst().host(0);
        // The coordinator says when it was placed, the worker whose clock is 30 s ahead all else.
        record.write(
                List.of(),
                List.of(
                        new Numbered("coordinator", "i", 1, reached(host, HostPhase.PLACED, 0)),
                        new Numbered("w1", "i", 1, reached(host, HostPhase.BOOTED, 35)),
                        new Numbered("w1", "i", 2, reached(host, HostPhase.INSTALLED, 95))));
        assertThat(wholeSeconds()).isCloseTo(95, within(1e-6));
        sample("w1", 1, 0.1, 1, Duration.ofSeconds(30));
        assertThat(wholeSeconds()).isCloseTo(65, within(1e-6));
        assertThat(report().warnings())
                .containsExactly(
                        "the clock of w1 is 30.0 s ahead of the coordinator's (within 0.001 s); its times are corrected by that");
    }

    private double wholeSeconds() {
        return report().hostPhases().getLast().maxSeconds();
    }

    private static Generator generator(double lost) {
        return new Generator(0.05, 0.75, Duration.ofSeconds(1), lost);
    }

    private void submit(Limits limits) {
        record.write(List.of(new Change.SwarmAdded(spec(), PLAN.withLimits(limits), START)), List.of());
    }

    /** Cluster i takes 100 + i seconds; its host registers after i + 1 of them. */
    private void installed(int from, int to) {
        List<Transition> transitions = new ArrayList<>();
        for (int i = from; i < to; i++) {
            HostId host = PLAN.expand(SWARM).get(i).host(0);
            transitions.add(reached(cluster(i), ClusterPhase.PLACED, 0));
            transitions.add(reached(host, HostPhase.BOOTED, 0));
            transitions.add(reached(host, HostPhase.REGISTERED, i + 1));
            transitions.add(reached(cluster(i), ClusterPhase.INSTALLED, 100 + i));
        }
        write(transitions.toArray(Transition[]::new));
    }

    private void write(Transition... transitions) {
        List<Numbered> numbered = new ArrayList<>();
        for (Transition transition : transitions) {
            numbered.add(new Numbered("w1", "i", ++sequence, transition));
        }
        record.write(List.of(), numbered);
    }

    private void sample(String node, double seconds, double cpuWait, long stallMillis, Duration ahead) {
        record.write(
                List.of(new Change.HealthSampled(
                        node,
                        after(seconds),
                        new NodeHealth(
                                after(seconds),
                                Optional.of(cpuWait),
                                Duration.ofMillis(stallMillis),
                                Optional.of(ahead),
                                Duration.ofMillis(2)))),
                List.of());
    }

    private Report report() {
        return new ReportQuery(record).report(SWARM, after(3600)).orElseThrow();
    }
}
