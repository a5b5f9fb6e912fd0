package io.assistedswarm.coordinator.report;

import static io.assistedswarm.coordinator.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Alert.Severity;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.series.AlertResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertLimitsTest {
    private static final Alert DOWN = new Alert("up == 0", "{{$labels.job}} down", Severity.ERROR);
    private static final Alert SLOW = new Alert("slow > 1", "", Severity.WARNING);

    @Test
    void failsWhenOneThatDecidesHasFired() {
        List<LimitResult> limits = AlertLimits.results(
                List.of(DOWN, SLOW),
                List.of(
                        new AlertResult(
                                DOWN, 2, Optional.of(START), List.of("etcd down", "api down"), Optional.empty()),
                        new AlertResult(SLOW, 1, Optional.of(START), List.of(""), Optional.empty())));
        assertThat(limits)
                .containsExactly(new LimitResult(
                        "error alert: up == 0",
                        Party.SERVICE,
                        "never fires",
                        "fired for 2 of its series, first at " + START + ": etcd down",
                        false));
        assertThat(Ruling.of(limits, 0).verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void passesWhenNoneOfThemHas() {
        List<LimitResult> limits = AlertLimits.results(
                List.of(DOWN), List.of(new AlertResult(DOWN, 0, Optional.empty(), List.of(), Optional.empty())));
        assertThat(Ruling.of(limits, 0).verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void knowsNothingWhenOneThatDecidesCouldNotBeAsked() {
        List<LimitResult> limits = AlertLimits.results(
                List.of(DOWN),
                List.of(new AlertResult(DOWN, 0, Optional.empty(), List.of(), Optional.of("no answer"))));
        assertThat(Ruling.of(limits, 0))
                .isEqualTo(new Ruling(
                        Verdict.NOT_VALID, List.of("error alert: up == 0: no answer, never fires is wanted")));
        assertThat(AlertLimits.results(List.of(DOWN), List.of()).getFirst().measured())
                .startsWith("not asked yet");
    }

    /** What the service certainly did is not hidden by what nobody knows. */
    @Test
    void failsByWhatIsKnownBesideWhatIsNot() {
        LimitResult broken = new LimitResult("a", Party.SERVICE, "b", "c", false);
        LimitResult unknown = new LimitResult("d", Party.MEASUREMENT, "e", "f", false);
        assertThat(Ruling.of(List.of(unknown, broken), 0).verdict()).isEqualTo(Verdict.FAILED);
    }
}
