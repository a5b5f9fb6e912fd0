package io.assistedswarm.coordinator.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "200, 3m20s",
        "600, 10m",
        "7199, 119m",
        "7200, 2h",
        "7500, 2h5m",
        "172800, 2d",
        "273600, 3d4h"
    })
    void agesGetCoarserAsTheyGrow(long seconds, String text) {
        assertThat(Ages.of(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = Table.withNumbersFrom(1, List.of("NAME", "N"));
        table.add(List.of("a → b", "5"));
        table.add(List.of("", "1234"));

        assertThat(table.lines()).containsExactly("NAME       N", "a → b      5", "-       1234");
    }

    @Test
    void aRowOfAnotherLengthIsRefused() {
        Table table = Table.of(List.of("NAME"));

        assertThatThrownBy(() -> table.add(List.of("a", "b"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void phasesAreCountedInTheOrderOfTime() {
        assertThat(Phases.counts(Map.of("failed", 1, "installing", 2, "pending", 3, "booted", 4, "known", 0, "new", 5)))
                .isEqualTo("3 pending, 4 booted, 2 installing, 1 failed, 5 new");
    }

    @Test
    void endsAreThoseOfHostsAndClusters() {
        assertThat(Phases.atEnd(Map.of("failed", 1, "installed", 2, "discovered", 4, "stopped", 8, "installing", 16)))
                .isEqualTo(15);
    }
}
