package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final Instant START = Instant.parse("2026-11-23T03:20:00Z");
    private static final Pace EVERY_TEN_SECONDS = new Pace(1, Duration.ofSeconds(10), 9, 9);
    private static final Pace EVERY_SECOND = new Pace(1, Duration.ofSeconds(1), 9, 9);
    private final Timetable timetable = Timetable.starting(EVERY_TEN_SECONDS, 0, START);

    @Test
    void isAFunctionOfThePlanAndTheStart() {
        assertThat(timetable.due(0)).isEqualTo(START);
        assertThat(timetable.due(7)).isEqualTo(START.plusSeconds(70));
    }

    @Test
    void movesWhatIsToComeByAPause() {
        Timetable resumed = timetable.pausedAt(START.plusSeconds(25)).resumedAt(START.plusSeconds(125));
        assertThat(resumed.due(3)).isEqualTo(START.plusSeconds(130));
        Timetable again = resumed.pausedAt(START.plusSeconds(130)).resumedAt(START.plusSeconds(131));
        assertThat(again.due(4)).isEqualTo(START.plusSeconds(141));
    }

    @Test
    void goesOnFromNowWhenTheStartTimesChange() {
        Timetable changed = timetable.changed(startTimes(EVERY_SECOND), 3, START.plusSeconds(25));
        assertThat(changed.due(2)).as("was due before").isEqualTo(START.plusSeconds(20));
        assertThat(changed.due(3)).isEqualTo(START.plusSeconds(25));
        assertThat(changed.due(5)).isEqualTo(START.plusSeconds(27));
        assertThat(changed.pace().batches()).isTrue();
    }

    @Test
    void goesOnWhenItIsResumedAfterAChangeDuringAPause() {
        Timetable changed = timetable
                .pausedAt(START.plusSeconds(25))
                .changed(startTimes(EVERY_SECOND), 3, START.plusSeconds(60))
                .resumedAt(START.plusSeconds(125));
        assertThat(changed.due(3)).isEqualTo(START.plusSeconds(125));
        assertThat(changed.due(4)).isEqualTo(START.plusSeconds(126));
    }

    @Test
    void keepsTheStartTimesWhenOnlyABoundChanges() {
        Timetable changed = timetable.changed(
                new PaceChange(Optional.empty(), Optional.of(3), Optional.of(7), Optional.empty()),
                3,
                START.plusSeconds(25));
        assertThat(changed.due(3)).isEqualTo(START.plusSeconds(30));
        assertThat(changed.pace().maxInstalling()).isEqualTo(3);
        assertThat(changed.pace().maxPerWorker()).contains(7);
    }

    @Test
    void letsClustersThatWereNotPlannedComeFromNowOn() {
        Timetable extended = timetable.extended(5, START.plusSeconds(1_000));
        assertThat(extended.due(4)).isEqualTo(START.plusSeconds(40));
        assertThat(extended.due(5)).isEqualTo(START.plusSeconds(1_000));
        assertThat(extended.due(6)).isEqualTo(START.plusSeconds(1_010));
        assertThat(timetable.extended(5, START.plusSeconds(20)))
                .as("their times are still to come")
                .isEqualTo(timetable);
    }

    private static PaceChange startTimes(Pace pace) {
        return new PaceChange(Optional.of(pace), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
