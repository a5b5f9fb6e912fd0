package io.assistedswarm.coordinator.record;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** That PostgreSQL's record is this coordinator's and nobody else's: a lock that the server takes back when the connection ends. */
final class Claim implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

    /** Any number that nobody else uses in this database. */
    private static final long LOCK = 0x5357_4152_4dL;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final int CHECK_SECONDS = 2;

    /** Of the server, with a machine that does not answer any more: it frees the lock after 16 s. */
    private static final String KEEP_ALIVE =
            "set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 4; set tcp_keepalives_count = 3";

    private final Source source;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("claim").factory());
    private Connection connection;

    /** Connections that are nobody else's. */
    interface Source {
        Connection open() throws SQLException;
    }

    private Claim(Source source, Connection connection) {
        this.source = source;
        this.connection = connection;
    }

    /** Empty when another coordinator has it. */
    static Optional<Claim> take(Source source) throws SQLException {
        return locked(source).map(connection -> new Claim(source, connection));
    }

    /**
     * From now on.
     *
     * @param lost is run once when the lock is lost, and another coordinator may have it
     */
    void watch(Runnable lost) {
        ScheduledFuture<?> unused = watch.scheduleWithFixedDelay(
                () -> check(lost), CHECK_INTERVAL.toMillis(), CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        watch.shutdownNow();
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("the record's lock may be kept until the server misses this process: {}", e.getMessage());
        }
    }

    private void check(Runnable lost) {
        try {
            if (connection.isValid(CHECK_SECONDS)) {
                return;
            }
            LOG.warn("the connection that holds the record's lock is broken");
            Optional<Connection> again = locked(source);
            if (again.isPresent()) {
                connection = again.get();
                return;
            }
            LOG.error("another coordinator has the record");
        } catch (SQLException e) {
            LOG.error("the record's lock cannot be had again: {}", e.getMessage());
        }
        watch.shutdown();
        lost.run();
    }

    private static Optional<Connection> locked(Source source) throws SQLException {
        Connection connection = source.open();
        try (Statement statement = connection.createStatement()) {
            statement.execute(KEEP_ALIVE);
            try (ResultSet row = statement.executeQuery("select pg_try_advisory_lock(" + LOCK + ")")) {
                row.next();
                if (row.getBoolean(1)) {
                    return Optional.of(connection);
                }
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
