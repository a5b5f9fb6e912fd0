package io.assistedswarm.coordinator.record;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static io.assistedswarm.coordinator.Samples.standIn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.FailureShare;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.Rate;
import io.assistedswarm.coordinator.plan.Stretch;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.UserShares;
import io.assistedswarm.protocol.WorkerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordTest {
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 3, 1));

    @TempDir
    private Path data;

    @Test
    void remembersASwarmAcrossAnEndOfTheCoordinator() {
        Assignment assignment = new Assignment(
                PLAN.expand(SWARM).getFirst(),
                List.of(
                        new Placement(new BerthId("a-1"), new WorkerName("a"), 0, 3),
                        new Placement(new BerthId("b-1"), new WorkerName("b"), 3, 1)),
                1);
        Assignment moved = assignment.moving(List.of(
                new Placement(new BerthId("a-2"), new WorkerName("a"), 0, 2),
                new Placement(new BerthId("c-1"), new WorkerName("c"), 2, 1, 1, -7)));
        Transition placed = reached(cluster(0), ClusterPhase.PLACED, 1);
        Transition lost = failed(
                PLAN.expand(SWARM).getFirst().host(3),
                2.5,
                new Failure(Failure.Side.GENERATOR, "WorkerLost", "b left"));
        Transition fault = new Transition.OfFault(
                PLAN.expand(SWARM).getFirst().host(2), FaultEvent.ANSWERED, after(2), 1, "disconnected");
        Transition standIn = standIn(PLAN.expand(SWARM).getFirst().host(1), HostPhase.INSTALLING, 3, 1);
        Transition fetched = new Transition.OfDownload(
                cluster(0),
                Download.KUBECONFIG,
                after(3.5),
                1,
                5_000_000_000L,
                Duration.ofMillis(1250),
                Optional.empty());
        DeletionView deletion =
                new DeletionView(Map.of("Agent", 4L), Map.of("Agent", 3L), Map.of("Agent", 1L), List.of("x"));
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(
                            new Change.SwarmAdded(spec(), PLAN, START),
                            new Change.ClusterPlaced(assignment, after(1)),
                            new Change.ClusterPlaced(moved, after(3)),
                            new Change.SwarmReached(
                                    SWARM, SwarmState.DONE, Verdict.FAILED, List.of("because"), Optional.of(after(9))),
                            new Change.DeletionCounted(SWARM, deletion)),
                    List.of(
                            new Numbered("a", "i", 1, placed),
                            new Numbered("b", "i", 1, lost),
                            new Numbered("a", "i", 2, fault),
                            new Numbered("a", "i", 3, standIn),
                            new Numbered("a", "i", 4, fetched)));
        }
        try (RunRecord record = RunRecord.open(data)) {
            RecordedSwarm swarm = record.swarms().getFirst();
            assertThat(swarm.spec()).isEqualTo(spec());
            assertThat(swarm.spec().runtime()).isEqualTo(spec().runtime());
            assertThat(swarm.plan()).isEqualTo(PLAN);
            assertThat(swarm.state()).isEqualTo(SwarmState.DONE);
            assertThat(swarm.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(swarm.verdictReasons()).containsExactly("because");
            assertThat(swarm.endedAt()).contains(after(9));
            assertThat(swarm.deletion()).contains(deletion);
            assertThat(swarm.assignments()).containsExactly(moved);
            assertThat(moved.generationOf(PLAN.expand(SWARM).getFirst().host(3)))
                    .isEqualTo(1);
            assertThat(swarm.transitions()).containsExactly(placed, lost, fault, standIn, fetched);
            assertThat(record.history(cluster(0)))
                    .last()
                    .extracting(HistoryEntry::text)
                    .isEqualTo("download of kubeconfig: 5000000000 bytes in 1.250 s");
        }
    }

    @Test
    void givesBackWhenClustersAreDueAndHowTheyCame() {
        Arrival arrival = new Arrival(cluster(0), after(1), after(9), Duration.ofMillis(2_500), Duration.ofSeconds(3));
        Timetable timetable = Timetable.starting(new Pace(2, Duration.ofSeconds(30), 5, 9), 0, after(1))
                .pausedAt(after(40))
                .resumedAt(after(50))
                .changed(
                        new PaceChange(
                                Optional.of(rampUp()), Optional.empty(), Optional.of(6), Optional.of(Pace.UNLIMITED)),
                        4,
                        after(60))
                .pausedAt(after(70));
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
            assertThat(record.swarms().getFirst().timetable()).isEmpty();
            record.write(
                    List.of(
                            new Change.TimetableSet(SWARM, timetable),
                            new Change.ClusterArrived(arrival),
                            new Change.ClusterArrived(arrival)),
                    List.of());
        }
        try (RunRecord record = RunRecord.open(data)) {
            RecordedSwarm swarm = record.swarms().getFirst();
            assertThat(swarm.timetable()).contains(timetable);
            assertThat(swarm.arrivals()).containsExactly(arrival);
        }
    }

    private static Pace rampUp() {
        return new Pace(
                Pace.UNLIMITED.batch(),
                Duration.ZERO,
                List.of(new Stretch(new Rate(100), new Rate(1_000), Optional.of(Duration.ofMinutes(30)))),
                Pace.UNLIMITED.maxInstalling(),
                Optional.empty(),
                Pace.UNLIMITED.maxFailures(),
                Optional.of(new FailureShare(0.1, 20)));
    }

    @Test
    void knowsTheClustersThatTookThePlaceOfLostOnesAndWhereTheyAre() {
        int planned = PLAN.clusterCount();
        Replacement first = new Replacement(cluster(0), cluster(planned), after(5));
        Replacement second = new Replacement(cluster(planned), cluster(planned + 1), after(7));
        ClusterSpec fresh = PLAN.expand(SWARM).getFirst().withId(cluster(planned));
        Assignment assignment = new Assignment(
                fresh, List.of(new Placement(new BerthId("a-9"), new WorkerName("a"), 0, fresh.hostCount())), 1);
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(
                            new Change.SwarmAdded(spec(), PLAN, START),
                            new Change.ClusterReplaced(first),
                            new Change.ClusterPlaced(assignment, after(6)),
                            new Change.ClusterReplaced(second)),
                    List.of());
            RecordedSwarm swarm = record.swarms().getFirst();
            assertThat(swarm.replacements()).containsExactly(first, second);
            assertThat(swarm.assignments()).containsExactly(assignment);
            assertThat(swarm.clusters()).hasSize(planned + 2);
            assertThat(swarm.clusters().getLast()).isEqualTo(fresh.withId(cluster(planned + 1)));
        }
    }

    @Test
    void keepsATransitionOnceHoweverOftenItComes() {
        Numbered numbered = new Numbered("a", "i", 7, reached(cluster(0), ClusterPhase.APPLIED, 1));
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of(numbered, numbered));
            record.write(List.of(), List.of(numbered));
            assertThat(record.swarms().getFirst().transitions()).hasSize(1);
            assertThat(record.lastSequence("a", "i")).isEqualTo(7);
            assertThat(record.lastSequence("a", "another incarnation")).isZero();
        }
    }

    @Test
    void writesAllOrNothing() {
        try (RunRecord record = RunRecord.open(data)) {
            Change.SwarmAdded added = new Change.SwarmAdded(spec(), PLAN, START);
            record.write(List.of(added), List.of());
            assertThatThrownBy(() -> record.write(
                            List.of(
                                    new Change.SwarmReached(
                                            SWARM, SwarmState.DONE, Verdict.PASSED, List.of(), Optional.empty()),
                                    added),
                            List.of()))
                    .isInstanceOf(RecordException.class);
            assertThat(record.swarms().getFirst().state()).isEqualTo(SwarmState.RUNNING);
        }
    }

    @Test
    void tellsWhatIsWritten() {
        List<Change> changes = List.of(new Change.SwarmAdded(spec(), PLAN, START));
        Transition applied = reached(cluster(0), ClusterPhase.APPLIED, 1);
        List<Object> told = new ArrayList<>();
        try (RunRecord record = RunRecord.open(data)) {
            record.tell((written, transitions) -> {
                told.addAll(written);
                told.addAll(transitions);
            });
            record.write(changes, List.of(new Numbered("a", "i", 1, applied)));
        }
        assertThat(told).containsExactly(changes.getFirst(), applied);
    }

    @Test
    void forgetsASwarmButForTheNumbersOfItsBerths() throws SQLException {
        WorkerName a = new WorkerName("a");
        Transition late = reached(cluster(0), ClusterPhase.APPLIED, 1);
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(
                            new Change.SwarmAdded(spec(), PLAN, START),
                            new Change.ClusterPlaced(
                                    new Assignment(
                                            PLAN.expand(SWARM).getFirst(),
                                            List.of(
                                                    new Placement(new BerthId("a-9"), a, 0, 2),
                                                    new Placement(new BerthId("a-10"), a, 2, 2)),
                                            1),
                                    after(1)),
                            new Change.ClusterReleased(cluster(0)),
                            new Change.ClusterArrived(
                                    new Arrival(cluster(0), START, after(1), Duration.ZERO, Duration.ZERO)),
                            new Change.ClusterReplaced(new Replacement(cluster(0), cluster(1), after(1))),
                            new Change.SwarmForgotten(SWARM)),
                    List.of(new Numbered("a", "i", 1, late)));
            assertThat(record.swarms()).isEmpty();
            assertThat(record.memory().placements()).containsExactly(new Placement(new BerthId("a-10"), a, 0, 1));
            // Its name may be used again.
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
            record.write(List.of(new Change.SwarmForgotten(SWARM)), List.of());
        }
        try (RunRecord record = RunRecord.open(data);
                Connection connection = record.connection();
                Statement count = connection.createStatement();
                ResultSet row = count.executeQuery("select (select count(*) from transitions) + (select count(*) from"
                        + " placements) + (select count(*) from releases)")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getInt(1)).isZero();
            assertThat(record.memory().placements())
                    .extracting(Placement::berth)
                    .containsExactly(new BerthId("a-10"));
        }
    }

    @Test
    void remembersWhatACoordinatorNeedsToGoOn() {
        Assignment assignment = new Assignment(
                PLAN.expand(SWARM).getFirst(),
                List.of(new Placement(new BerthId("a-7"), new WorkerName("a"), 0, 4)),
                1);
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(
                            new Change.SwarmAdded(spec(), PLAN, START),
                            new Change.ClusterPlaced(assignment, after(1)),
                            new Change.HoldsReleased(SWARM),
                            new Change.CoordinatorListens("pekko://assisted-swarm@127.0.0.1:1"),
                            new Change.CoordinatorListens("pekko://assisted-swarm@127.0.0.1:2"),
                            new Change.WorkerJoined(new WorkerName("a"), "there", "first", List.of()),
                            new Change.WorkerJoined(new WorkerName("a"), "here", "second", List.of("c:1", "d:2")),
                            new Change.WorkerJoined(new WorkerName("b"), "there", "first", List.of()),
                            new Change.WorkerDismissed(new WorkerName("b"), "first"),
                            new Change.WorkerDrained(new WorkerName("a"), Optional.empty()),
                            new Change.WorkerDrained(new WorkerName("a"), Optional.of(after(7))),
                            new Change.WorkerDrained(new WorkerName("b"), Optional.of(after(8))),
                            new Change.WorkerDrained(new WorkerName("c"), Optional.empty()),
                            new Change.WorkerUncordoned(new WorkerName("b")),
                            new Change.DeletionForced(SWARM, true)),
                    List.of());
        }
        try (RunRecord record = RunRecord.open(data)) {
            Memory memory = record.memory();
            assertThat(memory.coordinator()).contains("pekko://assisted-swarm@127.0.0.1:2");
            assertThat(memory.workers())
                    .containsExactly(new RecordedWorker(new WorkerName("a"), "here", "second", List.of("c:1", "d:2")));
            assertThat(memory.dismissed()).containsExactly("first");
            assertThat(memory.drains())
                    .containsExactly(
                            new Change.WorkerDrained(new WorkerName("a"), Optional.of(after(7))),
                            new Change.WorkerDrained(new WorkerName("c"), Optional.empty()));
            assertThat(memory.placements()).extracting(Placement::berth).containsExactly(new BerthId("a-7"));
            RecordedSwarm swarm = memory.swarms().getFirst();
            assertThat(swarm.holdsReleased()).isTrue();
            assertThat(swarm.deletionWanted()).isFalse();
            assertThat(swarm.deletionForced()).isTrue();
            assertThat(swarm.afloat()).containsExactly(assignment);

            Change released = new Change.ClusterReleased(cluster(0));
            record.write(List.of(released, released, new Change.DeletionForced(SWARM, false)), List.of());

            assertThat(record.swarms().getFirst().afloat()).isEmpty();
            assertThat(record.swarms().getFirst().deletionForced()).isFalse();
        }
    }

    @Test
    void canBeReadByItsOwnerOnly() throws IOException {
        try (RunRecord record = RunRecord.open(data);
                Stream<Path> files = Files.list(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as("%s", file)
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void saysWhichKeyIsMissingWhenItsSecretsCannotBeRead() throws IOException {
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
        }
        Files.delete(data.resolve("record-key"));
        try (RunRecord record = RunRecord.open(data)) {
            assertThatThrownBy(record::memory)
                    .isInstanceOf(RecordException.class)
                    .hasMessageContaining(data.resolve("record-key").toString());
        }
    }

    @Test
    void neverHoldsThePullSecret() throws IOException {
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
        }
        String file = Files.readString(data.resolve("record.mv.db"), StandardCharsets.ISO_8859_1);
        assertThat(file).contains("quay.io/release:4.18").doesNotContain("c2VjcmV0OnNlY3JldA==");
    }

    @Test
    void neverHoldsATokenThatItKeeps() throws IOException {
        AuthSpec signOn =
                AuthSpec.rhsso(new Secret("offline-token-of-a-user"), "https://sso/token", "cloud-services", "");
        AuthSpec ready = AuthSpec.agentInstallerLocal(
                new Secret("token-made-for-users"), new Secret("token-made-for-agents"), new Secret(""));
        for (AuthSpec auth : List.of(signOn, ready)) {
            SwarmSpec spec = spec().withService(spec().service().withAuth(auth));
            Path folder = Files.createDirectory(data.resolve(auth.mode().wireName()));
            try (RunRecord record = RunRecord.open(folder)) {
                record.write(List.of(new Change.SwarmAdded(spec, PLAN, START)), List.of());
            }
            assertThat(Files.readString(folder.resolve("record.mv.db"), StandardCharsets.ISO_8859_1))
                    .contains("quay.io/release:4.18")
                    .doesNotContain("offline-token-of", "token-made-for");
            try (RunRecord record = RunRecord.open(folder)) {
                assertThat(record.memory().swarms().getFirst().spec()).isEqualTo(spec);
            }
        }
    }

    @Test
    void keepsWhoSharesTheClustersAndTellsNoneOfTheirSecrets() throws IOException {
        List<ServiceUser> users = List.of(
                new ServiceUser("alice", 3, new Secret("pull-secret-of-alice"), new Secret("offline-of-alice")),
                new ServiceUser("bob", 1, new Secret("pull-secret-of-bob"), new Secret("offline-of-bob")));
        SwarmSpec spec = spec().withService(spec().service().sharedBy(users));
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec, PLAN, START)), List.of());
        }
        assertThat(Files.readString(data.resolve("record.mv.db"), StandardCharsets.ISO_8859_1))
                .contains("alice")
                .doesNotContain("pull-secret-of", "offline-of");
        try (RunRecord record = RunRecord.open(data)) {
            SwarmSpec kept = record.memory().swarms().getFirst().spec();
            assertThat(kept).isEqualTo(spec);
            UserShares shares = kept.service().shares();
            assertThat(IntStream.range(0, 5).mapToObj(index -> shares.nameOf(cluster(index))))
                    .as("as before the restart")
                    .containsExactly("alice", "alice", "bob", "alice", "alice");
        }
    }

    @Test
    void readsAPlanThatWasRecordedBeforePlansHadFaults() throws SQLException {
        try (RunRecord record = RunRecord.open(data)) {
            record.write(List.of(new Change.SwarmAdded(spec(), PLAN, START)), List.of());
            try (Connection connection = record.connection();
                    Statement update = connection.createStatement()) {
                update.executeUpdate("update swarms set plan = replace(plan, ',\"faults\":[]', '')");
                assertThat(update.executeUpdate("delete from swarms where plan like '%faults%'"))
                        .isZero();
            }
            assertThat(record.swarms().getFirst().plan()).isEqualTo(PLAN);
        }
    }

    @Test
    void tellsTheHistoryOfAHost() {
        var host = PLAN.expand(SWARM).getFirst().host(2);
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(new Change.SwarmAdded(spec(), PLAN, START)),
                    List.of(
                            new Numbered("a", "i", 1, reached(host, HostPhase.BOOTED, 1)),
                            new Numbered("a", "i", 2, reached(cluster(0), ClusterPhase.APPLIED, 2)),
                            new Numbered(
                                    "a",
                                    "i",
                                    3,
                                    new Transition.OfFault(host, FaultEvent.INJECTED, after(2), 1, "neverRegister")),
                            new Numbered(
                                    "a",
                                    "i",
                                    4,
                                    failed(host, 3, new Failure(Failure.Side.SERVICE, "R", "no answer")))));
            assertThat(record.history(host))
                    .extracting(entry -> entry.at() + " " + entry.text())
                    .containsExactly(
                            after(1) + " booted",
                            after(2) + " fault injected: neverRegister",
                            after(3) + " failed: no answer");
        }
    }

    @Test
    void saysWhereTheRecordShouldBeWhenItCannotBeOpened() {
        assertThatThrownBy(() -> RunRecord.open(Path.of("/dev/null/nowhere")))
                .isInstanceOf(RecordException.class)
                .hasMessageContaining("/dev/null/nowhere")
                .hasMessageContaining("--data")
                .hasMessageNotContaining("another coordinator");
    }

    /** Of 34,200 rows, some 4 MB, in 600 writes: 36 MiB are all that is written. With an index by cluster it was 95. */
    @Test
    void whatIsWrittenTogetherTouchesFewPages() {
        try (RunRecord record = RunRecord.open(data)) {
            record.write(
                    List.of(new Change.SwarmAdded(spec(), plan(Pace.UNLIMITED, clusters(5000, 1, 0)), START)),
                    List.of());
            long sequence = 0;
            for (int i = 0; i < 600; i++) {
                List<Numbered> batch = new ArrayList<>();
                for (int j = 0; j < 57; j++) {
                    sequence++;
                    // Clusters get on in no order.
                    int cluster = (int) (sequence * 7919 % 5000);
                    batch.add(new Numbered("a", "i", sequence, reached(cluster(cluster), ClusterPhase.APPLIED, 1)));
                }
                record.write(List.of(), batch);
            }
            assertThat(data.resolve("record.mv.db").toFile().length()).isLessThan(40L << 20);
            assertThat(record.lastSequence("a", "i")).isEqualTo(sequence);
        }
    }
}
