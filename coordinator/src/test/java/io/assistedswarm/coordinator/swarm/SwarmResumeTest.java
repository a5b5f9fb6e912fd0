package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A swarm that an earlier coordinator left behind. */
class SwarmResumeTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final Assignment PLACED =
            new Assignment(PLAN.expand(SWARM).getFirst(), List.of(new Placement(new BerthId("a-1"), A, 0, 1)), 1);
    private static final HostId HOST = PLACED.cluster().host(0);

    SwarmResumeTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
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

        reclaim.replyTo().tell(new Workers.Reclaimed(cluster(0), moored));

        WorkerCommand.OpenSwarm open = told(WorkerCommand.OpenSwarm.class);
        assertThat(open.spec()).as("with its pull secret").isEqualTo(spec());
        assertThat(told(ClusterCommand.Start.class).assignment()).isEqualTo(PLACED);
        assertThat(told(HostCommand.Start.class).assignment().generation()).isEqualTo(1);
        assertThat(view().clusters()).isEqualTo(Map.of("applied", 1, "pending", 1));
        assertThat(view().state()).isEqualTo(SwarmState.RUNNING);
    }

    @Test
    void goesOnWhenAClusterThatHasNoPlaceHasObjectsOnTheHub() {
        resume(List.of());
        hub.observer.join().infraEnv(new InfraEnvState(cluster(0), "http://iso", "", "", ""));
        assertThat(view().clusters()).isEqualTo(Map.of("pending", 2));
        // So long without news an actor would be taken for lost.
        clock.updateAndGet(now -> now.plusSeconds(30));
        pass(Duration.ofSeconds(1));
        assertThat(view().state()).isEqualTo(SwarmState.RUNNING);
        grant(0);
        told(WorkerCommand.OpenSwarm.class);
        assertThat(told(ClusterCommand.Start.class).assignment().cluster().id()).isEqualTo(cluster(0));
    }

    @Test
    void goesOnByTheTimesThatItHad() {
        Instant soon = clock.get().plusSeconds(600);
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
            assertThat(view().waiting()).startsWith("waits for the pace: the next batch of 1 is due in 600 s");
            return null;
        });
        assertThat(view().punctuality().orElseThrow().late().maxSeconds()).isEqualTo(9);
        workers.expectNoMessage();
    }

    @Test
    void goesOnWithWhatTheUserHasAddedAndWithoutWhatHeHasTakenOut() {
        Replacement extra = new Replacement(cluster(0), cluster(2), START, true);
        resume(
                List.of(new Change.ClusterReplaced(extra)),
                new Transition.OfCluster(
                        cluster(1), ClusterPhase.STOPPED, START, 0, Scaling.TAKEN_OUT, Optional.empty()));
        assertThat(workers.expectMessageClass(Workers.Reserve.class).request().cluster())
                .isEqualTo(cluster(0));
        assertThat(workers.expectMessageClass(Workers.Reserve.class).request().cluster())
                .isEqualTo(cluster(2));
        assertThat(view().clusters()).isEqualTo(Map.of("pending", 2, "stopped", 1));
        assertThat(view().replaced()).isZero();
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
        workers.expectMessageClass(Workers.Reclaim.class).replyTo().tell(new Workers.Reclaimed(cluster(0), moored));
        told(WorkerCommand.OpenSwarm.class);
        told(ClusterCommand.Start.class);
        told(HostCommand.Start.class);
        // It may have been told while nobody was there to hear it; it is told again.
        pass(Duration.ofSeconds(11));
        assertThat(fleet.told.receiveMessage().command()).isEqualTo(new ClusterCommand.Release(cluster(0)));
    }

    @Test
    void saysWhyAnEarlierCoordinatorLetNoMoreIn() {
        Failure failure = new Failure(Failure.Side.SERVICE, "InstallationFailed", "error");
        String stopped = "admission was stopped: 1 clusters have failed (maxFailures)";
        resume(
                plan(new Pace(9, Duration.ofSeconds(1), 9, 0), clusters(2, 1, 0)),
                List.of(new Change.ClusterPlaced(PLACED, START), new Change.ClusterReleased(cluster(0))),
                failed(HOST, 1, failure),
                failed(cluster(0), 1, failure),
                new Transition.OfCluster(cluster(1), ClusterPhase.STOPPED, START, 0, stopped, Optional.empty()));
        pass(Duration.ofSeconds(1));
        assertThat(reachedState().verdictReasons()).hasSize(3).contains(stopped);
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
        passUntil(hub.deletionAsked::isDone);
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

    @Test
    void aDeletionByForceStaysOneAndIsNoOtherOrder() {
        resume(
                List.of(
                        new Change.DeletionForced(SWARM, true),
                        new Change.SwarmReached(
                                SWARM, SwarmState.DELETING, Verdict.PASSED, List.of(), Optional.of(START))),
                reached(cluster(0), ClusterPhase.STOPPED, 2),
                reached(cluster(1), ClusterPhase.STOPPED, 2));
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3));
        assertThat(hub.forced.getAsBoolean()).isTrue();
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, true, replyTo));
        hub.deletion.complete(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(Map.of()));
        awaitState(SwarmState.DELETED);
        // The next one is not, unless it is told to.
        assertThat(saved(Change.DeletionForced.class).forced()).isFalse();
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, true, replyTo));
        assertThat(saved(Change.DeletionForced.class).forced()).isTrue();
        assertThat(saved(Change.OrderGiven.class).order()).isEqualTo(Order.of(SWARM, "delete", "by force", START));
    }

    @Test
    void recordsAStageThatTheServiceNamesAgainOnlyOnce() {
        resume(
                List.of(
                        new Change.ClusterPlaced(PLACED, START),
                        new Change.StageSeen(host(0, 0), "Starting installation", START),
                        new Change.StageSeen(host(0, 0), "Installing", START)),
                reached(cluster(0), ClusterPhase.PLACED, 1));
        for (String stage : List.of("Installing", "Rebooting")) {
            hub.observer.join().agent(new AgentState(host(0, 0), "installing-in-progress", "", stage, List.of(), true));
        }
        assertThat(saved(Change.StageSeen.class).stage()).isEqualTo("Rebooting");
    }

    private void resume(List<Change> changes, Transition... transitions) {
        resume(PLAN, changes, transitions);
    }

    private <T> T told(Class<T> type) {
        Told next = fleet.told.receiveMessage();
        return type.cast(next.command());
    }
}
