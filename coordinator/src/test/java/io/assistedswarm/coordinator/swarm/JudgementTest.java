package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.lost;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What clusters that failed, as the plan asked for or not, and clusters that were lost mean to the verdict. */
class JudgementTest {
    private static final Fault FAULT = new Fault(Fault.Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO);
    private static final List<ClusterSpec> PLAIN =
            plan(Pace.UNLIMITED, clusters(2, 1, 0)).expand(Samples.SWARM);
    private static final ClusterSpec FAULTY = PLAIN.get(0).withFaults(Map.of(0, FAULT));
    private static final Failure SERVICE = new Failure(Side.SERVICE, "InstallationFailed", "error");
    private static final Failure EXPLAINED = FAULT.explains(FAULTY.host(0), SERVICE);

    private final Progress progress = new Progress(List.of(FAULTY, PLAIN.get(1)), START);

    @Test
    void passesWhenNothingFailedButWhatWasAskedFor() {
        progress.apply(failed(cluster(0), 10, EXPLAINED));
        progress.apply(reached(cluster(1), ClusterPhase.INSTALLED, 20));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(progress.failed()).isZero();
        assertThat(progress.judgement().reasons()).isEmpty();
        assertThat(progress.clusterCounts()).isEqualTo(Map.of("failed", 1, "installed", 1));
    }

    @Test
    void failsWhenAFaultTookAnotherClusterDown() {
        progress.apply(failed(cluster(0), 10, EXPLAINED));
        progress.apply(failed(cluster(1), 20, SERVICE));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(progress.failed()).isEqualTo(1);
        assertThat(progress.judgement().reasons())
                .containsExactly(
                        "1 cluster failed: InstallationFailed (service), for example " + cluster(1) + ": error");
    }

    @Test
    void excusesNoClusterThatWasToBehave() {
        progress.apply(reached(cluster(0), ClusterPhase.INSTALLED, 10));
        progress.apply(failed(cluster(1), 20, EXPLAINED));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void excusesNothingElseThatBefallsAClusterWithAFault() {
        progress.apply(failed(cluster(0), 10, new Failure(Side.GENERATOR, "ControllerCrashed", "gone")));
        progress.apply(reached(cluster(1), ClusterPhase.INSTALLED, 20));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(progress.judgement().reasons()).singleElement().asString().contains("ControllerCrashed (generator)");
    }

    @Test
    void isIncompleteAndNotFailedWhenTheGeneratorLostACluster() {
        progress.apply(lost(cluster(0), 10));
        progress.apply(reached(cluster(1), ClusterPhase.INSTALLED, 20));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(progress.judgement().reasons())
                .containsExactly("1 cluster lost to the generator, for example " + cluster(0) + ": its worker is gone");
        assertThat(progress.failed()).as("for maxFailures").isZero();
        assertThat(progress.clusterCounts()).isEqualTo(Map.of("lost", 1, "installed", 1));
    }

    @Test
    void failsByWhatTheServiceDidWhateverWasLostBesides() {
        progress.apply(lost(cluster(0), 10));
        progress.apply(failed(cluster(1), 20, SERVICE));
        assertThat(progress.judgement().verdict()).isEqualTo(Verdict.FAILED);
        assertThat(progress.judgement().reasons()).hasSize(2);
    }

    @Test
    void leavesAHostWhereItIsWhenItsFaultHappens() {
        progress.apply(reached(FAULTY.host(0), HostPhase.INSTALLING, 5));
        boolean changed = progress.apply(
                new Transition.OfFault(FAULTY.host(0), FaultEvent.INJECTED, after(6), 1, "failInstaller"));
        assertThat(changed).isFalse();
        assertThat(progress.hostCounts()).containsEntry("installing", 1);
    }
}
