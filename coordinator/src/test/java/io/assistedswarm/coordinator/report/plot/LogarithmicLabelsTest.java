package io.assistedswarm.coordinator.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogarithmicLabelsTest {
    private static final List<Double> TICKS =
            List.of(0.04, 0.07, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9, 1.0, 2.0, 6.0, 10_000.0);

    @Test
    void namesFewerTicksTheMoreDecadesThereAre() {
        assertThat(labels(1)).containsExactly("0.07", "0.1", "0.2", "0.3", "0.5", "1", "2", "10,000");
        assertThat(labels(3)).containsExactly("0.1", "0.2", "0.5", "1", "2", "10,000");
        assertThat(labels(6)).containsExactly("0.1", "1", "10,000");
    }

    @Test
    void suitsWhatGoesOverADecadeOrMore() {
        assertThat(LogarithmicLabels.suit(distribution(2, 40))).isTrue();
        assertThat(LogarithmicLabels.suit(distribution(22, 40))).isFalse();
        assertThat(LogarithmicLabels.suit(new Plot(
                        "id",
                        "a",
                        "",
                        "",
                        "",
                        Plot.Kind.LINES,
                        distribution(2, 40).lines())))
                .isFalse();
    }

    private static Plot distribution(double lowest, double highest) {
        Line line = new Line("a → b", List.of(lowest, highest), List.of(50.0, 100.0), 0);
        return new Plot("id", "a", "", "", "", Plot.Kind.LOGARITHMIC, List.of(line));
    }

    private static Stream<String> labels(double decades) {
        return TICKS.stream().map(LogarithmicLabels.labels(decades)).filter(label -> !label.isEmpty());
    }
}
