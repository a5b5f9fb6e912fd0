package io.assistedswarm.coordinator.record;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.protocol.ClusterPhase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is killed while it writes its record. */
class DurabilityIT {
    private static final String WRITER = "a";

    @TempDir
    private Path data;

    /** The coordinator: writes one transition after the other, and says which one is recorded. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            RunRecord record = RunRecord.open(Path.of(arguments[0]));
            record.write(
                    List.of(new Change.SwarmAdded(spec(), plan(Pace.UNLIMITED, clusters(1, 1, 0)), START)), List.of());
            for (long sequence = 1; ; sequence++) {
                record.write(
                        List.of(),
                        List.of(new Numbered(WRITER, WRITER, sequence, reached(cluster(0), ClusterPhase.APPLIED, 1))));
                System.out.println("recorded " + sequence);
            }
        }
    }

    @RepeatedTest(3)
    void whatItSaidToBeRecordedIsThereAfterwards() throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .start();
        long said = 0;
        try (BufferedReader output = writer.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("recorded ")) {
                    said = Long.parseLong(line.substring("recorded ".length()));
                }
                if (said == 20) {
                    // By its handle: the process itself would close its output, too.
                    writer.toHandle().destroyForcibly();
                }
            }
        }
        writer.waitFor();

        assertThat(said).isGreaterThanOrEqualTo(20);
        try (RunRecord record = RunRecord.open(data)) {
            assertThat(record.lastSequence(WRITER, WRITER)).isGreaterThanOrEqualTo(said);
        }
    }
}
