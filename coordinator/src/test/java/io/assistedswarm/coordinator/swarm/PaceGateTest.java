package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Pace;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PaceGateTest {
    private static final Instant START = Instant.parse("2026-11-23T03:20:00Z");
    private final PaceGate gate = new PaceGate(new Pace(2, Duration.ofSeconds(10), 5, 3));

    @BeforeEach
    void begin() {
        gate.begin(0, START);
    }

    @Test
    void saysWhenTheNextBatchIsDue() {
        assertThat(gate.due(1)).isEqualTo(START);
        assertThat(gate.notDue(2, START.plusSeconds(3)))
                .isEqualTo("waits for the pace: the next batch of 2 is due in 7 s");
    }

    @Test
    void beginsWithTheFirstClusterThatHasNoPlaces() {
        PaceGate later = new PaceGate(new Pace(2, Duration.ofSeconds(10), 5, 3));
        later.begin(3, START);
        assertThat(later.due(3)).isEqualTo(START);
        assertThat(later.due(5)).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void holdsBackWhenEnoughAreInstalling() {
        assertThat(gate.mayInstall(4)).isTrue();
        assertThat(gate.mayInstall(5)).isFalse();
        assertThat(gate.full(5)).isEqualTo("waits for the pace: 5 clusters are installing (maxInstalling 5)");
    }

    @Test
    void stopsOnlyWhenMoreThanAllowedHaveFailed() {
        assertThat(gate.tooManyFailed(3, 3)).isFalse();
        assertThat(gate.tooManyFailed(4, 4)).isTrue();
    }

    @Test
    void doesNotLimitWhatIsUnlimited() {
        PaceGate unlimited = new PaceGate(Pace.UNLIMITED);
        unlimited.begin(0, START);
        assertThat(unlimited.due(1_000)).isEqualTo(START);
        assertThat(unlimited.mayInstall(1_000_000)).isTrue();
    }
}
