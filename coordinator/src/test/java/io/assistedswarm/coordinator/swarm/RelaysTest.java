package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.Observed;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RelaysTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final WorkerName A = new WorkerName("a");

    private final TestProbe<WorkerCommand> worker = TEST_KIT.createTestProbe();
    private final List<Instant> gathered = new ArrayList<>();
    private final Relays relays =
            new Relays(TEST_KIT.<ObservedTaken>createTestProbe().ref(), () -> gathered.add(START));

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void onlyTheLatestOfEachObjectIsTold() {
        see(0, "insufficient");
        see(1, "known");
        see(0, "known");
        assertThat(gathered).hasSize(3);
        relays.send(START);
        assertThat(received().seen()).containsExactly(agent(0, "known"), agent(1, "known"));
    }

    @Test
    void oneMessageIsUnderWayAtATime() {
        see(0, "known");
        relays.send(START);
        Observed first = received();
        see(0, "installing");
        relays.send(START);
        worker.expectNoMessage(Duration.ofMillis(50));
        assertThat(take(first)).isTrue();
        relays.send(START);
        assertThat(received().seen()).containsExactly(agent(0, "installing"));
    }

    @Test
    void whatIsNotTakenIsToldAgainWithWhatIsNewer() {
        see(0, "known");
        see(1, "known");
        relays.call(A, worker.ref(), cluster(0));
        relays.send(START);
        Observed lost = received();
        see(1, "installing");
        relays.send(START.plusSeconds(2));
        worker.expectNoMessage(Duration.ofMillis(50));
        relays.send(START.plusSeconds(3));
        Observed again = received();
        assertThat(again.seen()).containsExactlyInAnyOrder(agent(0, "known"), agent(1, "installing"));
        assertThat(again.clusters()).containsExactly(cluster(0));
        assertThat(take(lost)).as("its answer comes too late").isFalse();
        assertThat(take(again)).isTrue();
        relays.send(START.plusSeconds(60));
        worker.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aMessageHasABound() {
        IntStream.range(0, 500).forEach(host -> see(host, "known"));
        List<Observation> all = new ArrayList<>();
        relays.send(START);
        for (int message = 0; message < 3; message++) {
            Observed part = received();
            assertThat(part.seen()).hasSizeLessThanOrEqualTo(200);
            all.addAll(part.seen());
            take(part);
            relays.send(START);
        }
        assertThat(all).hasSize(500).doesNotHaveDuplicates();
        worker.expectNoMessage(Duration.ofMillis(50));
    }

    /** The one that is started under its name is told everything, and not what was left for the one before. */
    @Test
    void aWorkerThatIsLostIsToldNothingMore() {
        see(0, "known");
        relays.send(START);
        Observed lost = received();
        see(1, "known");
        relays.lost(A);
        relays.send(START.plusSeconds(60));
        worker.expectNoMessage(Duration.ofMillis(50));
        assertThat(take(lost)).isFalse();
    }

    private void see(int host, String state) {
        relays.tell(A, worker.ref(), agent(host, state));
    }

    private boolean take(Observed observed) {
        return relays.taken(new ObservedTaken(observed.sequence(), List.of(), List.of()), START)
                .isPresent();
    }

    private Observed received() {
        return (Observed) worker.receiveMessage();
    }

    private static AgentState agent(int host, String state) {
        return new AgentState(new HostId(cluster(0), host), state, "", "", List.of());
    }
}
