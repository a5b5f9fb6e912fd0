package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObstacleLinesTest {
    private static final Instant SINCE = Instant.parse("2026-11-26T10:00:00Z");

    @Test
    void namesTheConditionInTheServicesWordsAndWhoSharesIt() {
        assertThat(ObstacleLines.of(
                        new ObstacleView(
                                "host",
                                "Agent",
                                "Validated",
                                "ValidationsFailing",
                                "no NTP\nserver",
                                Optional.of(SINCE),
                                1,
                                List.of("night-0-2"),
                                413),
                        Instant::toString))
                .containsExactly(
                        "Agent condition Validated (ValidationsFailing) since 2026-11-26T10:00:00Z: no NTP server",
                        "  host night-0-2; 412 more in the swarm");
    }

    @Test
    void saysOfAStateWhatItIsAndNamesAFewOfMany() {
        assertThat(ObstacleLines.of(
                        new ObstacleView(
                                "cluster",
                                "AgentClusterInstall",
                                "state",
                                "finalizing",
                                "",
                                Optional.empty(),
                                7,
                                List.of("a-1", "a-2", "a-3"),
                                7),
                        Instant::toString))
                .containsExactly("AgentClusterInstall is 'finalizing'", "  7 clusters, such as a-1, a-2, a-3");
    }
}
