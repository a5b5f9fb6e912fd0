package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.SwarmMap;
import io.assistedswarm.coordinator.api.SwarmMap.FailureGroup;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import java.util.List;
import org.junit.jupiter.api.Test;

class SketchTest {
    private static final List<ClusterSpec> CLUSTERS =
            plan(Pace.UNLIMITED, clusters(1, 1, 0), clusters(7, 3, 0)).expand(SWARM);

    private final Progress progress = new Progress(CLUSTERS, START);

    @Test
    void hasALetterForEachClusterAndHost() {
        progress.apply(reached(CLUSTERS.get(0).id(), ClusterPhase.PLACED, 1));
        progress.apply(reached(CLUSTERS.get(0).host(0), HostPhase.PLACED, 1));
        progress.apply(reached(CLUSTERS.get(1).host(2), HostPhase.CREATED, 1));

        SwarmMap map = progress.map(SWARM);
        assertThat(map.sizes()).containsExactly(1, 3, 3, 3, 3, 3, 3, 3);
        assertThat(map.clusters()).isEqualTo("BAAAAAAA");
        assertThat(map.hosts()).isEqualTo("A--B" + "-".repeat(18));
        assertThat(map.failures()).isEmpty();
    }

    @Test
    void groupsFailuresByKindSideAndReasonTheMostFrequentFirst() {
        Failure first = new Failure(Failure.Side.SERVICE, "HostError", "disk too slow");
        Failure second = new Failure(Failure.Side.SERVICE, "HostError", "clock is off");
        for (int i = 1; i < 8; i++) {
            progress.apply(failed(CLUSTERS.get(i).host(0), 1, i == 1 ? first : second));
        }
        progress.apply(failed(CLUSTERS.get(1).id(), 2, new Failure(Failure.Side.GENERATOR, "ProcessCrashed", "gone")));

        assertThat(progress.map(SWARM).failures())
                .containsExactly(
                        new FailureGroup(
                                "host",
                                Failure.Side.SERVICE,
                                "HostError",
                                7,
                                "disk too slow",
                                List.of(
                                        CLUSTERS.get(1).host(0).name(),
                                        CLUSTERS.get(2).host(0).name(),
                                        CLUSTERS.get(3).host(0).name(),
                                        CLUSTERS.get(4).host(0).name(),
                                        CLUSTERS.get(5).host(0).name())),
                        new FailureGroup(
                                "cluster",
                                Failure.Side.GENERATOR,
                                "ProcessCrashed",
                                1,
                                "gone",
                                List.of(CLUSTERS.get(1).id().name())));
    }
}
