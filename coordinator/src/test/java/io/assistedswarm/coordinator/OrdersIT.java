package io.assistedswarm.coordinator;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.EventPage.Event;
import io.assistedswarm.coordinator.report.EventQuery;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.SwarmId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users have told a coordinator, the next one on the same record holds to, and shows once. */
class OrdersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Fencing FENCING =
            new Fencing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMinutes(1), 25);
    private static final SwarmId PAUSED = new SwarmId("paused");
    private static final SwarmId PACED = new SwarmId("paced");
    private static final SwarmId CANCELLED = new SwarmId("cancelled");
    private static final SwarmId DELETED = new SwarmId("deleted");

    @TempDir
    private Path data;

    private RunningCoordinator coordinator;

    @AfterEach
    void stop() {
        coordinator.close();
    }

    /** It ends as soon as it has answered, so that nothing is recorded by chance. */
    @Test
    void holdAfterARestartAndAreToldOnce() {
        coordinator = new RunningCoordinator(data, FENCING);
        for (SwarmId swarm : List.of(PAUSED, PACED, CANCELLED, DELETED)) {
            coordinator.submission(Optional.of(swarm.value()), plan(Pace.UNLIMITED, clusters(3, 1, 0)));
        }
        tell(replyTo -> new SwarmsCommand.Cancel(CANCELLED, replyTo));
        tell(replyTo -> new SwarmsCommand.Delete(DELETED, false, replyTo));
        tell(replyTo -> new SwarmsCommand.Scale(PACED, Optional.empty(), 2, replyTo));
        tell(replyTo -> new SwarmsCommand.ChangePace(
                PACED, new PaceChange(Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()), replyTo));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(coordinator.view(DELETED).state()).isEqualTo(SwarmState.DELETED));
        assertThat(tell(replyTo -> new SwarmsCommand.Pause(PAUSED, replyTo)).state())
                .isEqualTo(SwarmState.PAUSED);
        coordinator.close();

        coordinator = new RunningCoordinator(data, FENCING);
        assertThat(coordinator.view(PAUSED).state()).isEqualTo(SwarmState.PAUSED);
        assertThat(coordinator.view(CANCELLED).state()).isEqualTo(SwarmState.CANCELLED);
        assertThat(coordinator.view(DELETED).state()).isEqualTo(SwarmState.DELETED);
        try (TestingWorker worker = new TestingWorker("a", 20, coordinator.address())) {
            worker.installs = false;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(coordinator.view(PACED).clusters())
                            .isEqualTo(Map.of("placed", 1, "pending", 1, "stopped", 1)));
            assertThat(coordinator.view(PACED).waiting())
                    .isEqualTo("waits for the pace: 1 clusters are installing (maxInstalling 1)");
            assertThat(coordinator.view(PAUSED).clusters()).isEqualTo(Map.of("pending", 3));

            assertOrders(PAUSED, tuple("pause", ""));
            assertOrders(PACED, tuple("scale", "2 clusters"), tuple("pace", "maxInstalling 1"));
            assertOrders(CANCELLED, tuple("cancel", ""));
            assertOrders(DELETED, tuple("delete", ""));

            // They can be taken back, which is another order.
            assertThat(tell(replyTo -> new SwarmsCommand.Resume(PAUSED, replyTo))
                            .state())
                    .isEqualTo(SwarmState.RUNNING);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(coordinator.view(PAUSED).clusters()).isEqualTo(Map.of("placed", 3)));
            assertOrders(PAUSED, tuple("pause", ""), tuple("resume", ""));
        }
    }

    private SwarmView tell(Function<ActorRef<StatusReply<SwarmView>>, SwarmsCommand> order) {
        return coordinator.ask(order);
    }

    /** In the events and in the report. */
    private void assertOrders(SwarmId swarm, Tuple... orders) {
        EventPage page = coordinator.ask(replyTo -> new SwarmsCommand.GetEvents(
                new EventQuery.Wanted(swarm, Optional.empty(), Optional.empty(), true, "", 100), replyTo));
        assertThat(page.events())
                .filteredOn(event -> event.kind().equals("order"))
                .extracting(Event::what, Event::message)
                .containsExactly(orders);
        Report report = coordinator.ask(replyTo -> new SwarmsCommand.GetReport(swarm, replyTo));
        assertThat(report.orders()).extracting(Event::what, Event::message).containsExactly(orders);
    }
}
