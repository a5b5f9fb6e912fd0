package io.assistedswarm.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadSearchTest {
    @Test
    void doublesUntilTheLimitsAreNotMetThenHalvesTheGap() {
        LoadSearch search = new LoadSearch(100, OptionalDouble.empty(), 50, 20);
        assertThat(tried(search, load -> load <= 560 ? Outcome.MET : Outcome.NOT_MET))
                .containsExactly(100.0, 200.0, 400.0, 800.0, 600.0, 500.0, 550.0);
        assertThat(search.highestMet()).contains(550.0);
        assertThat(search.conclusion(LoadSearchTest::perHour))
                .isEqualTo("the highest load that meets the limits is 550/h; 600/h does not meet them");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 10, 63, 64, 65, 1_000, 4_999})
    void findsTheHighestWholeNumberWhateverItIs(int highest) {
        LoadSearch search = new LoadSearch(1, OptionalDouble.of(5_000), 1, 99);
        tried(search, load -> load <= highest ? Outcome.MET : Outcome.NOT_MET);
        assertThat(search.highestMet()).contains((double) highest);
    }

    @Test
    void doesNotGoBeyondTheEnd() {
        LoadSearch search = new LoadSearch(100, OptionalDouble.of(300), 10, 20);
        assertThat(tried(search, load -> Outcome.MET)).containsExactly(100.0, 200.0, 300.0);
        assertThat(search.conclusion(LoadSearchTest::perHour))
                .isEqualTo("the highest load that meets the limits is 300/h; no higher one was to be tried");
    }

    @Test
    void stopsAtOnceWhenTheLowestLoadIsTooMuch() {
        LoadSearch search = new LoadSearch(100, OptionalDouble.empty(), 10, 20);
        assertThat(tried(search, load -> Outcome.NOT_MET)).containsExactly(100.0);
        assertThat(search.highestMet()).isEmpty();
        assertThat(search.conclusion(LoadSearchTest::perHour))
                .isEqualTo("even 100/h does not meet the limits; begin with less");
    }

    @Test
    void doesNotBlameTheServiceForWhatTheGeneratorCannotGive() {
        LoadSearch search = new LoadSearch(100, OptionalDouble.empty(), 100, 20);
        tried(search, load -> load <= 300 ? Outcome.MET : Outcome.NOT_VALID);
        assertThat(search.conclusion(LoadSearchTest::perHour))
                .isEqualTo(
                        "the highest load that meets the limits is 300/h; 400/h is more than the generator can give, so the service may bear more");
        LoadSearch hopeless = new LoadSearch(100, OptionalDouble.empty(), 100, 20);
        tried(hopeless, load -> Outcome.NOT_VALID);
        assertThat(hopeless.conclusion(LoadSearchTest::perHour))
                .isEqualTo("no load was tried out: the generator could not give even 100/h");
    }

    @Test
    void endsWhenItsStepsAreUsedUp() {
        LoadSearch search = new LoadSearch(100, OptionalDouble.empty(), 1, 3);
        assertThat(tried(search, load -> Outcome.MET)).containsExactly(100.0, 200.0, 400.0);
        assertThat(search.conclusion(LoadSearchTest::perHour)).contains("higher ones were not tried");
    }

    private static List<Double> tried(LoadSearch search, DoubleFunction<Outcome> service) {
        List<Double> loads = new ArrayList<>();
        for (OptionalDouble load = search.next(); load.isPresent(); load = search.next()) {
            loads.add(load.getAsDouble());
            search.tried(load.getAsDouble(), service.apply(load.getAsDouble()));
        }
        return loads;
    }

    private static String perHour(double load) {
        return Math.round(load) + "/h";
    }
}
