package io.assistedswarm.coordinator.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class DrawingTest {
    @Test
    void namesNoHalvesOfWhatIsCounted() {
        assertThat(DoubleStream.of(0, 0.5, 1, 1.2000000000000002, 3 * 0.1 + 0.7, 7.5, 12_000)
                        .mapToObj(Drawing::whole))
                .containsExactly("0", "", "1", "", "1", "", "12,000");
    }
}
