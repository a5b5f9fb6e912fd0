package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ForbiddanceTest {
    private static final ClusterId ONE = new ClusterId(new SwarmId("night"), 0);
    private static final ClusterId OTHER = new ClusterId(new SwarmId("night"), 1);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Forbiddance forbiddance = new Forbiddance(Duration.ofSeconds(40));

    @Test
    void isForGoodAfterFiveTimesInARowAndSomeTime() {
        for (int second = 0; second < 30; second++) {
            forbiddance.forbidden(ONE, at(second));
        }
        assertThat(forbiddance.isLasting(ONE, at(39))).isFalse();
        assertThat(forbiddance.isLasting(ONE, at(40))).isTrue();
        assertThat(forbiddance.isLasting(OTHER, at(40))).isFalse();
    }

    @Test
    void isNotForGoodAfterFourTimesHoweverLongTheyTook() {
        for (int times = 0; times < 4; times++) {
            forbiddance.forbidden(ONE, at(times * 100));
        }
        assertThat(forbiddance.isLasting(ONE, at(400))).isFalse();
        assertThat(forbiddance.isLasting(at(400))).isFalse();
    }

    @Test
    void beginsAnewWithAnotherAnswer() {
        for (int times = 0; times < 5; times++) {
            forbiddance.forbidden(ONE, at(times * 10));
        }
        forbiddance.answered(ONE);
        forbiddance.forbidden(ONE, at(60));
        assertThat(forbiddance.isLasting(ONE, at(200))).isFalse();
        assertThat(forbiddance.timesInARow(ONE)).isEqualTo(1);
    }

    @Test
    void ofOneClusterIsNobodyElsesBusiness() {
        for (int times = 0; times < 5; times++) {
            forbiddance.forbidden(ONE, at(times * 20));
            assertThat(forbiddance.mayConcernAll(2)).isFalse();
            forbiddance.answered(OTHER);
        }
        assertThat(forbiddance.isLasting(ONE, at(100))).isTrue();
        assertThat(forbiddance.isLasting(at(100))).isFalse();
    }

    @Test
    void ofSeveralOneAfterTheOtherIsTheUsers() {
        for (int times = 0; times < 3; times++) {
            forbiddance.forbidden(ONE, at(times * 20));
            forbiddance.forbidden(OTHER, at(times * 20 + 1));
        }
        assertThat(forbiddance.mayConcernAll(9)).isTrue();
        assertThat(forbiddance.isLasting(ONE, at(41))).isFalse();
        assertThat(forbiddance.isLasting(at(41))).isTrue();
    }

    @Test
    void ofTheOnlyClusterMayBeTheUsers() {
        forbiddance.forbidden(ONE, at(0));
        assertThat(forbiddance.mayConcernAll(1)).isTrue();
    }

    @Test
    void ofTheListsIsTheUsers() {
        for (int times = 0; times < 5; times++) {
            forbiddance.forbidden(at(times * 20));
        }
        assertThat(forbiddance.isLasting(at(100))).isTrue();
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
