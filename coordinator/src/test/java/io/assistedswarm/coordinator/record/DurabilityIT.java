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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is killed while it writes its record. */
class DurabilityIT {
    private static final String WRITER = "a";

    @TempDir
    private Path data;

    /**
     * The coordinator: writes one transition after the other, and says which one is recorded. By default the database itself takes what is committed
     * now and then, and has another thread write it; here it is told to all the time.
     */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws SQLException {
            RunRecord record = RunRecord.open(Path.of(arguments[0]));
            try (Connection connection = record.connection()) {
                MVStore store = ((SessionLocal)
                                connection.unwrap(JdbcConnection.class).getSession())
                        .getDatabase()
                        .getStore()
                        .getMvStore();
                Thread.ofPlatform().daemon().start(() -> {
                    while (true) {
                        store.tryCommit();
                        LockSupport.parkNanos(50_000);
                    }
                });
            }
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

    @RepeatedTest(2)
    void whatItSaidToBeRecordedIsThereAfterwards() throws IOException, InterruptedException {
        List<Killed> writers = new ArrayList<>();
        // Side by side, so that some are killed in the middle of a write.
        for (int i = 0; i < 4; i++) {
            writers.add(Killed.start(data.resolve("" + i)));
        }
        for (Killed writer : writers) {
            long said = writer.said().join();
            assertThat(said).isGreaterThanOrEqualTo(20);
            writer.process().waitFor();
            try (RunRecord record = RunRecord.open(writer.folder())) {
                assertThat(record.lastSequence(WRITER, WRITER)).isGreaterThanOrEqualTo(said);
            }
        }
    }

    /** @param said the last that it said to be recorded */
    private record Killed(Path folder, Process process, CompletableFuture<Long> said) {
        static Killed start(Path folder) throws IOException {
            Process process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            Files.createDirectory(folder).toString())
                    .redirectErrorStream(true)
                    .start();
            return new Killed(folder, process, CompletableFuture.supplyAsync(() -> killed(process)));
        }

        private static long killed(Process process) {
            long said = 0;
            try (BufferedReader output = process.inputReader()) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    if (line.startsWith("recorded ")) {
                        said = Long.parseLong(line.substring("recorded ".length()));
                    }
                    if (said == 20) {
                        // By its handle: the process itself would close its output, too.
                        process.toHandle().destroyForcibly();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return said;
        }
    }
}
