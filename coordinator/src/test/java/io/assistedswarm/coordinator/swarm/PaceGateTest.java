package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Pace;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceGateTest {
    private static final Instant START = Instant.parse("2026-11-23T03:20:00Z");
    private final PaceGate gate = new PaceGate(new Pace(2, Duration.ofSeconds(10), 5, 3));

    @Test
    void admitsABatchAndThenWaitsForTheInterval() {
        assertThat(gate.leftOfBatch(START)).isEqualTo(2);
        gate.admitted(START);
        gate.admitted(START.plusSeconds(1));
        assertThat(gate.leftOfBatch(START.plusSeconds(9))).isZero();
        assertThat(gate.leftOfBatch(START.plusSeconds(10))).isEqualTo(2);
    }

    @Test
    void doesNotSaveUpBatchesWhileABatchWaitsForPlaces() {
        gate.admitted(START);
        assertThat(gate.leftOfBatch(START.plusSeconds(100))).isEqualTo(1);
        gate.admitted(START.plusSeconds(100));
        assertThat(gate.leftOfBatch(START.plusSeconds(100))).isEqualTo(2);
    }

    @Test
    void saysWhenTheNextBatchIsDue() {
        gate.admitted(START);
        gate.admitted(START);
        assertThat(gate.waiting(START.plusSeconds(3), 2))
                .contains("waits for the pace: the next batch of 2 is admitted in 7 s");
    }

    @Test
    void holdsBackWhenEnoughAreInstalling() {
        assertThat(gate.mayInstall(4)).isTrue();
        assertThat(gate.mayInstall(5)).isFalse();
        assertThat(gate.waiting(START, 5)).contains("waits for the pace: 5 clusters are installing (maxInstalling 5)");
    }

    @Test
    void stopsOnlyWhenMoreThanAllowedHaveFailed() {
        assertThat(gate.tooManyFailed(3)).isFalse();
        assertThat(gate.tooManyFailed(4)).isTrue();
    }

    @Test
    void doesNotLimitWhatIsUnlimited() {
        PaceGate unlimited = new PaceGate(Pace.UNLIMITED);
        for (int i = 0; i < 1_000; i++) {
            unlimited.admitted(START);
        }
        assertThat(unlimited.leftOfBatch(START)).isPositive();
        assertThat(unlimited.waiting(START, 1_000_000)).isEmpty();
    }
}
