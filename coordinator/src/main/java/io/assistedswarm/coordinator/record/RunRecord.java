package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.coordinator.series.Scrape;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** The coordinator's database: a file in its data folder, or PostgreSQL. Every method blocks. */
public final class RunRecord implements AutoCloseable {
    private static final String FILE = "record";
    /**
     * So long H2 does not use again the space of what has been overwritten. Its default of 45 s is for files whose writes reach the disk
     * in any order; here each commit is waited for.
     */
    private static final int RETENTION_MILLIS = 2_000;

    private static final int NO_COMPACTION = 0;

    private static final int POOLED_AT_MOST = 8;
    private static final int FOR_CONNECTING_SECONDS = 10;

    private final String where;
    private final JdbcConnectionPool pool;
    private final Seal seal;
    /** On a database that others can reach, too; empty for a file. */
    private final Optional<Claim> claim;

    private volatile Listener listener = (changes, transitions) -> {};
    private volatile Optional<Trouble> trouble = Optional.empty();

    private RunRecord(String where, JdbcConnectionPool pool, Seal seal, Optional<Claim> claim) {
        this.where = where;
        this.pool = pool;
        this.seal = seal;
        this.claim = claim;
    }

    /** A transition and its place in the order of the one who sent it. */
    public record Numbered(String sender, String incarnation, long sequence, Transition transition) {}

    /**
     * What is written together. One that is given again after an error may have been written all the same: a database that is cut off in the
     * middle of a commit cannot say.
     *
     * @param writer counts its batches upwards
     */
    public record BatchId(String writer, long number) {}

    /** Is told what has been written. */
    @FunctionalInterface
    public interface Listener {
        void written(List<Change> changes, List<Transition> transitions);
    }

    /** Nothing can be written, since then. */
    public record Trouble(Instant since, String reason) {
        @Override
        public String toString() {
            return "the record cannot be written since " + since.truncatedTo(ChronoUnit.SECONDS) + ": " + reason;
        }
    }

    /** The database file in the folder. */
    public static RunRecord open(Path dataDirectory) {
        return open(RecordSettings.file(dataDirectory));
    }

    /**
     * @throws Taken when another coordinator has it
     * @throws RecordException when it cannot be opened
     */
    public static RunRecord open(RecordSettings settings) {
        return settings.isPostgres() ? openPostgres(settings) : openFile(settings);
    }

    private static RunRecord openFile(RecordSettings settings) {
        Path file = settings.data().toAbsolutePath().resolve(FILE);
        String url = "jdbc:h2:file:" + file + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;RETENTION_TIME="
                + RETENTION_MILLIS;
        try {
            recover(settings.data().resolve(FILE + ".mv.db"));
            RunRecord record =
                    open(file.toString(), JdbcConnectionPool.create(url, "swarm", ""), settings, Optional.empty());
            forOwnerOnly(settings.data());
            return record;
        } catch (SQLException e) {
            String message = "cannot open the record " + file + ": " + reason(e).orElse(e.getMessage());
            throw e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                    ? new Taken(message + "; is another coordinator running with the same --data?", e)
                    : new RecordException(message + "; mend that, or name another folder with --data", e);
        }
    }

    /**
     * Of a file whose writer was killed in the middle of a write H2 by itself takes the newest state that it comes upon, which may be some commits
     * old; asked to, it looks through the whole file for the newest there is.
     */
    private static void recover(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            new MVStore.Builder()
                    .fileName(file.toString())
                    .recoveryMode()
                    .autoCommitDisabled()
                    .open()
                    .close(NO_COMPACTION);
        } catch (MVStoreException e) {
            if (e.getErrorCode() != DataUtils.ERROR_FILE_LOCKED) {
                throw new RecordException(
                        "cannot open the record " + file + ": " + reason(e).orElse(e.getMessage())
                                + "; mend that, or name another folder with --data",
                        e);
            }
            // Who opens it next is told so.
        }
    }

    private static RunRecord openPostgres(RecordSettings settings) {
        PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
        try {
            source.setUrl(settings.url());
            if (!settings.user().isEmpty()) {
                source.setUser(settings.user());
            }
            if (!settings.password().reveal().isEmpty()) {
                source.setPassword(settings.password().reveal());
            }
            source.setLoginTimeout(FOR_CONNECTING_SECONDS);
            source.setTcpKeepAlive(true);
            Claim claim = Claim.take(() -> DriverManager.getConnection(settings.url(), properties(settings)))
                    .orElseThrow(() -> new Taken(
                            "another coordinator has the record " + settings.url()
                                    + "; with --standby this one waits until it is gone",
                            null));
            JdbcConnectionPool pool = JdbcConnectionPool.create(source);
            pool.setMaxConnections(POOLED_AT_MOST);
            try {
                return open(settings.url(), pool, settings, Optional.of(claim));
            } catch (SQLException | RecordException e) {
                claim.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new RecordException(
                    "cannot open the record " + settings.url() + " as " + settings.user() + ": " + e.getMessage(), e);
        }
    }

    private static Properties properties(RecordSettings settings) {
        Properties properties = new Properties();
        if (!settings.user().isEmpty()) {
            properties.setProperty("user", settings.user());
        }
        if (!settings.password().reveal().isEmpty()) {
            properties.setProperty("password", settings.password().reveal());
        }
        properties.setProperty("loginTimeout", String.valueOf(FOR_CONNECTING_SECONDS));
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    private static RunRecord open(String where, JdbcConnectionPool pool, RecordSettings settings, Optional<Claim> claim)
            throws SQLException {
        try (Connection connection = pool.getConnection()) {
            RecordSchema.create(connection);
            if (claim.isEmpty()) {
                writeAtOnce(connection);
            }
            SwarmRemoval.removeTransitionsOfUnknownSwarms(connection);
            return new RunRecord(where, pool, Seal.of(settings.key()), claim);
        } catch (SQLException | RecordException e) {
            pool.dispose();
            throw e;
        }
    }

    /**
     * With a delay H2 hands what it writes to other threads, and a commit does not wait for them. Not before there is a schema: each table would be
     * written by itself.
     */
    private static void writeAtOnce(Connection connection) throws SQLException {
        try (Statement set = connection.createStatement()) {
            set.execute("SET WRITE_DELAY 0");
            set.execute("CHECKPOINT SYNC");
        }
    }

    /** @param lost is run when another coordinator may have the record: nothing may be done by this one any more */
    public void watch(Runnable lost) {
        claim.ifPresent(held -> held.watch(lost));
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

    /** @param told is called after each commit, on the thread that writes */
    public void tell(Listener told) {
        listener = told;
    }

    /** As a batch of its own. */
    public void write(List<Change> changes, List<Numbered> transitions) {
        write(new BatchId(UUID.randomUUID().toString(), 1), changes, transitions);
    }

    /**
     * Writes all or nothing, and nothing when the batch is the one that was written last. A transition whose number is recorded already is left
     * out.
     */
    public void write(BatchId batch, List<Change> changes, List<Numbered> transitions) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (isNew(connection, batch)) {
                    for (Change change : changes) {
                        SwarmTables.write(connection, change, seal);
                    }
                    TransitionTable.write(connection, transitions);
                }
                connection.commit();
                makeDurable(connection);
            } catch (SQLException e) {
                rollback(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw inTrouble(e);
        }
        trouble = Optional.empty();
        listener.written(changes, transitions.stream().map(Numbered::transition).toList());
    }

    private static boolean isNew(Connection connection, BatchId batch) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update last_batch set writer = ?, number = ? where writer <> ? or number <> ?")) {
            update.setString(1, batch.writer());
            update.setLong(2, batch.number());
            update.setString(3, batch.writer());
            update.setLong(4, batch.number());
            return update.executeUpdate() > 0;
        }
    }

    /** A database that breaks while it writes cannot do this either: what it said first is what there is to know. */
    private static void rollback(Connection connection, SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private RecordException inTrouble(SQLException e) {
        Optional<Trouble> before = trouble;
        // After the first error H2 knows only that it is broken.
        String reason = reason(e).or(() -> before.map(Trouble::reason)).orElse(e.getMessage());
        trouble = Optional.of(new Trouble(before.map(Trouble::since).orElseGet(Instant::now), reason));
        return new RecordException("cannot write to the record " + where + ": " + reason, e);
    }

    /** What the disk said: the database repeats it in many words of its own. */
    private static Optional<String> reason(Exception e) {
        return Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .filter(IOException.class::isInstance)
                // The message of one that names only the file is that file.
                .map(io -> io instanceof FileSystemException of && of.getReason() == null
                        ? of.toString()
                        : String.valueOf(io.getMessage()))
                .reduce((first, second) -> second);
    }

    /** Has the metrics say how long nothing could be written. */
    public void countIn(PrometheusRegistry registry) {
        GaugeWithCallback.builder()
                .name("assisted_swarm_record_unwritten_seconds")
                .help("For so long the coordinator could not write to its record; 0 when it can.")
                .callback(gauge -> gauge.call(trouble.map(since -> Duration.between(since.since(), Instant.now()))
                        .map(lasting -> Math.max(0, lasting.toMillis()) / 1e3)
                        .orElse(0.0)))
                .register(registry);
    }

    /** Why nothing can be written now; empty when the last attempt went well. */
    public Optional<Trouble> trouble() {
        return trouble;
    }

    /** H2 has written what is committed to its file, and the machine may still keep it from the disk. PostgreSQL has done so with the commit. */
    private void makeDurable(Connection connection) throws SQLException {
        if (claim.isEmpty()) {
            try (Statement checkpoint = connection.createStatement()) {
                checkpoint.execute("CHECKPOINT SYNC");
            }
        }
    }

    /** Number of the last transition of a sender that is recorded; 0 for none. */
    public long lastSequence(String sender, String incarnation) {
        try (Connection connection = pool.getConnection()) {
            return TransitionTable.lastSequence(connection, sender, incarnation);
        } catch (SQLException e) {
            // Asked for by who is about to write, and cannot without.
            throw inTrouble(e);
        }
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
                NodeTable.dismissed(connection),
                DrainTable.drains(connection),
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
        claim.ifPresent(Claim::close);
    }

    /** Fresh clusters of a swarm that have taken the place of lost ones, in their order. */
    public static List<Replacement> replacements(Connection connection, SwarmId swarm) throws SQLException {
        return ReplacementTable.replacements(connection, swarm);
    }

    /** The plan in a row of the table of swarms. */
    public static SwarmPlan plan(ResultSet row) throws SQLException {
        return SwarmTables.plan(row);
    }

    /** The service in a row of the table of swarms, without its pull secret. */
    public static ServiceSpec service(ResultSet row) throws SQLException {
        return SwarmTables.spec(row).service();
    }

    /** How the swarm's clusters came that had a time to start. */
    public static List<Arrival> arrivals(Connection connection, SwarmId swarm) throws SQLException {
        return ArrivalTable.arrivals(connection, swarm);
    }

    /** Stages of installations, in the order of time. */
    public static List<Change.StageSeen> stages(Connection connection, SwarmId swarm) throws SQLException {
        return StageTable.stages(connection, swarm);
    }

    public static List<Change.StageSeen> stages(Connection connection, HostId host) throws SQLException {
        return StageTable.stages(connection, host);
    }

    /** How the generator's nodes fared, in the order of time. */
    public static List<Change.HealthSampled> health(Connection connection, Instant from, Instant to)
            throws SQLException {
        return HealthTable.samples(connection, from, to);
    }

    /** Of what a Prometheus said of the run. */
    public static List<MetricSummary> metricSummaries(Connection connection, SwarmId swarm) throws SQLException {
        return MetricTable.summaries(connection, swarm);
    }

    /** Empty until they were asked for, at the end of the run. */
    public static List<AlertResult> alerts(Connection connection, SwarmId swarm) throws SQLException {
        return MetricTable.alerts(connection, swarm);
    }

    /**
     * From a place on, until they have so many characters together, but at least one.
     *
     * @return empty behind the last one
     */
    public static List<KeptMetric> metrics(Connection connection, SwarmId swarm, int from, int characters)
            throws SQLException {
        return MetricTable.metrics(connection, swarm, from, characters);
    }

    /** Readings of the service's own page, in the order of time. */
    public static List<Scrape> scrapes(Connection connection, SwarmId swarm) throws SQLException {
        return ScrapeTable.scrapes(connection, swarm);
    }

    /**
     * What users have said of the swarm, and of workers while it ran; each by its place in the order of recording.
     *
     * @param after such a place, or 0
     */
    public static SortedMap<Long, Order> orders(Connection connection, SwarmId swarm, long after, int limit)
            throws SQLException {
        return OrderTable.orders(connection, swarm, after, limit);
    }

    /** What is in the column of phases, as people read it, where it is not a phase but an event; empty of a phase. */
    public static Optional<String> eventLabel(String phase) {
        return TransitionTable.eventLabel(phase);
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
            throw new RecordException(
                    "cannot read the record " + where + ": " + reason(e).orElse(e.getMessage()), e);
        }
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    /** The record cannot be opened, read or written. */
    public static class RecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RecordException(String message) {
            super(message);
        }

        RecordException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Another coordinator has the record. */
    public static final class Taken extends RecordException {
        private static final long serialVersionUID = 1L;

        Taken(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
