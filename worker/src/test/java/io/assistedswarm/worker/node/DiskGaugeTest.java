package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.DataDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskGaugeTest {
    @TempDir
    private Path folder;

    @Test
    void neverWaitsForTheDisk() {
        assertThat(new DiskGauge(folder, look -> {}).now()).isEqualTo(DataDisk.UNKNOWN);
    }

    @Test
    void saysWhyNothingCanBeWrittenAndWhenItCanAgain() throws IOException {
        DiskGauge gauge = new DiskGauge(folder, Runnable::run);
        assertThat(gauge.now().trouble()).isEmpty();
        assertThat(gauge.now().freeBytes()).isPositive();

        Path full = Files.createSymbolicLink(folder.resolve("room.probe"), Path.of("/dev/full"));
        assertThat(gauge.now().trouble()).isEqualTo("No space left on device");

        Files.delete(full);
        assertThat(gauge.now().trouble()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
