package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.CoordinatorCommand.TransitionsReached;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.worker.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UplinkTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final Duration GATHERING = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration SHORTLY = Duration.ofMillis(50);

    private final TestProbe<CoordinatorCommand> coordinator = TEST_KIT.createTestProbe();
    private final TestProbe<WorkerCommand> worker = TEST_KIT.createTestProbe();
    private final ActorRef<Uplink.Command> uplink = TEST_KIT.spawn(
            Uplink.create(Samples.WORKER, "jvm-1", worker.ref(), new Uplink.Settings(GATHERING, PATIENCE, 3)));

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(uplink);
    }

    @Test
    void gathersTransitionsIntoOneMessage() {
        found(coordinator);
        reach(0, 1);
        coordinator.expectNoMessage(SHORTLY);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0, 1));
        coordinator.expectNoMessage(SHORTLY);
    }

    @Test
    void sendsTheNextBatchWhenTheLastOneIsRecorded() {
        found(coordinator);
        reach(0, 1, 2, 3);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0, 1, 2));
        reach(4);
        TIME.timePasses(GATHERING);
        coordinator.expectNoMessage(SHORTLY);
        uplink.tell(new Uplink.Recorded(3));
        coordinator.expectMessage(message(4, 3, 4));
    }

    @Test
    void sendsAgainWhatIsNotAnswered() {
        found(coordinator);
        reach(0);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0));
        TIME.timePasses(PATIENCE);
        coordinator.expectMessage(message(1, 0));
        uplink.tell(new Uplink.Recorded(1));
        TIME.timePasses(PATIENCE.multipliedBy(2));
        coordinator.expectNoMessage(SHORTLY);
    }

    @Test
    void sendsOnlyTheRestWhenPartOfABatchIsRecorded() {
        found(coordinator);
        reach(0, 1, 2);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0, 1, 2));
        uplink.tell(new Uplink.Recorded(2));
        coordinator.expectMessage(message(3, 2));
    }

    @Test
    void ignoresAnAnswerThatComesTwice() {
        found(coordinator);
        reach(0, 1);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0, 1));
        uplink.tell(new Uplink.Recorded(2));
        uplink.tell(new Uplink.Recorded(2));
        uplink.tell(new Uplink.Recorded(1));
        reach(2);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(3, 2));
    }

    @Test
    void keepsEverythingWhileThereIsNoCoordinator() {
        reach(0, 1);
        TIME.timePasses(GATHERING.plus(PATIENCE));
        found(coordinator);
        coordinator.expectMessage(message(1, 0, 1));
    }

    @Test
    void tellsARestartedCoordinatorAtOnceWhatTheOldOneHadNotRecorded() {
        found(coordinator);
        reach(0, 1);
        TIME.timePasses(GATHERING);
        coordinator.expectMessage(message(1, 0, 1));
        uplink.tell(new Uplink.Recorded(1));
        coordinator.expectMessage(message(2, 1));
        uplink.tell(new Uplink.CoordinatorsFound(Set.of()));
        reach(2);
        TIME.timePasses(PATIENCE);
        coordinator.expectNoMessage(SHORTLY);
        TestProbe<CoordinatorCommand> restarted = TEST_KIT.createTestProbe();
        found(restarted);
        restarted.expectMessage(message(2, 1, 2));
        coordinator.expectNoMessage(SHORTLY);
    }

    private void found(TestProbe<CoordinatorCommand> probe) {
        uplink.tell(new Uplink.CoordinatorsFound(Set.of(probe.ref())));
    }

    private void reach(int... numbers) {
        for (int number : numbers) {
            uplink.tell(new Uplink.Reached(transition(number)));
        }
    }

    private TransitionsReached message(long firstSequence, int... numbers) {
        return new TransitionsReached(
                Samples.WORKER,
                "jvm-1",
                firstSequence,
                Arrays.stream(numbers).mapToObj(UplinkTest::transition).toList(),
                worker.ref());
    }

    private static Transition transition(int number) {
        return new Transition.OfHost(
                Samples.singleNode().host(0), HostPhase.PLACED, Instant.EPOCH, number, "", Optional.empty());
    }
}
