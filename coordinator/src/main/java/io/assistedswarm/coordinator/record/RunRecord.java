package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Transition;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.h2.jdbcx.JdbcConnectionPool;

/** The database file in the data folder. Every method blocks. */
public final class RunRecord implements AutoCloseable {
    private static final String FILE = "record";
    private static final String KEY = "record-key";

    private final JdbcConnectionPool pool;
    private final Seal seal;

    private RunRecord(JdbcConnectionPool pool, Seal seal) {
        this.pool = pool;
        this.seal = seal;
    }

    /** A transition and its place in the order of the one who sent it. */
    public record Numbered(String sender, String incarnation, long sequence, Transition transition) {}

    /** @throws RecordException when the file cannot be opened, for example because another coordinator has it */
    public static RunRecord open(Path dataDirectory) {
        String url = "jdbc:h2:file:" + dataDirectory.toAbsolutePath().resolve(FILE) + ";DB_CLOSE_ON_EXIT=FALSE";
        RunRecord record;
        try {
            record = open(JdbcConnectionPool.create(url, "swarm", ""), () -> Seal.of(dataDirectory.resolve(KEY)));
        } catch (SQLException e) {
            throw new RecordException(
                    "cannot open the record " + url + ": " + e.getMessage()
                            + "; is another coordinator running with the same --data?",
                    e);
        }
        forOwnerOnly(dataDirectory);
        return record;
    }

    private static RunRecord open(JdbcConnectionPool pool, Supplier<Seal> seal) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            RecordSchema.create(connection);
            return new RunRecord(pool, seal.get());
        } catch (SQLException | RecordException e) {
            pool.dispose();
            throw e;
        }
    }

    /** The database gives its files the rights that the process has by default. */
    private static void forOwnerOnly(Path dataDirectory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dataDirectory, FILE + ".*")) {
            for (Path file : files) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw new RecordException("cannot keep others from reading the record in " + dataDirectory + ": " + e, e);
        }
    }

    /** For queries; the caller closes it. */
    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /** Writes all or nothing. A transition whose number is recorded already is left out. */
    public void write(List<Change> changes, List<Numbered> transitions) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                for (Change change : changes) {
                    SwarmTables.write(connection, change, seal);
                }
                TransitionTable.write(connection, transitions);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new RecordException("cannot write to the record: " + e.getMessage(), e);
        }
    }

    /** Number of the last transition of a sender that is recorded; 0 for none. */
    public long lastSequence(String sender, String incarnation) {
        return read(connection -> TransitionTable.lastSequence(connection, sender, incarnation));
    }

    /** In the order of submission. */
    public List<RecordedSwarm> swarms() {
        return read(connection -> SwarmTables.swarms(connection, seal));
    }

    public Memory memory() {
        return read(connection -> new Memory(
                NodeTable.coordinator(connection),
                SwarmTables.swarms(connection, seal),
                NodeTable.workers(connection),
                SwarmTables.placements(connection)));
    }

    /** What happened to a cluster, without its hosts. */
    public List<HistoryEntry> history(ClusterId cluster) {
        return read(connection -> TransitionTable.history(connection, cluster));
    }

    public List<HistoryEntry> history(HostId host) {
        return read(connection -> TransitionTable.history(connection, host));
    }

    @Override
    public void close() {
        pool.dispose();
    }

    /** The plan in a row of the table of swarms. */
    public static SwarmPlan plan(ResultSet row) throws SQLException {
        return SwarmTables.plan(row);
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private <T> T read(Query<T> query) {
        try (Connection connection = pool.getConnection()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw new RecordException("cannot read the record: " + e.getMessage(), e);
        }
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    /** The record cannot be opened, read or written. */
    public static final class RecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RecordException(String message) {
            super(message);
        }

        RecordException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
