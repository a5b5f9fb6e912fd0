package io.assistedswarm.coordinator.report;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.report.EventPage.Event;
import io.assistedswarm.coordinator.report.EventQuery.Wanted;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueryTest {
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final HostId HOST = PLAN.expand(SWARM).getFirst().host(0);
    private static final Failure REFUSED = new Failure(Failure.Side.SERVICE, "Refused", "it said no");

    @TempDir
    private Path data;

    private RunRecord record;

    @BeforeEach
    void open() {
        record = RunRecord.open(data);
        record.write(
                List.of(
                        new Change.SwarmAdded(spec(), PLAN, START),
                        new Change.StageSeen(HOST, "Installing", after(20))),
                List.of(
                        new Numbered("coordinator", "i", 1, reached(cluster(0), ClusterPhase.PLACED, 1)),
                        new Numbered("w1", "i", 1, reached(HOST, HostPhase.PLACED, 2)),
                        new Numbered(
                                "w1",
                                "i",
                                2,
                                new Transition.OfFault(HOST, FaultEvent.INJECTED, after(12), 1, "vanish")),
                        new Numbered("w1", "i", 3, failed(cluster(1), 30, REFUSED))));
    }

    @AfterEach
    void close() {
        record.close();
    }

    @Test
    void tellsEverythingInOrder() {
        EventPage page = page(Optional.empty(), Optional.empty(), "", 100);
        assertThat(page.events())
                .containsExactly(
                        new Event(START, "swarm", SWARM.value(), "submitted", "", "", "coordinator"),
                        new Event(after(1), "cluster", cluster(0).name(), "placed", "", "", "coordinator"),
                        new Event(after(2), "host", HOST.name(), "placed", "", "", "w1"),
                        new Event(after(12), "fault", HOST.name(), FaultEvent.INJECTED.label(), "", "vanish", "w1"),
                        new Event(after(20), "stage", HOST.name(), "Installing", "", "", "coordinator"),
                        new Event(
                                after(30),
                                "cluster",
                                cluster(1).name(),
                                "failed",
                                "service/Refused",
                                "it said no",
                                "w1"));
    }

    @Test
    void goesOnWhereItWas() {
        String next = page(Optional.empty(), Optional.empty(), "", 100).next();
        EventPage nothing = page(Optional.empty(), Optional.empty(), next, 100);
        assertThat(nothing.events()).isEmpty();
        assertThat(nothing.next()).isEqualTo(next);

        record.write(
                List.of(new Change.StageSeen(HOST, "Rebooting", after(40))),
                List.of(new Numbered("w1", "i", 4, reached(HOST, HostPhase.REBOOTING, 41))));
        assertThat(page(Optional.empty(), Optional.empty(), next, 100).events())
                .extracting(Event::what)
                .containsExactly("Rebooting", "rebooting");
    }

    @Test
    void inSmallPagesNothingIsMissingAndNothingTwice() {
        List<String> seen = new ArrayList<>();
        String after = "";
        for (int i = 0; i < 10; i++) {
            EventPage page = page(Optional.empty(), Optional.empty(), after, 1);
            page.events().forEach(event -> seen.add(event.what()));
            after = page.next();
        }
        assertThat(seen)
                .containsExactly("submitted", "placed", "placed", FaultEvent.INJECTED.label(), "Installing", "failed");
    }

    @Test
    void ofAClusterOrHostOnly() {
        assertThat(page(Optional.of(cluster(0)), Optional.empty(), "", 100).events())
                .extracting(Event::what)
                .containsExactly("placed", "placed", FaultEvent.INJECTED.label(), "Installing");
        assertThat(page(Optional.of(cluster(0)), Optional.of(HOST), "", 100).events())
                .extracting(Event::kind)
                .containsExactly("host", "fault", "stage");
    }

    @Test
    void tellsWhatUsersHaveSaidOfTheSwarmAndOfWorkersWhileItRan() {
        Order drained = Order.of(new WorkerName("w1"), "drain", "", after(25));
        record.write(
                List.of(
                        order(Order.of(new WorkerName("w1"), "drain", "before it was submitted", after(-1))),
                        order(Order.of(SWARM, "pause", "", after(15))),
                        order(Order.of(new SwarmId("other"), "pause", "", after(16))),
                        order(drained),
                        new Change.SwarmReached(
                                SWARM, SwarmState.DONE, Verdict.FAILED, List.of(), Optional.of(after(50))),
                        order(Order.of(new WorkerName("w1"), "uncordon", "after its end", after(51))),
                        order(Order.of(SWARM, "delete", "by force", after(60)))),
                List.of());

        assertThat(page(Optional.empty(), Optional.empty(), "", 100).events())
                .filteredOn(event -> event.kind().equals("order"))
                .containsExactly(
                        new Event(after(15), "order", SWARM.value(), "pause", "", "", "user"),
                        Event.of(drained),
                        new Event(after(60), "order", SWARM.value(), "delete", "", "by force", "user"));
        EventPage orders = new EventQuery(record)
                .page(new Wanted(SWARM, Optional.empty(), Optional.empty(), true, "", 2))
                .orElseThrow();
        assertThat(orders.events()).extracting(Event::what).containsExactly("submitted", "pause", "drain");
        assertThat(orders.next()).startsWith("0-0-");
        assertThat(page(Optional.of(cluster(0)), Optional.empty(), "", 100).events())
                .extracting(Event::kind)
                .doesNotContain("order");
        assertThat(new ReportQuery(record)
                        .report(SWARM, after(99))
                        .orElseThrow()
                        .orders())
                .extracting(Event::what)
                .containsExactly("pause", "drain", "delete");

        record.write(List.of(new Change.SwarmForgotten(SWARM)), List.of());
        assertThat(ordersLeft()).as("of the other swarm").isEqualTo(1);
    }

    @Test
    void ofASwarmThatIsNotThereThereIsNothing() {
        assertThat(new EventQuery(record)
                        .page(new Wanted(new SwarmId("other"), Optional.empty(), Optional.empty(), false, "", 10)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1", "1-", "-1-2-3", "1-2", "1-2-3;drop table swarms", "99999999999999999999-1-1"})
    void refusesAPlaceThatItNeverNamed(String after) {
        assertThatThrownBy(() -> new Wanted(SWARM, Optional.empty(), Optional.empty(), false, after, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no place to go on from");
    }

    private long ordersLeft() {
        try (Connection connection = record.connection();
                ResultSet row = connection.createStatement().executeQuery("select count(*) from orders")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Change order(Order order) {
        return new Change.OrderGiven(order);
    }

    private EventPage page(Optional<ClusterId> cluster, Optional<HostId> host, String after, int limit) {
        return new EventQuery(record)
                .page(new Wanted(SWARM, cluster, host, false, after, limit))
                .orElseThrow();
    }
}
