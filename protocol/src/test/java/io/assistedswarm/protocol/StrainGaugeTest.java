package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrainGaugeTest {
    @TempDir
    private Path folder;

    @Test
    void readsTheShareOfTimeInWhichSomethingWaitedForAProcessor() throws IOException {
        Path pressure = Files.writeString(
                folder.resolve("cpu"),
                "some avg10=14.57 avg60=55.10 avg300=71.37 total=19026471129\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
        assertThat(new StrainGauge(pressure).cpuWait()).contains(0.1457);
    }

    @Test
    void saysNothingWhereTheKernelDoesNot() throws IOException {
        assertThat(new StrainGauge(folder.resolve("none")).cpuWait()).isEmpty();
        assertThat(new StrainGauge(Files.writeString(folder.resolve("other"), "none\n")).cpuWait())
                .isEmpty();
    }

    @Test
    void keepsTheLongestStallUntilItIsTenSecondsOld() {
        StrainGauge gauge = new StrainGauge(folder.resolve("none"));
        gauge.stalled(0, Duration.ofMillis(700).toNanos());
        gauge.stalled(1, -5);
        assertThat(gauge.longestStall()).isEqualTo(Duration.ofMillis(700));
        gauge.stalled(0, 3);
        assertThat(gauge.longestStall()).isEqualTo(Duration.ofNanos(3));
    }
}
