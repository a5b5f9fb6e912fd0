package io.assistedswarm.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.5);

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "3, 2000", "6, 16000", "7, 30000", "40, 30000", "2147483647, 30000"})
    void doublesUpToItsCap(int attempt, long millis) {
        assertThat(BACKOFF.delay(attempt, 0)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void leavesItsShareToChance() {
        assertThat(BACKOFF.delay(2, 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(BACKOFF.delay(2, 0.5)).isEqualTo(Duration.ofMillis(750));
    }
}
