package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ScalingTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());

    ScalingTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void addsClustersOfTheGroupAfterAllOthersAtThePace() {
        submit(plan(new Pace(1, Duration.ofSeconds(10), 9, 9), clusters(1, 1, 0), clusters(1, 3, 0)));
        Instant start = saved(Change.TimetableSet.class).timetable().due(0);
        queued();
        clock.updateAndGet(now -> now.plusSeconds(60));
        SwarmView scaled = scale(Optional.of(1), 2);

        assertThat(scaled.clusterCount()).isEqualTo(3);
        assertThat(scaled.hostCount()).isEqualTo(7);
        assertThat(saved(Change.ClusterReplaced.class).replacement())
                .isEqualTo(new Replacement(cluster(1), cluster(2), clock.get(), true));
        assertThat(saved(Change.TimetableSet.class).timetable().due(2))
                .as("not in the past")
                .isEqualTo(start.plusSeconds(60));
        assertThat(queued()).isEqualTo(cluster(1));
        assertThat(queued()).isEqualTo(cluster(2));
    }

    @Test
    void takesOnlyOutWhatIsNotAdmittedAndThatIsNoFailure() {
        submit(plan(Pace.UNLIMITED, clusters(3, 1, 0)));
        queued();
        queued();
        queued();
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1));
        assertThat(refusal(Optional.empty(), 0))
                .isEqualTo(
                        "swarm quickstart-7f3a cannot have so few: 1 of the 3 clusters are admitted already, and go on");
        assertThat(scale(Optional.empty(), 1).clusters()).isEqualTo(Map.of("placed", 1, "stopped", 2));
        workersAsked(Workers.Withdraw.class);

        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        pass(Duration.ofSeconds(1));
        assertThat(awaitState(SwarmState.DONE).verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void wantsToKnowWhichGroupWhenThereAreSeveral() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0), clusters(1, 3, 0)));
        assertThat(refusal(Optional.empty(), 5))
                .isEqualTo("swarm quickstart-7f3a has 2 groups of clusters: name one, from 0");
        assertThat(refusal(Optional.of(2), 5))
                .isEqualTo("swarm quickstart-7f3a has no group 2: its plan has 2, from 0");
        assertThat(refusal(Optional.of(1), 65_536)).contains("it has at most 65536");
    }

    private SwarmView scale(Optional<Integer> group, int clusters) {
        return ask(replyTo -> new SwarmsCommand.Scale(SWARM, group, clusters, replyTo));
    }

    private String refusal(Optional<Integer> group, int clusters) {
        TestProbe<StatusReply<SwarmView>> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.Scale(SWARM, group, clusters, answer.ref())));
        return answer.receiveMessage().getError().getMessage();
    }
}
