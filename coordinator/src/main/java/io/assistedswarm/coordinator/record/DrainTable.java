package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.WorkerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Workers that get nothing new, in the record. */
final class DrainTable {
    private DrainTable() {}

    static void write(Connection connection, Change.WorkerDrained drained) throws SQLException {
        delete(connection, drained.worker());
        try (PreparedStatement insert =
                connection.prepareStatement("insert into drains (worker, move_at) values (?, ?)")) {
            insert.setString(1, drained.worker().value());
            if (drained.moveAt().isPresent()) {
                insert.setLong(2, RunRecord.micros(drained.moveAt().get()));
            } else {
                insert.setNull(2, Types.BIGINT);
            }
            insert.executeUpdate();
        }
    }

    static void write(Connection connection, Change.WorkerUncordoned uncordoned) throws SQLException {
        delete(connection, uncordoned.worker());
    }

    static List<Change.WorkerDrained> drains(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select worker, move_at from drains order by worker");
                ResultSet row = select.executeQuery()) {
            List<Change.WorkerDrained> drains = new ArrayList<>();
            while (row.next()) {
                long micros = row.getLong("move_at");
                Optional<Instant> moveAt = row.wasNull() ? Optional.empty() : Optional.of(RunRecord.instant(micros));
                drains.add(new Change.WorkerDrained(new WorkerName(row.getString("worker")), moveAt));
            }
            return drains;
        }
    }

    private static void delete(Connection connection, WorkerName worker) throws SQLException {
        SwarmRemoval.delete(connection, "delete from drains where worker = ?", worker.value());
    }
}
