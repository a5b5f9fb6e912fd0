package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The verdict on two clusters, one of which failed, by the limits of their plan. */
class AssessorTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(2, 1, 0));
    private static final Failure REFUSED = new Failure(Failure.Side.SERVICE, "Refused", "it said no");

    AssessorTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void failsForAnyClusterWithoutLimits() {
        end(Limits.NONE);
        assertVerdict(
                Verdict.FAILED, "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
    }

    @Test
    void passesWhenThePlanAllowsForThatMany() {
        end(new Limits(Optional.of(0.5), List.of(), List.of(), Optional.empty()));
        assertVerdict(Verdict.PASSED);
    }

    @Test
    void failsByATimeThatIsTooLongAndSaysWhich() {
        end(new Limits(
                Optional.of(0.5),
                List.of(new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.95, Duration.ofSeconds(9))),
                List.of(),
                Optional.empty()));
        assertVerdict(
                Verdict.FAILED,
                "p95 of clusters, placed → installed: 10.0 s (of 1), at most 9s is wanted",
                "1 cluster failed: Refused (service), for example " + cluster(1) + ": it said no");
    }

    private void end(Limits limits) {
        List<Change> changes = new ArrayList<>();
        List<Transition> transitions = new ArrayList<>();
        List<ClusterSpec> specs = PLAN.expand(SWARM);
        for (int i = 0; i < 2; i++) {
            List<Placement> places = List.of(new Placement(new BerthId("a-" + (i + 1)), A, 0, 1));
            changes.add(new Change.ClusterPlaced(new Assignment(specs.get(i), places, 1), START));
            changes.add(new Change.ClusterReleased(cluster(i)));
            transitions.add(reached(cluster(i), ClusterPhase.PLACED, 0));
            transitions.add(reached(specs.get(i).host(0), HostPhase.INSTALLED, 9));
        }
        transitions.add(reached(cluster(0), ClusterPhase.INSTALLED, 10));
        transitions.add(failed(cluster(1), 10, REFUSED));
        resume(PLAN.withLimits(limits), changes, transitions.toArray(Transition[]::new));
    }

    private void assertVerdict(Verdict verdict, String... reasons) {
        Change.SwarmReached reached = saved(Change.SwarmReached.class);
        assertThat(reached.state()).isEqualTo(SwarmState.DONE);
        assertThat(reached.verdict()).isEqualTo(verdict);
        assertThat(reached.verdictReasons()).containsExactly(reasons);
    }
}
