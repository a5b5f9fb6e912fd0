package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
    /** Its child has left the session, and goes on forking. */
    private static final String FORKING = "setsid sh -c 'while :; do sleep 0.01; done' & wait";

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    @Test
    void endsWhatCarriesTheFolderAndNothingElse() throws IOException, InterruptedException {
        Process left = start(folder, "sleep 600");
        Process forking = start(folder, FORKING);
        Process others = start(elsewhere, "sleep 600");
        try {
            assertThat(new Leftovers(folder).end()).isGreaterThanOrEqualTo(2);
            assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(forking.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessTable.read().carrying(List.of(Processes.DATA_FOLDER + "=" + folder)))
                    .isEmpty();
            assertThat(others.isAlive()).isTrue();
        } finally {
            List.of(left, forking, others).forEach(Process::destroyForcibly);
        }
    }

    @Test
    void hasNothingToDoWhereNothingWasLeft() {
        assertThat(new Leftovers(folder).end()).isZero();
    }

    private static Process start(Path data, String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
        builder.environment().put(Processes.DATA_FOLDER, data.toString());
        return builder.start();
    }
}
