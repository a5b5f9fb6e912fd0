package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForecastTest {
    @Test
    void saysNothingBeforeAClusterHasEnded() {
        assertThat(new Forecast(List.of(), seconds(50, 60), 10, 2).left()).isEmpty();
    }

    @Test
    void saysNothingWhenNothingIsLeft() {
        assertThat(new Forecast(seconds(100), List.of(), 0, 2).left()).isEmpty();
    }

    @Test
    void aRunningClusterTakesWhatIsLeftOfTheMedian() {
        assertThat(new Forecast(seconds(90, 100, 900), seconds(30, 70), 0, 5).left())
                .contains(Duration.ofSeconds(70));
    }

    @Test
    void aSlowClusterIsNotAboutToEnd() {
        assertThat(new Forecast(seconds(100), seconds(500), 0, 2).left()).contains(Duration.ofSeconds(10));
    }

    @Test
    void waitingClustersFollowWhenThereIsRoom() {
        assertThat(new Forecast(seconds(100), seconds(50, 50), 10, 2).left()).contains(Duration.ofSeconds(550));
    }

    @Test
    void theLastWaitingClusterTakesItsWholeTime() {
        assertThat(new Forecast(seconds(100), seconds(), 1, 10).left()).contains(Duration.ofSeconds(100));
    }

    @Test
    void aSwarmsForecastComesWithItsFirstEnd() {
        List<ClusterSpec> clusters =
                Samples.plan(Pace.UNLIMITED, Samples.clusters(3, 1, 0)).expand(Samples.SWARM);
        Progress progress = new Progress(clusters, Samples.START);
        clusters.subList(0, 2).forEach(cluster -> {
            progress.placed(new Assignment(
                    cluster,
                    List.of(new Placement(new BerthId("a-" + cluster.id().index()), new WorkerName("a"), 0, 1)),
                    1));
            progress.apply(Samples.reached(cluster.id(), ClusterPhase.PLACED, 10));
        });
        assertThat(progress.etaSeconds(Samples.after(60))).isEmpty();
        progress.apply(Samples.reached(Samples.cluster(0), ClusterPhase.INSTALLED, 110));
        // The waiting one takes all of it.
        assertThat(progress.etaSeconds(Samples.after(110))).contains(100L);
        progress.apply(Samples.reached(Samples.cluster(1), ClusterPhase.INSTALLED, 120));
        assertThat(progress.etaSeconds(Samples.after(120))).contains(110L);
    }

    private static List<Duration> seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }
}
