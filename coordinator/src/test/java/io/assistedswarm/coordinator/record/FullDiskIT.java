package io.assistedswarm.coordinator.record;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.RunRecord.BatchId;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import io.assistedswarm.protocol.ClusterPhase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator whose record may not become any larger: by a limit on its files, which is to it what a full disk is. */
class FullDiskIT {
    private static final String WRITER = "a";
    private static final int AFTERWARDS = 20;
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    @TempDir
    private Path data;

    /** The coordinator: writes batch after batch, each until it is written, and says which it has and why one is not. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            RunRecord record = RunRecord.open(Path.of(arguments[0]));
            record.write(
                    List.of(new Change.SwarmAdded(spec(), plan(Pace.UNLIMITED, clusters(1, 1, 0)), START)), List.of());
            boolean refused = false;
            int left = AFTERWARDS;
            for (long sequence = 1; left > 0; ) {
                try {
                    record.write(
                            new BatchId(WRITER, sequence),
                            List.of(new Change.ClusterReleased(cluster(0))),
                            List.of(new Numbered(
                                    WRITER, WRITER, sequence, reached(cluster(0), ClusterPhase.APPLIED, 1))));
                    System.out.println("recorded " + sequence);
                    sequence++;
                    left -= refused ? 1 : 0;
                } catch (RecordException e) {
                    if (!refused) {
                        System.out.println("refused " + e.getMessage());
                    }
                    refused = true;
                    LockSupport.parkNanos(1_000_000);
                }
            }
            System.out.println(record.trouble().isPresent() ? "in trouble" : "well");
            record.close();
        }
    }

    @Test
    void saysWhyItCannotBeWrittenAndGoesOnOnceThereIsRoom() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(PRLIMIT), "no prlimit here");
        Process writer = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "ulimit -S -f 160; exec \"$@\"",
                        "sh",
                        ProcessHandle.current().info().command().orElseThrow(),
                        // Its file of counters is larger than that.
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .start();
        long said = 0;
        String refused = "";
        String last = "";
        try (BufferedReader output = writer.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                last = line;
                if (line.startsWith("recorded ")) {
                    assertThat(Long.parseLong(line.substring("recorded ".length())))
                            .isEqualTo(said + 1);
                    said++;
                } else if (line.startsWith("refused ")) {
                    refused = line;
                    new ProcessBuilder(PRLIMIT.toString(), "--pid", String.valueOf(writer.pid()), "--fsize=unlimited:")
                            .inheritIO()
                            .start()
                            .waitFor();
                }
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(refused)
                .as("in the system's words, not in the database's")
                .isEqualTo("refused cannot write to the record " + data.resolve("record") + ": File too large");
        assertThat(last).isEqualTo("well");
        try (RunRecord record = RunRecord.open(data)) {
            assertThat(record.lastSequence(WRITER, WRITER)).isEqualTo(said);
            assertThat(record.swarms().getFirst().transitions()).hasSize((int) said);
        }
    }
}
