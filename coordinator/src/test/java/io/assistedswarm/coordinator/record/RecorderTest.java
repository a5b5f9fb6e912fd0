package io.assistedswarm.coordinator.record;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.CoordinatorCommand.TransitionsReached;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final Transition APPLIED = reached(cluster(0), ClusterPhase.APPLIED, 1);
    private static final Transition IMAGE_READY = reached(cluster(0), ClusterPhase.IMAGE_READY, 2);
    private static final Transition PREPARING = reached(cluster(0), ClusterPhase.PREPARING, 3);

    @TempDir
    private Path data;

    private RunRecord record;
    private ActorRef<Recorder.Command> recorder;
    private final TestProbe<WorkerCommand> worker = TEST_KIT.createTestProbe();
    private final TestProbe<Recorder.Committed> listener = TEST_KIT.createTestProbe();

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void start() {
        record = RunRecord.open(data);
        record.write(List.of(new Change.SwarmAdded(spec(), plan(Pace.UNLIMITED, clusters(1, 1, 0)), START)), List.of());
        recorder = TEST_KIT.spawn(Recorder.create(record, Runnable::run));
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(recorder);
        record.close();
    }

    @Test
    void answersAWorkerAfterTheCommitOnly() {
        send("i", 1, APPLIED, IMAGE_READY);
        worker.expectNoMessage(Duration.ZERO);
        TIME.timePasses(Duration.ofMillis(200));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(2));
        listener.expectMessage(new Recorder.Committed(List.of(APPLIED, IMAGE_READY)));
        assertThat(recorded()).containsExactly(APPLIED, IMAGE_READY);
    }

    @Test
    void confirmsWhatComesAgainAndPassesOnWhatIsNewInIt() {
        send("i", 1, APPLIED);
        send("i", 1, APPLIED, IMAGE_READY);
        TIME.timePasses(Duration.ofMillis(200));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(1));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(2));
        listener.expectMessage(new Recorder.Committed(List.of(APPLIED, IMAGE_READY)));
        send("i", 1, APPLIED, IMAGE_READY, PREPARING);
        TIME.timePasses(Duration.ofMillis(200));
        listener.expectMessage(new Recorder.Committed(List.of(PREPARING)));
        assertThat(recorded()).containsExactly(APPLIED, IMAGE_READY, PREPARING);
    }

    @Test
    void letsARestartedWorkerCountFromOneAgain() {
        send("i", 1, APPLIED);
        send("j", 1, IMAGE_READY);
        TIME.timePasses(Duration.ofMillis(200));
        listener.expectMessage(new Recorder.Committed(List.of(APPLIED, IMAGE_READY)));
        assertThat(recorded()).containsExactly(APPLIED, IMAGE_READY);
    }

    @Test
    void knowsAfterItsOwnRestartWhatItHasRecorded() {
        send("i", 1, APPLIED);
        TIME.timePasses(Duration.ofMillis(200));
        listener.expectMessage(new Recorder.Committed(List.of(APPLIED)));
        recorder = TEST_KIT.spawn(Recorder.create(record, Runnable::run));
        send("i", 1, APPLIED, IMAGE_READY);
        TIME.timePasses(Duration.ofMillis(200));
        listener.expectMessage(new Recorder.Committed(List.of(IMAGE_READY)));
    }

    @Test
    void keepsWhatCouldNotBeWrittenAndTriesAgain() throws SQLException {
        execute("alter table transitions rename to hidden");
        send("i", 1, APPLIED);
        LoggingTestKit.error("cannot record").expect(TEST_KIT.system(), () -> {
            TIME.timePasses(Duration.ofMillis(200));
            return true;
        });
        worker.expectNoMessage(Duration.ZERO);
        execute("alter table hidden rename to transitions");
        TIME.timePasses(Duration.ofSeconds(2));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(1));
        assertThat(recorded()).containsExactly(APPLIED);
    }

    @Test
    void writesOnceWhatWasWrittenInSpiteOfAnError() throws SQLException {
        AtomicBoolean broken = new AtomicBoolean(true);
        record.tell((changes, transitions) -> {
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("cut off after the commit");
            }
        });
        TestProbe<StatusReply<Done>> saved = TEST_KIT.createTestProbe();
        SwarmSpec like = spec();
        SwarmSpec other =
                new SwarmSpec(new SwarmId("other"), like.service(), like.runtime(), like.manifests(), like.deadlines());
        recorder.tell(new Recorder.Save(
                new Change.SwarmAdded(other, plan(Pace.UNLIMITED, clusters(1, 1, 0)), START), saved.ref()));
        send("i", 1, APPLIED);
        LoggingTestKit.error("cannot record").expect(TEST_KIT.system(), () -> {
            TIME.timePasses(Duration.ofMillis(200));
            return true;
        });
        saved.expectNoMessage(Duration.ZERO);
        // What comes meanwhile is another batch.
        send("i", 1, APPLIED, IMAGE_READY);
        TIME.timePasses(Duration.ofSeconds(2));
        saved.expectMessage(StatusReply.ack());
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(1));
        listener.expectMessage(new Recorder.Committed(List.of(APPLIED)));
        TIME.timePasses(Duration.ofMillis(200));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(2));
        assertThat(record.swarms()).hasSize(2);
        assertThat(recorded()).containsExactly(APPLIED, IMAGE_READY);
    }

    @Test
    void keepsOnlyTheLastOfWhatAWorkerRepeatsUntilItCanBeWritten() throws SQLException {
        execute("alter table transitions rename to hidden");
        send("i", 1, APPLIED);
        LoggingTestKit.error("cannot record").expect(TEST_KIT.system(), () -> {
            TIME.timePasses(Duration.ofMillis(200));
            return true;
        });
        assertThat(record.trouble().orElseThrow().reason()).containsIgnoringCase("transitions");
        send("i", 1, APPLIED);
        send("i", 1, APPLIED, IMAGE_READY);
        send("i", 1, APPLIED, IMAGE_READY);
        execute("alter table hidden rename to transitions");
        TIME.timePasses(Duration.ofSeconds(2));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(1));
        assertThat(record.trouble()).isEmpty();
        TIME.timePasses(Duration.ofMillis(200));
        worker.expectMessage(new WorkerCommand.TransitionsRecorded(2));
        worker.expectNoMessage(Duration.ZERO);
        assertThat(recorded()).containsExactly(APPLIED, IMAGE_READY);
    }

    @Test
    void saysOnceAMinuteThatNothingCanBeWritten() throws SQLException {
        execute("alter table transitions rename to hidden");
        AtomicInteger attempts = new AtomicInteger();
        recorder = TEST_KIT.spawn(Recorder.create(record, attempt -> {
            attempts.incrementAndGet();
            attempt.run();
        }));
        send("i", 1, APPLIED);
        LoggingTestKit.error("cannot record")
                .withOccurrences(2)
                .expect(TEST_KIT.system(), () -> awaitAttempts(attempts, 32));
    }

    private static boolean awaitAttempts(AtomicInteger attempts, int wanted) {
        while (attempts.get() < wanted) {
            TIME.timePasses(Duration.ofSeconds(2));
        }
        return true;
    }

    @Test
    void savesTheCoordinatorsOwnTransitionsAndChanges() {
        TestProbe<StatusReply<Done>> saved = TEST_KIT.createTestProbe();
        recorder.tell(new Recorder.Note(List.of(APPLIED)));
        recorder.tell(new Recorder.Save(
                new Change.DeletionCounted(
                        cluster(0).swarm(), new DeletionView(Map.of(), Map.of(), Map.of(), List.of())),
                saved.ref()));
        TIME.timePasses(Duration.ofMillis(200));
        saved.expectMessage(StatusReply.ack());
        listener.expectNoMessage(Duration.ZERO);
        assertThat(recorded()).containsExactly(APPLIED);
    }

    @Test
    void hasCaughtUpWhenWhatWasToldBeforeIsCommitted() {
        TestProbe<StatusReply<Done>> caughtUp = TEST_KIT.createTestProbe();
        recorder.tell(new Recorder.Note(List.of(APPLIED)));
        recorder.tell(new Recorder.CatchUp(caughtUp.ref()));
        caughtUp.expectNoMessage(Duration.ZERO);
        TIME.timePasses(Duration.ofMillis(200));
        caughtUp.expectMessage(StatusReply.ack());
        assertThat(recorded()).containsExactly(APPLIED);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = record.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<Transition> recorded() {
        return record.swarms().stream()
                .filter(swarm -> swarm.spec().id().equals(cluster(0).swarm()))
                .findFirst()
                .orElseThrow()
                .transitions();
    }

    private void send(String incarnation, long first, Transition... transitions) {
        recorder.tell(new Recorder.Reached(
                new TransitionsReached(new WorkerName("a"), incarnation, first, List.of(transitions), worker.ref()),
                listener.ref()));
    }
}
