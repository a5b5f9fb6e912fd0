package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** What docs/rest.md says of a cluster: in T seconds with k changes at most 6k + T/20 requests, whenever they come. */
    @ParameterizedTest
    @CsvSource({"0, 3600", "1, 600", "4, 1800", "15, 3600", "60, 3600", "400, 3600"})
    void asksNoMoreThanTheDocumentsSay(int changes, int seconds) {
        for (int seed = 0; seed < 200; seed++) {
            List<Instant> at = new Random(seed)
                    .ints(changes, 0, seconds)
                    .sorted()
                    .mapToObj(START::plusSeconds)
                    .toList();
            // The cluster's own beginning is the first change.
            assertThat(pollsOf(at, START.plusSeconds(seconds)))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(6 * (changes + 1) + seconds / 20);
        }
    }

    /** How often something is asked for that changes at these times, which is seen when it is asked for the next time. */
    private static int pollsOf(List<Instant> changes, Instant end) {
        RestWatch.Pace pace = RestWatch.Pace.USUAL;
        Spacing usual = new Spacing(pace.first(), pace.longest(), START);
        int polls = 0;
        Instant last = START.minusSeconds(1);
        for (Instant now = START; now.isBefore(end); now = usual.due()) {
            polls++;
            Instant before = last;
            Instant asked = now;
            boolean first = polls == 1;
            if (first || changes.stream().anyMatch(change -> change.isAfter(before) && !change.isAfter(asked))) {
                usual.changed(now);
            } else {
                usual.unchanged(now);
            }
            last = now;
        }
        return polls;
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
