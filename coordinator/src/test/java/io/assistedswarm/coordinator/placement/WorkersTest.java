package io.assistedswarm.coordinator.placement;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.RecordedWorker;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a coordinator that starts again knows of the workers of the one before. */
class WorkersTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ConfigFactory.parseString(
                    "pekko.coordinated-shutdown.exit-jvm = off, pekko.remote.artery.canonical.port = 0")
            .withFallback(ConfigFactory.parseResources("swarm-cluster.conf"))
            .withFallback(ConfigFactory.load()));
    private static final WorkerName A = new WorkerName("a");
    private static final String ADDRESS = "pekko://assisted-swarm@127.0.0.1:1";
    private static final List<String> COORDINATORS = List.of("127.0.0.1:2");
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final Fencing QUICK =
            new Fencing(Duration.ofMillis(100), Duration.ofMillis(1), Duration.ofHours(1), 40);
    private static final Placement PLACE = new Placement(new BerthId("a-7"), A, 0, 1);

    private final TestProbe<Recorder.Command> recorder = TEST_KIT.createTestProbe();
    private final TestProbe<Workers.Reply> replies = TEST_KIT.createTestProbe();
    private final TestProbe<WorkerCommand> worker = TEST_KIT.createTestProbe();

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void givesAClusterItsPlacesBackWhenItsWorkerIsHeardOfAndNoBerthTwice() {
        ActorRef<Workers.Command> workers = after(incarnation(), Set.of());
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        replies.expectNoMessage();

        report(workers, 2);

        assertThat(replies.expectMessageClass(Workers.Reclaimed.class)
                        .workers()
                        .get(A)
                        .worker())
                .isEqualTo(worker.ref());
        worker.expectMessageClass(WorkerCommand.LeaseRenewed.class);
        workers.tell(new Workers.Reserve(new Request(cluster(1), 1, false), replies.ref()));
        assertThat(replies.expectMessageClass(Workers.Granted.class).placements())
                .extracting(Placement::berth)
                .containsExactly(new BerthId("a-%s-8"
                        .formatted(Integer.toUnsignedString(worker.ref().path().uid(), Character.MAX_RADIX))));
        workers.tell(new Workers.Reserve(new Request(cluster(2), 1, false), replies.ref()));
        assertThat(replies.expectMessageClass(Workers.Waits.class).why()).contains("places");
    }

    @Test
    void losesAWorkerThatWasStartedAgainMeanwhileAndRemembersThatForEver() {
        ActorRef<Workers.Command> workers = after("another start", Set.of());
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));

        report(workers, 2);

        assertThat(replies.expectMessageClass(Workers.Lost.class)).isEqualTo(new Workers.Lost(cluster(0), A));
        assertThat(recorder.expectMessageClass(Recorder.Save.class).change())
                .isEqualTo(new Change.WorkerDismissed(A, "another start"));
        assertThat(recorder.expectMessageClass(Recorder.Save.class).change())
                .isEqualTo(new Change.WorkerJoined(A, ADDRESS, incarnation(), COORDINATORS));
        replies.expectMessageClass(Workers.Reclaimed.class);
    }

    @Test
    void soonGivesUpASilentWorkerThatLooksForThisCoordinatorToo() {
        Address self = Cluster.get(TEST_KIT.system()).selfMember().address();
        String here = self.host().get() + ":" + self.port().get();
        ActorRef<Workers.Command> workers = after("a", Set.of(), List.of(), List.of("127.0.0.1:2", here), QUICK);
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        assertThat(replies.expectMessageClass(Workers.Lost.class)).isEqualTo(new Workers.Lost(cluster(0), A));
        replies.expectMessageClass(Workers.Reclaimed.class);
    }

    @Test
    void waitsLongForASilentWorkerThatDoesNotKnowThisCoordinatorAndMayHoldItsHosts() {
        ActorRef<Workers.Command> workers = after("a", Set.of(), List.of(), List.of("127.0.0.1:2"), QUICK);
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        replies.expectNoMessage(QUICK.untilReplaced().multipliedBy(4));
    }

    @Test
    void givesNoLeaseToAWorkerWhoseHostsAnEarlierCoordinatorGaveToOthers() {
        ActorRef<Workers.Command> workers = after("another start", Set.of(incarnation()));
        report(workers, 2);
        worker.expectMessageClass(WorkerCommand.Dismissed.class);
        worker.expectNoMessage();
    }

    @Test
    void findsAllWorkersOnlyOnceTheLeaseOfARemovedOneIsOver() {
        ActorRef<Workers.Command> workers = after(
                incarnation(),
                Set.of(),
                List.of(),
                List.of(),
                new Fencing(Duration.ofSeconds(2), Duration.ofMillis(1), Duration.ofHours(1), 40));
        report(workers, 2);
        workers.tell(new Workers.MemberRemoved(AddressFromURIString.parse(ADDRESS), false));
        TestProbe<Workers.Found> found = TEST_KIT.createTestProbe();
        workers.tell(new Workers.FindAll(found.ref()));
        found.expectNoMessage();

        assertThat(found.expectMessageClass(Workers.Found.class).workers()).isEmpty();
    }

    @Test
    void recordsDrainsAndTheirEnds() {
        ActorRef<Workers.Command> workers = after(incarnation(), Set.of());
        report(workers, 2);
        TestProbe<Optional<WorkerView>> answer = TEST_KIT.createTestProbe();
        workers.tell(new Workers.Uncordon(A, answer.ref()));
        workers.tell(new Workers.Drain(A, Optional.of(Duration.ofMinutes(15)), answer.ref()));
        workers.tell(new Workers.Uncordon(A, answer.ref()));
        assertThat(answer.receiveSeveralMessages(3)).allMatch(Optional::isPresent);
        List<Change> saved = recorder.receiveSeveralMessages(5).stream()
                .map(command -> ((Recorder.Save) command).change())
                .toList();
        assertThat(saved)
                .filteredOn(Change.OrderGiven.class::isInstance)
                .extracting(change -> ((Change.OrderGiven) change).order())
                .extracting(Order::name, Order::what, Order::detail)
                .containsExactly(tuple("a", "drain", "what can move moves after 15m"), tuple("a", "uncordon", ""));
        assertThat(saved)
                .filteredOn(Change.WorkerDrained.class::isInstance)
                .singleElement()
                .satisfies(change -> assertThat(
                                ((Change.WorkerDrained) change).moveAt().orElseThrow())
                        .isCloseTo(Instant.now().plus(Duration.ofMinutes(15)), within(1, ChronoUnit.MINUTES)));
        assertThat(saved).contains(new Change.WorkerUncordoned(A));
    }

    @Test
    void aWorkerThatAnEarlierCoordinatorDrainedStaysSoAndWhatCanMoveHasTo() {
        ActorRef<Workers.Command> workers = after(
                incarnation(),
                Set.of(),
                List.of(new Change.WorkerDrained(A, Optional.of(Instant.now().minusSeconds(1)))),
                List.of(),
                Fencing.read(TEST_KIT.system().settings().config()));
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        report(workers, 2);
        assertThat(replies.receiveSeveralMessages(2))
                .hasAtLeastOneElementOfType(Workers.Reclaimed.class)
                .contains(new Workers.Evict(cluster(0), A));
        workers.tell(new Workers.Reserve(new Request(cluster(1), 1, false), replies.ref()));
        assertThat(replies.fishForMessage(
                                Duration.ofSeconds(3),
                                reply -> reply instanceof Workers.Evict
                                        ? FishingOutcomes.continueAndIgnore()
                                        : FishingOutcomes.complete())
                        .getLast())
                .isInstanceOf(Workers.Waits.class);
    }

    @Test
    void aWorkerThatToldAnEarlierCoordinatorThatItLeavesIsStillLeft() {
        ActorRef<Workers.Command> workers = afterLeaving();
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        report(workers, 2);
        workers.tell(new Workers.Leaving(worker.ref()));
        workers.tell(new Workers.Leaving(worker.ref()));
        assertThat(replies.receiveSeveralMessages(2))
                .hasAtLeastOneElementOfType(Workers.Reclaimed.class)
                .contains(new Workers.Evict(cluster(0), A));
        workers.tell(new Workers.Release(cluster(0)));
        workers.tell(new Workers.Leaving(worker.ref()));
        worker.expectMessageClass(WorkerCommand.LeaseRenewed.class);
        worker.expectMessageClass(WorkerCommand.Drained.class);
        assertThat(((Recorder.Save) recorder.receiveMessage()).change()).isInstanceOf(Change.WorkerJoined.class);
        // The order is on record already.
        recorder.expectNoMessage();
    }

    @Test
    void aWorkerThatLeftWithoutACoordinatorAndIsStartedAgainIsNotDrained() {
        ActorRef<Workers.Command> workers = afterLeaving();
        workers.tell(new Workers.Reclaim(cluster(0), replies.ref()));
        TestProbe<WorkerCommand> again = TEST_KIT.createTestProbe();
        report(workers, 2, again);
        assertThat(replies.receiveSeveralMessages(3)).contains(new Workers.Lost(cluster(0), A));
        workers.tell(new Workers.Reserve(new Request(cluster(1), 1, false), replies.ref()));
        replies.expectMessageClass(Workers.Granted.class);
        assertThat(recorder.receiveSeveralMessages(3))
                .extracting(command -> ((Recorder.Save) command).change())
                .contains(new Change.WorkerUncordoned(A));
    }

    @Test
    void recordsThatAWorkerLeavesOnce() {
        ActorRef<Workers.Command> workers = after(incarnation(), Set.of());
        report(workers, 2);
        workers.tell(new Workers.Leaving(worker.ref()));
        workers.tell(new Workers.Leaving(worker.ref()));
        List<Change> saved = recorder.receiveSeveralMessages(3).stream()
                .map(command -> ((Recorder.Save) command).change())
                .toList();
        assertThat(saved.get(1)).isInstanceOf(Change.OrderGiven.class);
        assertThat(saved.get(2)).isEqualTo(new Change.WorkerDrained(A, Optional.of(Instant.EPOCH)));
        recorder.expectNoMessage();
    }

    private ActorRef<Workers.Command> afterLeaving() {
        return after(
                incarnation(),
                Set.of(),
                List.of(new Change.WorkerDrained(A, Optional.of(Instant.EPOCH))),
                List.of(),
                Fencing.read(TEST_KIT.system().settings().config()));
    }

    private ActorRef<Workers.Command> after(String incarnation, Set<String> dismissed) {
        return after(
                incarnation,
                dismissed,
                List.of(),
                List.of(),
                Fencing.read(TEST_KIT.system().settings().config()));
    }

    private ActorRef<Workers.Command> after(
            String incarnation,
            Set<String> dismissed,
            List<Change.WorkerDrained> drains,
            List<String> coordinators,
            Fencing fencing) {
        RecordedSwarm swarm = new RecordedSwarm(
                spec(),
                PLAN,
                SwarmState.RUNNING,
                Verdict.NONE,
                List.of(),
                START,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(new Assignment(PLAN.expand(SWARM).getFirst(), List.of(PLACE), 1)),
                Set.of(),
                false,
                false,
                false,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
        return TEST_KIT.spawn(Workers.create(
                fencing,
                new Memory(
                        Optional.of("pekko://assisted-swarm@127.0.0.1:2"),
                        List.of(swarm),
                        List.of(new RecordedWorker(A, ADDRESS, incarnation, coordinators)),
                        dismissed,
                        drains,
                        List.of(PLACE)),
                recorder.ref()));
    }

    private void report(ActorRef<Workers.Command> workers, int capacity) {
        report(workers, capacity, worker);
    }

    private static void report(ActorRef<Workers.Command> workers, int capacity, TestProbe<WorkerCommand> worker) {
        workers.tell(new Workers.Reported(
                new WorkerState(A, ADDRESS, "test", COORDINATORS, capacity, 2, 1L << 30, 1, 1, 1L << 20, 10, 0),
                5,
                worker.ref()));
    }

    private String incarnation() {
        return worker.ref().path().toSerializationFormat();
    }
}
