package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpacingTest {
    private static final Instant START = Instant.parse("2026-11-26T18:00:00Z");
    private final Spacing spacing = new Spacing(Duration.ofSeconds(2), Duration.ofSeconds(8), START);

    @Test
    void growsWhileNothingChangesUpToTheLongest() {
        List<Long> gaps = new ArrayList<>();
        Instant now = START;
        for (int i = 0; i < 6; i++) {
            assertThat(spacing.isDue(now)).isTrue();
            spacing.unchanged(now);
            gaps.add(Duration.between(now, spacing.due()).toMillis());
            now = spacing.due();
        }
        assertThat(gaps).containsExactly(2000L, 3000L, 4500L, 6750L, 8000L, 8000L);
    }

    @Test
    void beginsAnewAfterAChange() {
        spacing.unchanged(START);
        spacing.unchanged(START);
        spacing.changed(START);
        assertThat(spacing.due()).isEqualTo(START.plusSeconds(2));
        spacing.unchanged(START);
        assertThat(spacing.due()).isEqualTo(START.plusSeconds(2));
    }

    @Test
    void comesEarlierWhenSomethingIsKnownToBeThere() {
        spacing.unchanged(START);
        spacing.hasten(START.plusSeconds(1));
        assertThat(spacing.isDue(START.plusSeconds(1))).isTrue();
    }

    @Test
    void waitsAsLongAsTheServiceAsks() {
        spacing.changed(START);
        spacing.notBefore(START.plusSeconds(30));
        assertThat(spacing.isDue(START.plusSeconds(29))).isFalse();
        spacing.notBefore(START.plusSeconds(5));
        assertThat(spacing.due()).isEqualTo(START.plusSeconds(30));
    }
}
