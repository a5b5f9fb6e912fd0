package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.NodeHealth;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the generator's nodes fared, in the record. A sample belongs to every swarm that ran at its time. */
final class HealthTable {
    private HealthTable() {}

    static void write(Connection connection, Change.HealthSampled sampled) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into health values (?, ?, ?, ?, ?, ?)")) {
            NodeHealth health = sampled.health();
            insert.setString(1, sampled.node());
            insert.setLong(2, RunRecord.micros(sampled.at()));
            if (health.cpuWait().isPresent()) {
                insert.setDouble(3, health.cpuWait().get());
            } else {
                insert.setNull(3, Types.DOUBLE);
            }
            insert.setLong(4, micros(health.longestStall()));
            if (health.ahead().isPresent()) {
                insert.setLong(5, micros(health.ahead().get()));
            } else {
                insert.setNull(5, Types.BIGINT);
            }
            insert.setLong(6, micros(health.roundTrip()));
            insert.executeUpdate();
        }
    }

    /** Of all nodes, in the order of time. */
    static List<Change.HealthSampled> samples(Connection connection, Instant from, Instant to) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select * from health where at_micros >= ? and at_micros <= ? order by at_micros, node")) {
            select.setLong(1, RunRecord.micros(from));
            select.setLong(2, RunRecord.micros(to));
            try (ResultSet row = select.executeQuery()) {
                List<Change.HealthSampled> samples = new ArrayList<>();
                while (row.next()) {
                    samples.add(sample(row));
                }
                return samples;
            }
        }
    }

    private static Change.HealthSampled sample(ResultSet row) throws SQLException {
        double cpuWait = row.getDouble("cpu_wait");
        Optional<Double> waited = row.wasNull() ? Optional.empty() : Optional.of(cpuWait);
        long aheadMicros = row.getLong("ahead_micros");
        Optional<Duration> ahead = row.wasNull() ? Optional.empty() : Optional.of(duration(aheadMicros));
        Instant at = RunRecord.instant(row.getLong("at_micros"));
        return new Change.HealthSampled(
                row.getString("node"),
                at,
                new NodeHealth(
                        at,
                        waited,
                        duration(row.getLong("stall_micros")),
                        ahead,
                        duration(row.getLong("round_trip_micros"))));
    }

    static void removeOlderThanAnySwarm(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.execute("delete from health where at_micros < (select min(submitted_at) from swarms)"
                    + " or not exists (select 1 from swarms)");
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }
}
