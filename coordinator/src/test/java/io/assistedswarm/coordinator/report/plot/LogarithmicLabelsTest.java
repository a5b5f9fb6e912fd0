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

    private static Stream<String> labels(double decades) {
        return TICKS.stream().map(LogarithmicLabels.labels(decades)).filter(label -> !label.isEmpty());
    }
}
