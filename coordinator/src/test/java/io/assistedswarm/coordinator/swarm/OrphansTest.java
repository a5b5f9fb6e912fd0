package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Unavailable;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final SwarmId OLD = new SwarmId("old");
    private static final OrphanView FOUND = new OrphanView("old", Map.of("Secret", 2L), false, Optional.empty());

    private final TestingHub hub = new TestingHub();
    private final TestingFleet fleet = new TestingFleet(TEST_KIT);
    private final TestProbe<Workers.Command> workers = TEST_KIT.createTestProbe();
    private final TestProbe<SwarmId> ended = TEST_KIT.createTestProbe();
    private final TestProbe<StatusReply<List<OrphanView>>> lists = TEST_KIT.createTestProbe();
    private final TestProbe<StatusReply<OrphanView>> answers = TEST_KIT.createTestProbe();
    private final ActorRef<Orphans.Command> orphans = TEST_KIT.spawn(Orphans.create(
            new Swarms.Surroundings(workers.ref(), null, null, fleet, hub, null, InstantSource.system(), Runnable::run),
            ended.ref()));

    @AfterAll
    static void end() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void findsThoseThatAreNotKnown() {
        hub.orphans = List.of(FOUND, new OrphanView("night", Map.of("Secret", 1L), false, Optional.empty()));
        orphans.tell(new Orphans.Find(Set.of(new SwarmId("night")), Set.of(), lists.ref()));
        assertThat(lists.receiveMessage().getValue()).containsExactly(FOUND);
    }

    @Test
    void deletesWhatOneHasLeftOnTheHubAndThenOnTheWorkers() {
        orphans.tell(new Orphans.Delete(OLD, true, Set.of(), answers.ref()));
        assertThat(answers.receiveMessage().getValue().deleting()).isTrue();
        // Asked twice, done once.
        orphans.tell(new Orphans.Delete(OLD, true, Set.of(), answers.ref()));
        assertThat(answers.receiveMessage().getValue().deleting()).isTrue();
        assertThat(hub.forced.getAsBoolean()).isTrue();
        fleet.closed = new SwarmClosed(Map.of("file", 5L), Map.of("file", 0L));
        hub.deletion.complete(
                new DeletionView(Map.of("Secret", 2L), Map.of("Secret", 2L), Map.of("Secret", 0L), List.of()));
        WorkerName a = new WorkerName("a");
        workers.expectMessageClass(Workers.FindAll.class)
                .replyTo()
                .tell(new Workers.Found(Map.of(a, new Moored(new Address("pekko", "x"), fleet.worker(a)))));
        ended.expectMessage(OLD);
        OrphanView swept = list().getFirst();
        assertThat(swept.deleting()).isFalse();
        assertThat(swept.deletion().orElseThrow().deleted())
                .containsOnly(Map.entry("Secret", 2L), Map.entry("file", 5L));
    }

    @Test
    void saysWhatCouldNotBeDeletedAndTriesAgain() {
        orphans.tell(new Orphans.Delete(OLD, false, Set.of(), answers.ref()));
        hub.deletion.completeExceptionally(new IllegalStateException("connection refused"));
        workers.expectMessageClass(Workers.FindAll.class).replyTo().tell(new Workers.Found(Map.of()));
        ended.expectMessage(OLD);
        assertThat(list().getFirst().deletion().orElseThrow().stuck().getFirst())
                .contains("connection refused");
        hub.deletion = new CompletableFuture<>();
        orphans.tell(new Orphans.Delete(OLD, false, Set.of(), answers.ref()));
        answers.receiveMessage();
        assertThat(answers.receiveMessage().getValue().deleting()).isTrue();
    }

    @Test
    void saysThatTheHubCannotBeLookedThrough() {
        hub.orphansFailure = Optional.of(new IllegalStateException("connection refused"));
        orphans.tell(new Orphans.Find(Set.of(), Set.of(), lists.ref()));
        assertThat(lists.receiveMessage().getError())
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("connection refused");
    }

    private List<OrphanView> list() {
        orphans.tell(new Orphans.Find(Set.of(), Set.of(), lists.ref()));
        return lists.receiveMessage().getValue();
    }
}
