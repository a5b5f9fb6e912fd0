package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.standIn;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose installer is shown as a stand-in. */
class ProgressStandInTest {
    private static final List<ClusterSpec> CLUSTERS =
            plan(Pace.UNLIMITED, clusters(1, 3, 0)).expand(Samples.SWARM);
    private static final HostId BOOTSTRAP = CLUSTERS.getFirst().host(1);

    private final Progress progress = new Progress(CLUSTERS, START);

    @Test
    void isTheHostThatSaidSoAndNoOther() {
        progress.apply(standIn(BOOTSTRAP, HostPhase.INSTALLING, 1, 1));
        progress.apply(reached(CLUSTERS.getFirst().host(0), HostPhase.INSTALLING, 1));
        assertThat(progress.hostView(BOOTSTRAP).standInInstaller()).isTrue();
        assertThat(progress.hostView(CLUSTERS.getFirst().host(0)).standInInstaller())
                .isFalse();
        assertThat(progress.hostView(CLUSTERS.getFirst().host(2)).standInInstaller())
                .isFalse();
    }

    @Test
    void staysSoWhenTheCoordinatorGivesItsEnd() {
        progress.apply(standIn(BOOTSTRAP, HostPhase.INSTALLING, 1, 1));
        progress.apply(failed(BOOTSTRAP, 2, new Failure(Failure.Side.GENERATOR, "WorkerLost", "w1 left")));
        assertThat(progress.hostView(BOOTSTRAP).standInInstaller()).isTrue();
    }

    @Test
    void endsWhenItIsPlacedAgain() {
        progress.apply(standIn(BOOTSTRAP, HostPhase.INSTALLING, 1, 1));
        progress.apply(new Transition.OfHost(BOOTSTRAP, HostPhase.PLACED, after(2), 2, "", Optional.empty()));
        assertThat(progress.hostView(BOOTSTRAP).standInInstaller()).isFalse();
    }
}
