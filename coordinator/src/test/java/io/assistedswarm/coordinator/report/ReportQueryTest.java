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
import static io.assistedswarm.coordinator.Samples.standIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.FaultRule;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportQueryTest {
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(100, 1, 0), clusters(1, 3, 1));

    @TempDir
    private Path data;

    private RunRecord record;
    private long sequence;

    @BeforeEach
    void open() {
        record = RunRecord.open(data);
        record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
    }

    @AfterEach
    void close() {
        record.close();
    }

    @Test
    void knowsNothingOfASwarmThatIsNotThere() {
        assertThat(new ReportQuery(record).report(new SwarmId("nobody"), START)).isEmpty();
    }

    @Test
    void computesTheStatisticsOfEachStepFromTheTimesOfThePhases() {
        // Host i of 0..99 takes i+1 seconds from booted to registered, and 10 more to its end.
        List<Transition> transitions = new ArrayList<>();
        IntStream.range(0, 100).forEach(i -> {
            var host = PLAN.expand(SWARM).get(i).host(0);
            transitions.add(reached(host, HostPhase.PLACED, 0));
            transitions.add(reached(host, HostPhase.BOOTED, 1));
            transitions.add(reached(host, HostPhase.REGISTERED, 1 + i + 1));
            transitions.add(reached(host, HostPhase.INSTALLED, 1 + i + 1 + 10));
        });
        write(transitions);
        List<PhaseStatistics> phases = report().hostPhases();
        assertThat(phases)
                .extracting(PhaseStatistics::phase)
                .containsExactly("placed → booted", "booted → registered", "registered → installed", "placed → end");
        PhaseStatistics registration = phases.get(1);
        assertThat(registration.count()).isEqualTo(100);
        assertThat(registration.minSeconds()).isEqualTo(1);
        assertThat(registration.maxSeconds()).isEqualTo(100);
        assertThat(registration.meanSeconds()).isCloseTo(50.5, within(1e-6));
        assertThat(registration.p50Seconds()).isCloseTo(50.5, within(1e-6));
        assertThat(registration.p95Seconds()).isCloseTo(95.05, within(1e-6));
        assertThat(registration.p99Seconds()).isCloseTo(99.01, within(1e-6));
        PhaseStatistics whole = phases.getLast();
        assertThat(whole.minSeconds()).isEqualTo(12);
        assertThat(whole.maxSeconds()).isEqualTo(111);
    }

    @Test
    void countsWhatBecameOfEachUsersClusters() {
        SwarmId shared = new SwarmId("shared");
        SwarmPlan plan = plan(Pace.UNLIMITED, clusters(4, 3, 0));
        SwarmSpec spec = new SwarmSpec(
                shared,
                spec().service()
                        .sharedBy(List.of(
                                new ServiceUser("alice", 3, new Secret("a"), new Secret("")),
                                new ServiceUser("bob", 1, new Secret("b"), new Secret("")))),
                spec().runtime(),
                spec().manifests(),
                spec().deadlines());
        record.write(List.of(new Change.SwarmAdded(spec, plan, START)), List.of());
        write(List.of(
                reached(new ClusterId(shared, 0), ClusterPhase.INSTALLED, 9),
                reached(new ClusterId(shared, 1), ClusterPhase.INSTALLING, 9),
                failed(new ClusterId(shared, 2), 9, new Failure(Failure.Side.SERVICE, "R", "no"))));
        Report report = new ReportQuery(record).report(shared, START).orElseThrow();
        assertThat(report.users())
                .containsExactly(
                        new UserReport("alice", 3, 3, 9, Map.of("pending", 1, "installing", 1, "installed", 1)),
                        new UserReport("bob", 1, 1, 3, Map.of("failed", 1)));
        assertThat(ReportText.of(report, START))
                .containsPattern("alice +3 +3 +9 +1 pending, 1 installing, 1 installed")
                .containsPattern("bob +1 +1 +3 +1 failed");
        assertThat(new ReportQuery(record).lives(shared, START).orElseThrow().clusters())
                .extracting(Life::user)
                .containsExactly("alice", "alice", "bob");
        assertThat(report().users()).as("of a swarm with one").isEmpty();
    }

    @Test
    void countsLostClustersApartAndHowManyOfThemWereReplaced() {
        int planned = PLAN.clusterCount();
        record.write(
                List.of(new Change.ClusterReplaced(new Replacement(cluster(0), cluster(planned), START))), List.of());
        write(List.of(
                lost(PLAN.expand(SWARM).getFirst().host(0), 1),
                lost(cluster(0), 1),
                reached(cluster(planned), ClusterPhase.INSTALLED, 9)));
        Report report = report();
        assertThat(report.clusterCount()).isEqualTo(planned + 1);
        assertThat(report.clusters()).isEqualTo(Map.of("lost", 1, "installed", 1, "pending", planned - 1));
        assertThat(report.hosts()).isEqualTo(Map.of("lost", 1, "pending", (int) PLAN.hostCount()));
        assertThat(report.replaced()).isEqualTo(1);
        assertThat(report.failures())
                .extracting(FailureCount::side, FailureCount::kind, FailureCount::reason)
                .containsExactlyInAnyOrder(
                        tuple("generator", "cluster", "WorkerLost"), tuple("generator", "host", "WorkerLost"));
        assertThat(ReportText.of(report, START))
                .contains("Clusters    102: 100 pending, 1 installed, 1 lost (1 of the lost replaced)");
    }

    @Test
    void namesTheHostsWhoseInstallerWasAStandIn() {
        ClusterSpec three = PLAN.expand(SWARM).get(100);
        write(List.of(
                standIn(three.host(2), HostPhase.INSTALLING, 1, 1),
                reached(three.host(0), HostPhase.INSTALLING, 1),
                standIn(three.host(2), HostPhase.REBOOTING, 2, 1),
                failed(three.host(2), 3, new Failure(Failure.Side.GENERATOR, "WorkerLost", "w1 left"))));
        assertThat(report().standInInstallers())
                .isEqualTo(new StandIns(1, List.of(three.host(2).name())));
    }

    @Test
    void forgetsAStandInOfAnEarlierGeneration() {
        ClusterSpec three = PLAN.expand(SWARM).get(100);
        write(List.of(
                standIn(three.host(2), HostPhase.INSTALLING, 1, 1),
                new Transition.OfHost(three.host(2), HostPhase.PLACED, after(2), 2, "", Optional.empty()),
                standIn(three.host(1), HostPhase.INSTALLING, 3, 2)));
        assertThat(report().standInInstallers())
                .isEqualTo(new StandIns(1, List.of(three.host(1).name())));
    }

    @Test
    void keepsFractionsOfASecond() {
        var host = PLAN.expand(SWARM).getFirst().host(0);
        write(List.of(reached(host, HostPhase.PLACED, 0.25), reached(host, HostPhase.CREATED, 0.875)));
        assertThat(report().hostPhases().getFirst().p50Seconds()).isCloseTo(0.625, within(1e-6));
    }

    @Test
    void keepsClustersAndHostsApart() {
        var host = PLAN.expand(SWARM).getFirst().host(0);
        write(List.of(
                reached(cluster(0), ClusterPhase.PLACED, 0),
                reached(host, HostPhase.PLACED, 3),
                reached(cluster(0), ClusterPhase.APPLIED, 2),
                reached(cluster(0), ClusterPhase.IMAGE_READY, 6),
                reached(host, HostPhase.CREATED, 10)));
        assertThat(report().clusterPhases())
                .extracting(PhaseStatistics::phase, PhaseStatistics::maxSeconds)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("placed → applied", 2.0),
                        org.assertj.core.groups.Tuple.tuple("applied → image-ready", 4.0));
        assertThat(report().hostPhases())
                .extracting(PhaseStatistics::phase, PhaseStatistics::maxSeconds)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("placed → created", 7.0));
    }

    @Test
    void saysHowLateClustersCame() {
        assertThat(report().punctuality()).as("the plan sets no times").isEmpty();
        record.write(
                List.of(
                        new Change.ClusterArrived(arrival(0, 0, 0)),
                        new Change.ClusterArrived(arrival(1, 8, 6)),
                        new Change.ClusterArrived(arrival(2, 10, 0))),
                List.of());
        write(List.of(reached(cluster(1), ClusterPhase.APPLIED, 9)));
        Punctuality punctuality = report().punctuality().orElseThrow();
        assertThat(punctuality.late()).isEqualTo(new Punctuality.Spread(3, 8, 9.8, 10));
        assertThat(punctuality.lateForRoom()).isEqualTo(1);
        assertThat(punctuality.lateForCoordinator()).isEqualTo(1);
        assertThat(punctuality.heldByPlan().count()).isZero();
        assertThat(punctuality.applied()).isEqualTo(new Punctuality.Spread(1, 9, 9, 9));
    }

    private static Arrival arrival(int index, int late, int forRoom) {
        return new Arrival(cluster(index), START, START.plusSeconds(late), Duration.ZERO, Duration.ofSeconds(forRoom));
    }

    @Test
    void countsAPhaseFromItsFirstTimeWhenAHostFellBack() {
        var host = PLAN.expand(SWARM).getFirst().host(0);
        write(List.of(
                reached(host, HostPhase.KNOWN, 0),
                reached(host, HostPhase.PREPARING, 5),
                reached(host, HostPhase.KNOWN, 7),
                reached(host, HostPhase.PREPARING, 9),
                reached(host, HostPhase.INSTALLING, 11)));
        assertThat(report().hostPhases())
                .extracting(PhaseStatistics::phase, PhaseStatistics::maxSeconds)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("known → preparing", 5.0),
                        org.assertj.core.groups.Tuple.tuple("preparing → installing", 6.0));
    }

    @Test
    void letsAnEndStandAndCountsOnlyTheNewestGeneration() {
        write(List.of(
                reached(cluster(0), ClusterPhase.PLACED, 0),
                reached(cluster(0), ClusterPhase.INSTALLED, 50),
                failed(cluster(0), 60, new Failure(Failure.Side.GENERATOR, "WorkerLost", "gone")),
                failed(cluster(1), 5, new Failure(Failure.Side.GENERATOR, "WorkerLost", "gone")),
                new Transition.OfCluster(cluster(1), ClusterPhase.PLACED, after(10), 2, "", Optional.empty()),
                new Transition.OfCluster(cluster(1), ClusterPhase.INSTALLED, after(40), 2, "", Optional.empty())));
        assertThat(report().clusters()).isEqualTo(Map.of("installed", 2, "pending", 99));
        assertThat(report().failures()).isEmpty();
        assertThat(report().clusterPhases().getLast().maxSeconds()).isEqualTo(50);
        assertThat(report().clusterPhases().getLast().minSeconds()).isEqualTo(30);
    }

    @Test
    void countsFailuresBySideAndReasonWithExamples() {
        Failure timeout = new Failure(Failure.Side.SERVICE, "RegistrationTimeout", "no Agent within 15 m");
        List<Transition> transitions = new ArrayList<>();
        IntStream.range(0, 5)
                .forEach(i -> transitions.add(failed(PLAN.expand(SWARM).get(i).host(0), i, timeout)));
        transitions.add(failed(cluster(7), 9, new Failure(Failure.Side.GENERATOR, "WorkerLost", "b left")));
        write(transitions);
        assertThat(report().failures())
                .containsExactly(
                        new FailureCount(
                                "service",
                                "host",
                                "RegistrationTimeout",
                                5,
                                "no Agent within 15 m",
                                List.of("quickstart-7f3a-0-0", "quickstart-7f3a-1-0", "quickstart-7f3a-2-0")),
                        new FailureCount(
                                "generator", "cluster", "WorkerLost", 1, "b left", List.of("quickstart-7f3a-7")));
    }

    @Test
    void saysNothingOfFaultsWhereThePlanAsksForNone() {
        assertThat(report().faults()).isEmpty();
    }

    @Test
    void countsFaultsApartAndLeavesTheirClustersOutOfTheTimes() {
        FaultRule vanish = new FaultRule(
                new Fault(Fault.Kind.VANISH, HostPhase.KNOWN, Duration.ofMinutes(2)),
                Optional.empty(),
                Optional.of(4),
                Set.of());
        SwarmPlan plan = new SwarmPlan(
                "faulty",
                1,
                false,
                Pace.UNLIMITED,
                Deadlines.DEFAULT,
                List.of(
                        new SwarmPlan.ClusterGroup(
                                1, 0, 5, false, false, Map.of(), ClusterTraits.PLAIN, List.of(vanish)),
                        new SwarmPlan.ClusterGroup(
                                3,
                                0,
                                1,
                                false,
                                false,
                                Map.of(),
                                ClusterTraits.PLAIN,
                                List.of(new FaultRule(
                                        new Fault(Fault.Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO),
                                        Optional.of(1.0),
                                        Optional.empty(),
                                        Set.of())))));
        SwarmId swarm = new SwarmId("faulty-1");
        record.write(List.of(new Change.SwarmAdded(spec(swarm), plan, START)), List.of());
        List<ClusterSpec> expanded = plan.expand(swarm);
        List<ClusterSpec> vanishing = expanded.stream()
                .filter(cluster -> cluster.singleNode() && !cluster.faults().isEmpty())
                .toList();
        ClusterSpec good = expanded.stream()
                .filter(cluster -> cluster.faults().isEmpty())
                .findFirst()
                .orElseThrow();
        List<Transition> transitions = new ArrayList<>();
        for (ClusterSpec cluster : List.of(good, vanishing.get(0), vanishing.get(1), vanishing.get(2))) {
            transitions.add(reached(cluster.id(), ClusterPhase.PLACED, 0));
            transitions.add(reached(cluster.host(0), HostPhase.KNOWN, 0));
        }
        transitions.add(reached(good.host(0), HostPhase.INSTALLED, 50));
        transitions.add(reached(good.id(), ClusterPhase.INSTALLED, 50));
        transitions.add(happened(vanishing.get(0).host(0), FaultEvent.INJECTED, 10, "vanish"));
        transitions.add(happened(vanishing.get(0).host(0), FaultEvent.ANSWERED, 19, "disconnected"));
        transitions.add(happened(vanishing.get(0).host(0), FaultEvent.OVER, 130, "vanish"));
        transitions.add(reached(vanishing.get(0).host(0), HostPhase.INSTALLED, 500));
        transitions.add(reached(vanishing.get(0).id(), ClusterPhase.INSTALLED, 500));
        transitions.add(happened(vanishing.get(1).host(0), FaultEvent.INJECTED, 10, "vanish"));
        transitions.add(happened(vanishing.get(1).host(0), FaultEvent.ANSWERED, 21, "disconnected"));
        transitions.add(happened(vanishing.get(2).host(0), FaultEvent.MISSED, 10, "too late"));
        write(transitions);

        Report report = new ReportQuery(record).report(swarm, after(3600)).orElseThrow();
        assertThat(report.hostPhases())
                .extracting(PhaseStatistics::phase, PhaseStatistics::count, PhaseStatistics::maxSeconds)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("known → installed", 1L, 50.0),
                        org.assertj.core.groups.Tuple.tuple("placed → end", 1L, 50.0));
        assertThat(report.hosts()).as("all of them").isEqualTo(Map.of("installed", 2, "known", 2, "pending", 4));
        FaultReport faults = report.faults().orElseThrow();
        assertThat(faults.clusterCount()).isEqualTo(5);
        assertThat(faults.hostCount()).isEqualTo(7);
        assertThat(faults.clusters()).isEqualTo(Map.of("installed", 1, "placed", 2, "pending", 2));
        assertThat(faults.hosts()).isEqualTo(Map.of("installed", 1, "known", 2, "pending", 4));
        HostId never = expanded.getLast().host(0);
        assertThat(faults.kinds())
                .containsExactly(
                        new FaultReport.OfKind(
                                "neverRegister",
                                3,
                                0,
                                0,
                                List.of(),
                                Map.of("pending", 3),
                                Map.of("pending", 1),
                                List.of(
                                        never.name(),
                                        expanded.getLast().host(1).name(),
                                        expanded.getLast().host(2).name())),
                        new FaultReport.OfKind(
                                "vanish",
                                4,
                                2,
                                1,
                                List.of(new FaultReport.Answer("disconnected", 2, 9, 10, 11)),
                                Map.of("installed", 1, "known", 2, "pending", 1),
                                Map.of("installed", 1, "placed", 2, "pending", 1),
                                vanishing.stream()
                                        .limit(3)
                                        .map(cluster -> cluster.host(0).name())
                                        .toList()));
    }

    private static Transition happened(HostId host, FaultEvent event, double seconds, String detail) {
        return new Transition.OfFault(host, event, after(seconds), 1, detail);
    }

    @Test
    void countsDownloadsApartAndNamesThoseThatFailed() {
        write(List.of(
                reached(cluster(0), ClusterPhase.INSTALLED, 600),
                fetched(0, 700, 1500, Optional.empty()),
                reached(cluster(1), ClusterPhase.INSTALLED, 601),
                fetched(1, 300, 500, Optional.empty()),
                reached(cluster(2), ClusterPhase.INSTALLED, 602),
                fetched(2, 0, 0, Optional.of(new Failure(Failure.Side.SERVICE, "DownloadTimeout", "it was busy")))));
        Report report = report();
        assertThat(report.downloads()).containsExactly(new DownloadReport("logs", 2, 1, 1000, 1.0, 1.45, 1.5));
        assertThat(report.clusters()).containsEntry("installed", 3);
        assertThat(report.failures())
                .containsExactly(new FailureCount(
                        "service",
                        "download",
                        "DownloadTimeout",
                        1,
                        "it was busy",
                        List.of(cluster(2).name())));
        assertThat(ReportText.of(report, after(3600)))
                .contains("Downloads of clusters' users")
                .containsPattern("logs +2 +1 +1000 +1.000 +1.450 +1.500");
    }

    private static Transition fetched(int index, long bytes, long millis, Optional<Failure> failure) {
        return new Transition.OfDownload(
                cluster(index), Download.LOGS, after(700), 1, bytes, Duration.ofMillis(millis), failure);
    }

    @Test
    void carriesTheVerdictAndTheRate() {
        write(List.of(
                reached(cluster(0), ClusterPhase.INSTALLED, 600), reached(cluster(1), ClusterPhase.DISCOVERED, 1200)));
        record.write(
                List.of(new Change.SwarmReached(
                        SWARM, SwarmState.DONE, Verdict.FAILED, List.of("99 failed"), Optional.of(after(1800)))),
                List.of());
        Report report = report();
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.verdictReasons()).containsExactly("99 failed");
        assertThat(report.clusterCount()).isEqualTo(101);
        assertThat(report.hostCount()).isEqualTo(104);
        assertThat(report.runtime()).isEqualTo("exec");
        assertThat(report.clustersPerHour()).isCloseTo(4.0, within(1e-6));
        assertThat(report.hosts()).isEqualTo(Map.of("pending", 104));
    }

    private Report report() {
        return new ReportQuery(record).report(SWARM, after(3600)).orElseThrow();
    }

    private void write(List<Transition> transitions) {
        record.write(
                List.of(),
                transitions.stream()
                        .map(transition -> new Numbered("a", "i", ++sequence, transition))
                        .toList());
    }
}
