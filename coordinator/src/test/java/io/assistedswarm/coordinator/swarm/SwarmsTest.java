package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.placement.Room;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserAuthorizations;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How deleted swarms are forgotten, and broken ones told. */
class SwarmsTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());

    private final ManualTime time = ManualTime.get(TEST_KIT.system());
    private final TestProbe<Workers.Command> workers = TEST_KIT.createTestProbe();
    private final TestProbe<Recorder.Command> recorder = TEST_KIT.createTestProbe();
    private final TestProbe<List<SwarmView>> lists = TEST_KIT.createTestProbe();

    @TempDir
    private Path data;

    private RunRecord record;

    @BeforeEach
    void openRecord() {
        record = RunRecord.open(data);
    }

    @AfterEach
    void closeRecord() {
        record.close();
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void keepsTheDeletedOnesThatItIsToldToKeepAndAllOthers() {
        TestingHub hub = new TestingHub();
        ActorRef<Swarms.Command> swarms = spawn(
                hub,
                recorded("first", SwarmState.DELETED),
                recorded("second", SwarmState.DONE),
                recorded("third", SwarmState.DELETED));
        assertThat(names(swarms)).containsExactly("first", "second", "third");

        time.timePasses(Duration.ofSeconds(10));
        assertThat(names(swarms)).containsExactly("first", "second", "third");
        time.timePasses(Duration.ofSeconds(10));

        assertThat(recorder.expectMessageClass(Recorder.Save.class).change())
                .isEqualTo(new Change.SwarmForgotten(new SwarmId("first")));
        assertThat(names(swarms)).containsExactly("second", "third");
        assertThat(hub.forgotten).containsExactly(new SwarmId("first"));
        time.timePasses(Duration.ofSeconds(30));
        recorder.expectNoMessage(Duration.ZERO);
    }

    @Test
    void saysThatASwarmHasBrokenAndGoesOnWithTheOthers() {
        TestingHub hub = new TestingHub();
        // Whoever asks for it breaks.
        hub.applied = null;
        ActorRef<Swarms.Command> swarms =
                spawn(hub, recorded("first", SwarmState.RUNNING), recorded("second", SwarmState.DONE));
        TestProbe<StatusReply<SwarmView>> answer = TEST_KIT.createTestProbe();
        answer.awaitAssert(() -> {
            swarms.tell(new Swarms.Asked(new SwarmsCommand.GetSwarm(new SwarmId("first"), answer.ref())));
            StatusReply<SwarmView> reply = answer.receiveMessage(Duration.ofMillis(300));
            assertThat(reply.isError()).isTrue();
            assertThat(reply.getError())
                    .hasMessageContaining("swarm first has broken")
                    .hasMessageContaining("by its record");
            return reply;
        });
        assertThat(names(swarms)).containsExactly("second");
    }

    @Test
    void aSwarmThatIsNotSubmittedForWantOfRoomIsNotInTheRecordLaterEither() {
        ActorRef<Swarms.Command> swarms = spawn(new TestingHub());
        TestProbe<StatusReply<SwarmView>> answer = TEST_KIT.createTestProbe();
        swarms.tell(new Swarms.Asked(new SwarmsCommand.Submit(
                new Submission(
                        Optional.of("late"),
                        plan(Pace.UNLIMITED, clusters(1, 1, 0)),
                        spec().service(),
                        spec().runtime(),
                        spec().manifests()),
                answer.ref())));
        ((Workers.GetRooms) workers.receiveMessage())
                .replyTo()
                .tell(new Workers.Rooms(List.of(new Room(new WorkerName("a"), 10, 0, 0))));
        assertThat(((Recorder.Save) recorder.receiveMessage()).change()).isInstanceOf(Change.SwarmAdded.class);
        time.timePasses(Duration.ofSeconds(20));
        assertThat(answer.receiveMessage().getError()).hasMessageStartingWith("the swarm is not submitted: ");
        assertThat(((Recorder.Save) recorder.receiveMessage()).change())
                .isEqualTo(new Change.SwarmForgotten(new SwarmId("late")));
        assertThat(names(swarms)).isEmpty();
    }

    private ActorRef<Swarms.Command> spawn(TestingHub hub, RecordedSwarm... recorded) {
        return TEST_KIT.spawn(Swarms.create(
                new Swarms.Surroundings(
                        workers.ref(),
                        recorder.ref(),
                        record,
                        new TestingFleet(TEST_KIT),
                        hub,
                        new TestingHubMetrics(),
                        InstantSource.system(),
                        Runnable::run),
                new AssistedService(Runnable::run, new UserAuthorizations()),
                List.of(recorded),
                1));
    }

    private List<String> names(ActorRef<Swarms.Command> swarms) {
        swarms.tell(new Swarms.Asked(new SwarmsCommand.GetSwarms(lists.ref())));
        return lists.receiveMessage().stream().map(SwarmView::id).toList();
    }

    private static RecordedSwarm recorded(String name, SwarmState state) {
        SwarmSpec like = spec();
        return new RecordedSwarm(
                new SwarmSpec(new SwarmId(name), like.service(), like.runtime(), like.manifests(), like.deadlines()),
                plan(Pace.UNLIMITED, clusters(1, 1, 0)),
                state,
                Verdict.PASSED,
                List.of(),
                START,
                Optional.of(START),
                Optional.empty(),
                List.of(),
                List.of(),
                Set.of(),
                false,
                false,
                false,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }
}
