package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void startsOneAfterTheOtherAtARate() {
        Pace pace = stretches(Stretch.endless(new Rate(360)));
        assertThat(pace.due(0)).isZero();
        assertThat(pace.due(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(pace.due(360)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void startsABatchAtATime() {
        Pace pace = new Pace(2, Duration.ofSeconds(30), 9, 9);
        assertThat(List.of(pace.due(0), pace.due(1), pace.due(2), pace.due(5)))
                .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    @Test
    void startsAllAtOnceWhenNothingSaysWhen() {
        assertThat(Pace.UNLIMITED.due(60_000)).isZero();
        assertThat(Pace.UNLIMITED.saysWhen()).isFalse();
    }

    /** From 100 to 1,000 an hour within half an hour makes 275 clusters; the first half of the time has 81 or so of them. */
    @Test
    void speedsUpEvenlyInARampAndGoesOnAtItsEnd() {
        Pace pace = stretches(new Stretch(new Rate(100), new Rate(1_000), Optional.of(Duration.ofMinutes(30))));
        assertThat(pace.due(275)).isCloseTo(Duration.ofMinutes(30), Duration.ofMillis(1));
        assertThat(pace.due(275 + 1_000).minus(pace.due(275))).isCloseTo(Duration.ofHours(1), Duration.ofMillis(1));
        double quarterHours = 0.25;
        double started = 100 * quarterHours + (1_000 - 100) / 0.5 * quarterHours * quarterHours / 2;
        assertThat(started).isEqualTo(81.25, within(1e-9));
        assertThat(pace.due(81)).isLessThan(Duration.ofMinutes(15));
        assertThat(pace.due(82)).isGreaterThan(Duration.ofMinutes(15));
    }

    @Test
    void slowsDownInARamp() {
        Pace pace = stretches(new Stretch(new Rate(1_000), new Rate(100), Optional.of(Duration.ofMinutes(30))));
        assertThat(pace.due(275)).isCloseTo(Duration.ofMinutes(30), Duration.ofMillis(1));
        for (int i = 1; i < 400; i++) {
            assertThat(pace.due(i)).isGreaterThan(pace.due(i - 1));
        }
    }

    @Test
    void goesFromStepToStep() {
        Pace pace = stretches(
                new Stretch(new Rate(60), new Rate(60), Optional.of(Duration.ofMinutes(10))),
                Stretch.endless(new Rate(600)));
        assertThat(pace.due(9)).isEqualTo(Duration.ofMinutes(9));
        assertThat(pace.due(10)).isEqualTo(Duration.ofMinutes(10));
        assertThat(pace.due(20)).isEqualTo(Duration.ofMinutes(11));
    }

    @Test
    void allowsAShareOfFailuresOnceEnoughHaveEnded() {
        Pace pace = new Pace(
                1,
                Duration.ofSeconds(1),
                List.of(),
                9,
                Optional.empty(),
                Pace.UNLIMITED.maxFailures(),
                Optional.of(new FailureShare(0.1, 20)));
        assertThat(pace.allows(19, 19)).as("too few have ended").isTrue();
        assertThat(pace.allows(2, 20)).isTrue();
        assertThat(pace.allows(3, 20)).isFalse();
    }

    @Test
    void readsRatesAsPeopleWriteThem() {
        assertThat(Rate.parse("500/h")).contains(new Rate(500));
        assertThat(Rate.parse("0.5/s")).contains(new Rate(1_800));
        assertThat(Rate.parse("10/m")).contains(new Rate(600));
        assertThat(Rate.parse("10")).isEmpty();
        assertThat(Rate.parse("10/d")).isEmpty();
        assertThat(new Rate(0.25)).hasToString("0.25/h");
    }

    private static Pace stretches(Stretch... stretches) {
        return new Pace(
                Pace.UNLIMITED.batch(),
                Duration.ZERO,
                List.of(stretches),
                Pace.UNLIMITED.maxInstalling(),
                Optional.empty(),
                Pace.UNLIMITED.maxFailures(),
                Optional.empty());
    }
}
