package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A swarm that an earlier coordinator left behind. */
class SwarmResumeTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final WorkerName A = new WorkerName("a");
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final Assignment PLACED =
            new Assignment(PLAN.expand(SWARM).getFirst(), List.of(new Placement(new BerthId("a-1"), A, 0, 1)), 1);
    private static final HostId HOST = PLACED.cluster().host(0);

    @TempDir
    private Path data;

    private final TestProbe<Workers.Command> workers = TEST_KIT.createTestProbe();
    private final TestProbe<Recorder.Command> recorder = TEST_KIT.createTestProbe();
    private final TestingFleet fleet = new TestingFleet(TEST_KIT);
    private final TestingHub hub = new TestingHub();
    private RunRecord record;
    private ActorRef<SwarmActor.Command> swarm;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void openRecord() {
        record = RunRecord.open(data);
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(swarm);
        record.close();
    }

    @Test
    void startsAgainWhatRanUnderItsGenerationAndQueuesOnlyWhatNeverHadPlaces() {
        resume(
                List.of(new Change.ClusterPlaced(PLACED, START)),
                reached(cluster(0), ClusterPhase.PLACED, 1),
                reached(cluster(0), ClusterPhase.APPLIED, 2));

        Workers.Reclaim reclaim = workers.expectMessageClass(Workers.Reclaim.class);
        assertThat(reclaim.cluster()).isEqualTo(cluster(0));
        assertThat(workers.expectMessageClass(Workers.Reserve.class).request().cluster())
                .isEqualTo(cluster(1));
        fleet.told.expectNoMessage();

        reclaim.replyTo().tell(new Workers.Reclaimed(cluster(0), moored()));

        WorkerCommand.OpenSwarm open = told(WorkerCommand.OpenSwarm.class);
        assertThat(open.spec()).as("with its pull secret").isEqualTo(spec());
        assertThat(told(ClusterCommand.Start.class).assignment()).isEqualTo(PLACED);
        assertThat(told(HostCommand.Start.class).assignment().generation()).isEqualTo(1);
        assertThat(view().clusters()).isEqualTo(Map.of("applied", 1, "pending", 1));
        assertThat(view().state()).isEqualTo(SwarmState.RUNNING);
    }

    @Test
    void goesOnByTheTimesThatItHad() {
        Instant soon = Instant.now().plusSeconds(600);
        resume(
                List.of(
                        new Change.ClusterPlaced(PLACED, START),
                        new Change.TimetableSet(
                                SWARM, Timetable.starting(new Pace(1, Duration.ofHours(1), 9, 9), 1, soon)),
                        new Change.ClusterArrived(
                                new Arrival(cluster(0), START, START.plusSeconds(9), Duration.ZERO, Duration.ZERO))),
                reached(cluster(0), ClusterPhase.PLACED, 1));
        workers.expectMessageClass(Workers.Reclaim.class);
        workers.awaitAssert(() -> {
            assertThat(view().waiting()).startsWith("waits for the pace: the next batch of 1 is due in 59");
            return null;
        });
        assertThat(view().punctuality().orElseThrow().late().maxSeconds()).isEqualTo(9);
        workers.expectNoMessage();
    }

    @Test
    void staysPaused() {
        resume(List.of(new Change.SwarmReached(SWARM, SwarmState.PAUSED, Verdict.NONE, List.of(), Optional.empty())));
        assertThat(view().state()).isEqualTo(SwarmState.PAUSED);
        workers.expectNoMessage();
    }

    @Test
    void letsHeldInstallationsGoThatTheUserHasReleased() {
        resume(
                List.of(new Change.ClusterPlaced(PLACED, START), new Change.HoldsReleased(SWARM)),
                reached(cluster(0), ClusterPhase.PLACED, 1),
                reached(cluster(0), ClusterPhase.HELD, 2));
        workers.expectMessageClass(Workers.Reclaim.class).replyTo().tell(new Workers.Reclaimed(cluster(0), moored()));
        told(WorkerCommand.OpenSwarm.class);
        told(ClusterCommand.Start.class);
        told(HostCommand.Start.class);
        // It may have been told while nobody was there to hear it; it is told again.
        assertThat(fleet.told.receiveMessage(Duration.ofSeconds(15)).command())
                .isEqualTo(new ClusterCommand.Release(cluster(0)));
    }

    @Test
    void deletesWhatWasCancelledForDeletionOnceEverythingHasStopped() {
        resume(
                List.of(
                        new Change.ClusterPlaced(PLACED, START),
                        new Change.DeletionWanted(SWARM),
                        new Change.SwarmReached(
                                SWARM, SwarmState.CANCELLING, Verdict.NONE, List.of(), Optional.empty())),
                reached(cluster(0), ClusterPhase.PLACED, 1),
                reached(HOST, HostPhase.STOPPED, 2),
                reached(cluster(0), ClusterPhase.STOPPED, 2),
                reached(cluster(1), ClusterPhase.STOPPED, 2));
        assertThat(List.of(
                        fleet.told.receiveMessage().command().getClass(),
                        fleet.told.receiveMessage().command().getClass()))
                .containsExactlyInAnyOrder(HostCommand.Stop.class, ClusterCommand.Stop.class);
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3));
    }

    @Test
    void goesOnDeletingFromWhatWasCountedBefore() {
        var counted = new DeletionView(Map.of("Agent", 2L), Map.of("Agent", 1L), Map.of("Agent", 1L), List.of());
        resume(
                List.of(
                        new Change.ClusterPlaced(PLACED, START),
                        new Change.ClusterReleased(cluster(0)),
                        new Change.SwarmReached(
                                SWARM, SwarmState.DELETING, Verdict.PASSED, List.of(), Optional.of(START)),
                        new Change.DeletionCounted(SWARM, counted)),
                reached(HOST, HostPhase.INSTALLED, 2),
                reached(cluster(0), ClusterPhase.INSTALLED, 2),
                reached(cluster(1), ClusterPhase.STOPPED, 2));
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3)).isEqualTo(Optional.of(counted));
        fleet.told.expectNoMessage();
    }

    private void resume(List<Change> changes, Transition... transitions) {
        List<Change> all = new ArrayList<>(List.of(new Change.SwarmAdded(spec(), PLAN, START)));
        all.addAll(changes);
        List<Numbered> numbered = new ArrayList<>();
        for (Transition transition : transitions) {
            numbered.add(new Numbered("a", "i", numbered.size() + 1, transition));
        }
        record.write(all, numbered);
        swarm = TEST_KIT.spawn(SwarmActor.restore(
                record.memory().swarms().getFirst(),
                new Swarms.Surroundings(
                        workers.ref(),
                        TestingRecorder.create(TEST_KIT, recorder),
                        record,
                        fleet,
                        hub,
                        InstantSource.system(),
                        Runnable::run)));
    }

    private Map<WorkerName, Moored> moored() {
        return Map.of(A, new Moored(AddressFromURIString.parse("pekko://assisted-swarm@127.0.0.1:1"), fleet.worker(A)));
    }

    private <T> T told(Class<T> type) {
        Told next = fleet.told.receiveMessage();
        return type.cast(next.command());
    }

    private SwarmView view() {
        TestProbe<SwarmView> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.ViewWanted(answer.ref()));
        return answer.receiveMessage();
    }
}
