package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AddressFromURIString;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A swarm whose messages to the workers' actors do not all come, with hosts that know only what they have been told. */
class LostMessagesTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final WorkerName WORKER = new WorkerName("a");
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(3, 1, 3));

    /** Each takes a tenth of a second of real time. */
    private static final Duration STEP = Duration.ofMillis(2500);

    @TempDir
    private Path data;

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final TestProbe<Workers.Command> workers = TEST_KIT.createTestProbe();
    private final TestProbe<Recorder.Command> recorder = TEST_KIT.createTestProbe();
    private final TestingFleet fleet = new TestingFleet(TEST_KIT);
    private final TestingHub hub = new TestingHub();
    /** Entities whose actor knows that it has been started. */
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    /** Those whose actor knows that the service has installed them. */
    private final Set<String> installed = ConcurrentHashMap.newKeySet();

    private RunRecord record;
    private ActorRef<SwarmActor.Command> swarm;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void startSwarm() {
        record = RunRecord.open(data);
        swarm = TEST_KIT.spawn(SwarmActor.create(
                spec(),
                new Change.SwarmAdded(spec(), PLAN, START),
                new Swarms.Surroundings(
                        workers.ref(),
                        TestingRecorder.create(TEST_KIT, recorder),
                        record,
                        fleet,
                        hub,
                        clock::get,
                        Runnable::run)));
        fleet.hosts = this::onTold;
        fleet.clusters = this::onTold;
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(swarm);
        record.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5})
    void everyHostReachesItsEndThoughHalfOfTheMessagesAreLost(long seed) {
        Random random = new Random(seed);
        fleet.lost = message -> isNoStop(message) && random.nextBoolean();
        grantAll();
        passUntilStarted(12 + 3);
        installAll();
        pass(Duration.ofSeconds(40));
        SwarmView view = view();
        assertThat(view.hosts()).isEqualTo(Map.of("installed", 12));
        assertThat(view.state()).isEqualTo(SwarmState.DONE);
        assertThat(view.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aLostActorIsStartedAgain() {
        grantAll();
        passUntilStarted(12 + 3);
        started.clear();
        pass(Duration.ofSeconds(45));
        assertThat(started).hasSize(12 + 3);
    }

    @Test
    void aLostActorOfAnInstalledClusterIsStartedAgainInTime() {
        grantAll();
        passUntilStarted(12 + 3);
        started.removeIf(entity -> entity.endsWith("-2-1"));
        installAll();
        pass(Duration.ofSeconds(40));
        assertThat(view().hosts()).isEqualTo(Map.of("installed", 12));
    }

    @Test
    void aStartWhoseAnswerNobodyWaitsForCrossesTheWire() {
        ClusterSpec cluster = PLAN.expand(spec().id()).getFirst();
        Assignment assignment =
                new Assignment(cluster, List.of(new Placement(new BerthId("a-1"), WORKER, 0, cluster.hostCount())), 1);
        HostCommand.Start start = new HostCommand.Start(
                cluster.hosts().getFirst(), assignment, TEST_KIT.system().ignoreRef());
        // There it is an address at which nobody is: not the same, and just as silent.
        HostCommand.Start arrived = TEST_KIT.serializationTestKit().verifySerialization(start, false);
        assertThat(arrived.host()).isEqualTo(start.host());
        assertThat(arrived.assignment()).isEqualTo(assignment);
        arrived.replyTo().tell(StatusReply.ack());
    }

    private static boolean isNoStop(Told message) {
        return !(message.command() instanceof HostCommand.Stop) && !(message.command() instanceof ClusterCommand.Stop);
    }

    private void onTold(Told told) {
        if (told.command() instanceof HostCommand.Start || told.command() instanceof ClusterCommand.Start) {
            started.add(told.to());
        }
        if (told.command() instanceof HostCommand.AgentSeen seen
                && seen.state().state().equals("installed")) {
            installed.add(told.to());
        }
        if (told.command() instanceof HostCommand && started.contains(told.to()) && installed.contains(told.to())) {
            HostId host = HostId.parse(told.to().substring(told.to().indexOf('/') + 1))
                    .orElseThrow();
            swarm.tell(new SwarmActor.Reached(List.of(reached(host, HostPhase.INSTALLED, 1))));
        }
    }

    private void grantAll() {
        for (ClusterSpec cluster : PLAN.expand(spec().id())) {
            Workers.Reserve reserve = workers.expectMessageClass(Workers.Reserve.class);
            reserve.replyTo()
                    .tell(new Workers.Granted(
                            reserve.request(),
                            List.of(new Placement(
                                    new BerthId("a-" + (cluster.id().index() + 1)), WORKER, 0, cluster.hostCount())),
                            Map.of(
                                    WORKER,
                                    new Moored(
                                            AddressFromURIString.parse("pekko://assisted-swarm@127.0.0.1:1"),
                                            fleet.worker(WORKER)))));
        }
    }

    private void passUntilStarted(int entities) {
        for (int i = 0; i < 40 && started.size() < entities; i++) {
            pass(STEP);
        }
        assertThat(started).hasSize(entities);
        pass(STEP);
    }

    /** The hub's last words: nothing changes there any more. */
    private void installAll() {
        for (ClusterSpec cluster : PLAN.expand(spec().id())) {
            cluster.hosts()
                    .forEach(host ->
                            hub.observer.join().agent(new AgentState(host, "installed", "Done", "Done", List.of())));
            swarm.tell(new SwarmActor.Reached(List.of(reached(cluster.id(), ClusterPhase.INSTALLED, 1))));
        }
    }

    private SwarmView view() {
        TestProbe<SwarmView> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.ViewWanted(answer.ref()));
        return answer.receiveMessage();
    }

    /** In steps, as the actor compares the clock with what it has set a timer for. */
    private void pass(Duration duration) {
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(STEP)) {
            clock.updateAndGet(now -> now.plus(STEP));
            TIME.timePasses(STEP);
            view();
        }
    }
}
