package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.swarm.Retellings.Due;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetellingsTest {
    private static final Instant START = Instant.parse("2026-11-23T03:20:00Z");
    private final Retellings<String> retellings = new Retellings<>();

    @Test
    void tellsAgainLessAndLessOften() {
        retellings.soon("host", START);
        assertThat(secondsUntil(213)).containsExactly(1L, 5L, 21L, 85L, 149L, 213L);
    }

    @Test
    void newsStartsFromTheBeginning() {
        retellings.soon("host", START);
        assertThat(secondsUntil(20)).containsExactly(1L, 5L);
        retellings.soon("host", START.plusSeconds(20));
        assertThat(retellings.due(START.plusSeconds(21))).containsExactly(new Due<>("host", false));
    }

    @Test
    void isNotLateForBeingUrged() {
        retellings.soon("host", START);
        for (int second = 1; second < 20; second++) {
            retellings.urge("host", START.plusSeconds(second));
            assertThat(retellings.due(START.plusSeconds(second))).noneMatch(Retellings.Due::late);
        }
        retellings.urge("host", START.plusSeconds(20));
        assertThat(retellings.due(START.plusSeconds(22))).isNotEmpty().allMatch(Retellings.Due::late);
    }

    @Test
    void isLateOnlyWhenThereWasNoNewsForAWhile() {
        retellings.soon("host", START);
        assertThat(retellings.due(START.plusSeconds(1)).getFirst().late()).isFalse();
        assertThat(secondsUntil(20)).containsExactly(5L);
        assertThat(retellings.due(START.plusSeconds(21)).getFirst().late()).isTrue();
    }

    @Test
    void urgesOneThatSomebodyWaitsFor() {
        retellings.soon("host", START);
        assertThat(secondsUntil(16)).hasSize(2);
        retellings.urge("host", START.plusSeconds(16));
        assertThat(retellings.due(START.plusSeconds(17))).isEmpty();
        assertThat(retellings.due(START.plusSeconds(18))).hasSize(1);
    }

    @Test
    void forgets() {
        retellings.soon("host", START);
        retellings.forget("host");
        retellings.urge("host", START);
        assertThat(retellings.due(START.plusSeconds(100))).isEmpty();
    }

    /** When it was due, looking every second. */
    private List<Long> secondsUntil(int end) {
        List<Long> seconds = new ArrayList<>();
        for (long second = 1; second <= end; second++) {
            if (!retellings.due(START.plusSeconds(second)).isEmpty()) {
                seconds.add(second);
            }
        }
        return seconds;
    }
}
