package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Presence;
import io.assistedswarm.protocol.Refusal;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerState;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Belongings;
import io.assistedswarm.worker.process.BootClock;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.FishingOutcome;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerNodeTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();

    @TempDir
    private Path folder;

    private final OpenSwarms swarms = new OpenSwarms();
    private final Residents residents = new Residents();
    private final TestingPreparation preparation = new TestingPreparation();
    private final TestProbe<StatusReply<Done>> asker = TEST_KIT.createTestProbe();
    private final TestProbe<StatusReply<SwarmClosed>> closer = TEST_KIT.createTestProbe();
    private final AtomicLong leaseEnd = new AtomicLong();
    private final AtomicBoolean dismissed = new AtomicBoolean();
    private ActorRef<WorkerCommand> worker;
    private ActorRef<WorkerNode.Event> node;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void startWorker() {
        worker = start(Duration.ofHours(1), () -> Presence.SILENT);
    }

    private ActorRef<WorkerCommand> start(Duration reportInterval, Supplier<Presence> coordinator) {
        TestProbe<ActorRef<WorkerCommand>> address = TEST_KIT.createTestProbe();
        node = TEST_KIT.spawn(WorkerNode.create(reportInterval, (context, self) -> {
            address.ref().tell(self);
            return new WorkerNode.Parts(
                    TEST_KIT.<Uplink.Command>createTestProbe().ref(),
                    swarms,
                    residents,
                    preparation,
                    new Workspace(folder),
                    new Belongings(Samples.WORKER, new Workspace(folder), swarm -> 0),
                    new LogFiles(1 << 20),
                    leaseEnd::set,
                    coordinator,
                    Duration.ofMinutes(1),
                    () -> dismissed.set(true),
                    new HealthGauge(Clock.systemUTC(), StrainGauge.start()),
                    () -> new WorkerState(Samples.WORKER, "pekko://w", "1", List.of(), 1, 1, 1, 0, 0, 0, 0, 0),
                    Runnable::run);
        }));
        return address.receiveMessage();
    }

    @Test
    void tellsAlsoTheCoordinatorThatWasStartedAgainThatItWantsToLeave() {
        TestProbe<CoordinatorCommand> first = coordinator();
        awaitReport(first);
        CompletableFuture<Done> gone = WorkerNode.leave(node);
        assertThat(first.fishForMessage(Duration.ofSeconds(3), WorkerNodeTest::leaving)
                        .getLast())
                .isEqualTo(new CoordinatorCommand.WorkerLeaving(worker));
        TEST_KIT.system().receptionist().tell(Receptionist.deregister(CoordinatorCommand.SERVICE_KEY, first.ref()));
        TestProbe<CoordinatorCommand> second = coordinator();
        List<CoordinatorCommand> told = second.fishForMessage(Duration.ofSeconds(3), WorkerNodeTest::leaving);
        assertThat(told.getFirst())
                .as("a coordinator that does not know the worker would let it go")
                .isInstanceOf(CoordinatorCommand.WorkerReported.class);
        assertThat(gone).isNotDone();
        worker.tell(new WorkerCommand.Drained());
        assertThat(gone).succeedsWithin(Duration.ofSeconds(3));
        TEST_KIT.system().receptionist().tell(Receptionist.deregister(CoordinatorCommand.SERVICE_KEY, second.ref()));
    }

    private static TestProbe<CoordinatorCommand> coordinator() {
        TestProbe<CoordinatorCommand> coordinator = TEST_KIT.createTestProbe();
        TEST_KIT.system().receptionist().tell(Receptionist.register(CoordinatorCommand.SERVICE_KEY, coordinator.ref()));
        return coordinator;
    }

    /** Of this test's worker: others of this system may still report, too. */
    private void awaitReport(TestProbe<CoordinatorCommand> coordinator) {
        coordinator.fishForMessage(
                Duration.ofSeconds(3),
                command -> command instanceof CoordinatorCommand.WorkerReported reported
                                && reported.worker().equals(worker)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    private static FishingOutcome leaving(CoordinatorCommand command) {
        return command instanceof CoordinatorCommand.WorkerLeaving
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndCollect();
    }

    @Test
    void opensASwarmOnceItsRuntimeIsReady() {
        worker.tell(new WorkerCommand.OpenSwarm(Samples.swarm(), asker.ref()));
        asker.expectNoMessage(Duration.ofMillis(50));
        assertThat(swarms.isOpen(Samples.SWARM)).isFalse();

        preparation.end.complete(Done.getInstance());
        assertThat(asker.receiveMessage().isSuccess()).isTrue();
        assertThat(swarms.isOpen(Samples.SWARM)).isTrue();
        assertThat(preparation.ids).as("of what is logged meanwhile").isEqualTo(LogIds.of(Samples.SWARM));
    }

    @Test
    void refusesASwarmWhoseRuntimeCannotBeHadHere() {
        preparation.end.completeExceptionally(
                new CompletionException(new IllegalArgumentException("agent '/opt/dry/agent' is not there")));
        worker.tell(new WorkerCommand.OpenSwarm(Samples.swarm(), asker.ref()));
        assertThat(refusal()).isEqualTo(new Refusal("agent '/opt/dry/agent' is not there", true));
        assertThat(swarms.isOpen(Samples.SWARM)).isFalse();
    }

    @Test
    void leavesItToBeAskedAgainWhatDidNotWorkThisTime() {
        preparation.end.completeExceptionally(new ProcessFailed("image 'i' cannot be pulled", null));
        worker.tell(new WorkerCommand.OpenSwarm(Samples.swarm(), asker.ref()));
        assertThat(refusal()).isEqualTo(new Refusal("image 'i' cannot be pulled", false));
    }

    private Refusal refusal() {
        return Refusal.read(asker.receiveMessage().getError().getMessage());
    }

    @Test
    void removesTheFilesOfASwarmOnceItsRuntimeHasLetGoOfIt() throws IOException {
        Path file = Files.createFile(
                new Workspace(folder).makeSwarmFolder(Samples.SWARM).resolve("file"));
        worker.tell(new WorkerCommand.CloseSwarm(Samples.SWARM, closer.ref()));
        closer.expectNoMessage(Duration.ofMillis(50));
        assertThat(file).exists();

        worker.tell(new WorkerCommand.CloseSwarm(Samples.SWARM, closer.ref()));
        preparation.close.complete(Done.getInstance());
        for (SwarmClosed closed : List.of(
                closer.receiveMessage().getValue(), closer.receiveMessage().getValue())) {
            assertThat(closed.created()).containsEntry(SwarmClosed.FILE, 1L).containsEntry(SwarmClosed.PROCESS, 0L);
            assertThat(closed.left().values()).containsOnly(0L);
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void mayRunProcessesForAsLongAsTheLeaseLastsFromTheReportOn() {
        worker.tell(new WorkerCommand.LeaseRenewed(1_000, Duration.ofSeconds(25)));
        await().untilAtomic(leaseEnd, equalTo(1_025L));
    }

    @Test
    void countsFromTheBeginningOfTheLookThatFoundNoCoordinatorAsOneMayHaveStartedMeanwhile() {
        long begin = BootClock.seconds();
        ActorRef<WorkerCommand> overdue = start(Duration.ofMillis(50), () -> {
            await().until(() -> BootClock.seconds() >= begin + 3);
            return Presence.ENDED;
        });
        overdue.tell(new WorkerCommand.LeaseRenewed(begin - 20, Duration.ofSeconds(25)));
        await().untilAtomic(leaseEnd, greaterThan(begin + 5));
        assertThat(leaseEnd.get()).isLessThanOrEqualTo(begin + 1 + 25);
    }

    @Test
    void endsWhenItIsDismissed() {
        worker.tell(new WorkerCommand.Dismissed("others have its hosts"));
        await().untilTrue(dismissed);
    }

    @Test
    void saysWhatKeepsASwarmFromBeingClosed() {
        preparation.close.completeExceptionally(new CompletionException(new ProcessFailed("it is mounted", null)));
        worker.tell(new WorkerCommand.CloseSwarm(Samples.SWARM, closer.ref()));
        assertThat(closer.receiveMessage().getError())
                .hasMessage("cannot remove what is left of quickstart-7f3a: it is mounted");
    }

    /** Lets the test say when it is ready, or why it cannot be. */
    private static final class TestingPreparation implements AgentRuntime {
        private final CompletableFuture<Done> end = new CompletableFuture<>();
        private final CompletableFuture<Done> close = new CompletableFuture<>();
        private volatile Map<String, String> ids = Map.of();

        @Override
        public CompletionStage<Done> prepare(SwarmSpec swarm) {
            ids = LogIds.here();
            return end;
        }

        @Override
        public CompletionStage<Done> close(SwarmId swarm) {
            return close;
        }

        @Override
        public CompletionStage<Running> startAgent(HostId host, Order order) {
            throw new UnsupportedOperationException("no host comes in this test");
        }

        @Override
        public CompletionStage<Running> startController(String clusterUuid, Order order) {
            throw new UnsupportedOperationException("no cluster comes in this test");
        }
    }
}
