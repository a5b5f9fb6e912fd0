package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.WorkerCommand.LeaseRenewed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class HealthGaugeTest {
    private static final Instant START = Instant.parse("2026-11-26T10:00:00Z");

    private final TestingClock clock = new TestingClock();
    private final HealthGauge gauge = new HealthGauge(clock, StrainGauge.start());

    @Test
    void knowsNothingOfItsClockBeforeTheFirstAnswer() {
        assertThat(gauge.now().ahead()).isEmpty();
    }

    @Test
    void comparesClocksInTheMiddleOfTheRoundTrip() {
        answered(Duration.ofMillis(40), Duration.ofSeconds(3));
        NodeHealth health = gauge.now();
        assertThat(health.ahead()).contains(Duration.ofSeconds(3));
        assertThat(health.roundTrip()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void believesTheFastestOfTheLastAnswers() {
        answered(Duration.ofMillis(2), Duration.ofSeconds(-2));
        // On one of the ways only, as when a queue is long.
        Instant sent = clock.now;
        clock.now = sent.plusMillis(900);
        gauge.heard(new LeaseRenewed(
                0, Duration.ofSeconds(25), sent, sent.plusSeconds(2).plusMillis(890)));
        assertThat(gauge.now().ahead()).contains(Duration.ofSeconds(-2));
        for (int i = 0; i < 8; i++) {
            answered(Duration.ofMillis(20), Duration.ofMillis(5));
        }
        assertThat(gauge.now().ahead()).as("the old ones are forgotten").contains(Duration.ofMillis(5));
    }

    @Test
    void forgetsWhatItKnewWhenItsClockIsSetBack() {
        answered(Duration.ofMillis(2), Duration.ZERO);
        Instant sent = clock.now;
        clock.now = sent.minusSeconds(60);
        gauge.heard(new LeaseRenewed(0, Duration.ofSeconds(25), sent, sent));
        assertThat(gauge.now().ahead()).isEmpty();
    }

    private void answered(Duration roundTrip, Duration ahead) {
        Instant sent = clock.now;
        clock.now = sent.plus(roundTrip);
        gauge.heard(new LeaseRenewed(
                0,
                Duration.ofSeconds(25),
                sent,
                sent.plus(roundTrip.dividedBy(2)).minus(ahead)));
    }

    private static final class TestingClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
