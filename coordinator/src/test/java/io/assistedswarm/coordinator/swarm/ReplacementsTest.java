package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.lost;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.replacing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A swarm whose lost clusters are replaced by fresh ones. */
class ReplacementsTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final Failure FAILURE = new Failure(Failure.Side.SERVICE, "InstallationFailed", "error");

    ReplacementsTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void letsAFreshClusterOfTheSameKindInForALostOne() {
        submit(replacing(plan(Pace.UNLIMITED, clusters(1, 1, 0), clusters(1, 1, 1))));
        grant(0);
        grant(1);
        fleet.told.receiveSeveralMessages(6);
        tell(lost(cluster(1), 1));
        Workers.Reserve reserve = workersAsked(Workers.Reserve.class);
        assertThat(reserve.request()).isEqualTo(new Request(cluster(2), 2, false));
        reservations.put(2, reserve);
        assertThat(replaced()).isEqualTo(new Replacement(cluster(1), cluster(2), clock.get()));
        assertThat(hub.hosts.apply(Identity.hostUuid(host(2, 1)).toString())).contains(host(2, 1));
        assertThat(view().clusters()).isEqualTo(Map.of("placed", 1, "lost", 1, "pending", 1));
        assertThat(view().replaced()).isEqualTo(1);
        assertThat(view().hostCount()).isEqualTo(5);
        assertThat(clusterViews())
                .extracting(ClusterView::replaces, ClusterView::replacedBy)
                .containsExactly(
                        tuple(Optional.empty(), Optional.empty()),
                        tuple(Optional.empty(), Optional.of(cluster(2).name())),
                        tuple(Optional.of(cluster(1).name()), Optional.empty()));

        grant(2);
        pass(Duration.ofSeconds(1));
        tell(reached(host(2, 0), HostPhase.INSTALLED, 3), reached(host(2, 1), HostPhase.INSTALLED, 3));
        tell(reached(cluster(2), ClusterPhase.INSTALLED, 3));
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        pass(Duration.ofSeconds(6));
        Change.SwarmReached done = reachedState();
        assertThat(done.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(done.verdictReasons()).isEmpty();
    }

    @Test
    void replacesAReplacementTooButNotMoreThanThePlanHas() {
        submit(replacing(plan(Pace.UNLIMITED, clusters(2, 1, 0))));
        for (int i = 0; i < 4; i++) {
            grant(i);
            pass(Duration.ofSeconds(1));
            tell(lost(cluster(i), i + 1));
        }
        pass(Duration.ofSeconds(6));
        Change.SwarmReached done = reachedState();
        assertThat(done.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(done.verdictReasons())
                .hasSize(2)
                .anyMatch(reason -> reason.startsWith("2 clusters lost to the generator"))
                .contains("no more clusters are replaced than the plan has: 2");
        assertThat(view().clusters()).isEqualTo(Map.of("lost", 4));
        assertThat(view().replaced()).isEqualTo(2);
    }

    @Test
    void isDueByThePaceAndNotBeforeItIsNeeded() {
        submit(replacing(plan(new Pace(1, Duration.ofSeconds(10), 9, 9), clusters(2, 1, 0))));
        grant(0);
        pass(Duration.ofSeconds(11));
        grant(1);
        pass(Duration.ofMinutes(2), Duration.ofSeconds(10));
        tell(lost(cluster(0), 1), lost(cluster(1), 1));
        assertThat(queued()).isEqualTo(cluster(2));
        Instant needed = clock.get();
        grant(2);
        assertThat(view().waiting()).endsWith("is due in 10 s");
        pass(Duration.ofSeconds(11));
        assertThat(queued()).isEqualTo(cluster(3));
        grant(3);
        assertThat(arrivals(4)).extracting(Arrival::due).endsWith(needed, needed.plusSeconds(10));
    }

    @Test
    void replacesNothingOnceAdmissionWasStopped() {
        submit(replacing(plan(new Pace(9, Duration.ofSeconds(1), 9, 0), clusters(2, 1, 0), clusters(8, 1, 0))));
        grant(0);
        grant(1);
        pass(Duration.ofSeconds(1));
        tell(failed(host(0, 0), 1, FAILURE), failed(cluster(0), 1, FAILURE));
        tell(lost(cluster(1), 2));
        pass(Duration.ofSeconds(6));
        assertThat(reachedState().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(view().clusters()).isEqualTo(Map.of("failed", 1, "lost", 1, "stopped", 8));
    }

    @Test
    void anotherCoordinatorKnowsTheReplacementAndMakesUpForOneThatIsMissing() {
        SwarmPlan plan = replacing(plan(Pace.UNLIMITED, clusters(2, 1, 0)));
        ClusterSpec fresh = plan.expand(SWARM).getFirst().withId(cluster(2));
        Assignment placed = new Assignment(fresh, List.of(new Placement(new BerthId("a-3"), A, 0, 1)), 1);
        resume(
                plan,
                List.of(
                        new Change.ClusterReplaced(new Replacement(cluster(0), cluster(2), START)),
                        new Change.ClusterPlaced(placed, START)),
                reached(cluster(0), ClusterPhase.PLACED, 1),
                lost(host(0, 0), 2),
                lost(cluster(0), 2),
                lost(cluster(1), 2),
                reached(cluster(2), ClusterPhase.PLACED, 3));
        assertThat(workersAsked(Workers.Reclaim.class).cluster()).isEqualTo(cluster(2));
        assertThat(queued()).isEqualTo(cluster(3));
        assertThat(replaced()).isEqualTo(new Replacement(cluster(1), cluster(3), clock.get()));
        assertThat(view().clusters()).isEqualTo(Map.of("lost", 2, "placed", 1, "pending", 1));
        assertThat(view().replaced()).isEqualTo(2);
        assertThat(hub.hosts.apply(Identity.hostUuid(host(2, 0)).toString())).contains(host(2, 0));
    }

    private Replacement replaced() {
        return recorder
                .fishForMessage(
                        Duration.ofSeconds(3),
                        message ->
                                message instanceof Recorder.Save save && save.change() instanceof Change.ClusterReplaced
                                        ? FishingOutcomes.complete()
                                        : FishingOutcomes.continueAndIgnore())
                .stream()
                .map(message -> ((Change.ClusterReplaced) ((Recorder.Save) message).change()).replacement())
                .toList()
                .getLast();
    }

    private List<Arrival> arrivals(int count) {
        return recorder
                .fishForMessage(
                        Duration.ofSeconds(3),
                        message -> message instanceof Recorder.Save save
                                        && save.change() instanceof Change.ClusterArrived arrived
                                        && arrived.arrival().cluster().equals(cluster(count - 1))
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndCollect())
                .stream()
                .flatMap(message ->
                        message instanceof Recorder.Save save && save.change() instanceof Change.ClusterArrived arrived
                                ? Stream.of(arrived.arrival())
                                : Stream.empty())
                .toList();
    }

    private List<ClusterView> clusterViews() {
        TestProbe<StatusReply<List<ClusterView>>> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.GetClusters(Optional.of(SWARM), answer.ref())));
        return answer.receiveMessage().getValue();
    }
}
