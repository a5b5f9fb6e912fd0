package io.assistedswarm.coordinator.report;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.coordinator.report.Timeline.Entry;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's clock is 30 s ahead. */
class TimelineQueryTest {
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final HostId HOST = PLAN.expand(SWARM).getFirst().host(0);
    private static final Failure REFUSED = new Failure(Failure.Side.SERVICE, "Refused", "it said no");

    @TempDir
    private Path data;

    private RunRecord record;

    @BeforeEach
    void open() {
        record = RunRecord.open(data);
        record.write(
                List.of(
                        new Change.SwarmAdded(spec(), PLAN, START),
                        new Change.StageSeen(HOST, "Installing", after(20)),
                        new Change.StageSeen(HOST, "Rebooting", after(25)),
                        new Change.StageSeen(HOST, "Installing", after(27)),
                        new Change.HealthSampled(
                                "w1",
                                after(2),
                                new NodeHealth(
                                        after(2),
                                        Optional.of(0.25),
                                        Duration.ofMillis(5),
                                        Optional.of(Duration.ofSeconds(30)),
                                        Duration.ofMillis(2)))),
                List.of(
                        new Numbered("coordinator", "i", 1, reached(cluster(0), ClusterPhase.PLACED, 1)),
                        new Numbered("coordinator", "i", 2, reached(cluster(1), ClusterPhase.PLACED, 1)),
                        new Numbered("w1", "i", 1, reached(HOST, HostPhase.PLACED, 32)),
                        new Numbered("w1", "i", 2, reached(HOST, HostPhase.BOOTED, 40)),
                        new Numbered(
                                "w1",
                                "i",
                                3,
                                new Transition.OfFault(HOST, FaultEvent.INJECTED, after(41), 1, "vanish")),
                        new Numbered("w1", "i", 4, reached(HOST, HostPhase.INSTALLED, 60)),
                        new Numbered("w1", "i", 5, reached(cluster(0), ClusterPhase.INSTALLED, 61)),
                        new Numbered("w1", "i", 6, failed(cluster(1), 62, REFUSED))));
    }

    @AfterEach
    void close() {
        record.close();
    }

    @Test
    void tellsWhatHappenedToAHostInTheOrderOfTheCoordinatorsClock() {
        Timeline timeline = new TimelineQuery(record).timeline(HOST.cluster(), Optional.of(HOST), after(100));
        assertThat(timeline.entries())
                .extracting(Entry::at, Entry::what, Entry::lastedSeconds)
                .containsExactly(
                        tuple(START, "submitted", Optional.of(2.0)),
                        tuple(after(2), "placed", Optional.of(8.0)),
                        tuple(after(10), "booted", Optional.of(1.0)),
                        tuple(after(11), FaultEvent.INJECTED.label(), Optional.of(9.0)),
                        tuple(after(20), "stage Installing", Optional.of(5.0)),
                        tuple(after(25), "stage Rebooting", Optional.of(5.0)),
                        tuple(after(30), "installed", Optional.empty()));
        assertThat(timeline.entries().get(2).means()).isEqualTo("ISO read, agent started");
        assertThat(timeline.corrected()).isEqualTo("30.000 s too late by w1");
    }

    @Test
    void saysThatAHostIsBoundToItsClusterOnceItIsKnownThere() {
        HostId other = PLAN.expand(SWARM).get(1).host(0);
        record.write(
                List.of(),
                List.of(
                        new Numbered("w1", "i", 7, reached(other, HostPhase.UNBOUND, 70)),
                        new Numbered("w1", "i", 8, reached(other, HostPhase.KNOWN, 75))));
        assertThat(new TimelineQuery(record)
                        .timeline(other.cluster(), Optional.of(other), after(100))
                        .entries())
                .extracting(Entry::what, Entry::means)
                .contains(
                        tuple("unbound", "known-unbound: is bound now"),
                        tuple("known", "bound to its cluster, and ready"));
    }

    @Test
    void tellsWhyAClusterFailedAndWhenItWasDeleted() {
        record.write(
                List.of(new Change.SwarmReached(
                        SWARM, SwarmState.DELETED, Verdict.FAILED, List.of(), Optional.of(after(90)))),
                List.of());
        Timeline timeline = new TimelineQuery(record).timeline(cluster(1), Optional.empty(), after(100));
        assertThat(timeline.entries())
                .extracting(Entry::what, Entry::means)
                .containsExactly(
                        tuple("submitted", ""),
                        tuple("placed", "every host has its place"),
                        tuple("failed", "it said no"),
                        tuple("deleted", "with its swarm"));
    }

    @Test
    void givesAllLivesForTheFilesOfAReport() {
        Lives lives = new ReportQuery(record).lives(SWARM, after(100)).orElseThrow();
        assertThat(lives.clusters())
                .extracting(Life::name)
                .containsExactly(cluster(0).name(), cluster(1).name());
        assertThat(lives.clusters().get(1).failure()).contains(REFUSED);
        assertThat(lives.clusters().get(1).worker()).isEqualTo("w1");
        Life host = lives.hosts().getFirst();
        assertThat(host.marks())
                .containsExactly(
                        new Mark("placed", after(2)), new Mark("booted", after(10)), new Mark("installed", after(30)));
        assertThat(host.secondsUntil("booted")).contains(8.0);
        assertThat(host.stages()).extracting(Mark::what).containsExactly("Installing", "Rebooting");
        assertThat(lives.samples()).containsExactly(new Lives.Sample("w1", after(2), Optional.of(0.25), 0.005));
    }
}
