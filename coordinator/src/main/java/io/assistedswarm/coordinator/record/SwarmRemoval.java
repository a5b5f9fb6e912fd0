package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes a swarm out of the record, but for the numbers of its berths, which must not be given again. */
final class SwarmRemoval {
    private SwarmRemoval() {}

    static void remove(Connection connection, SwarmId swarm) throws SQLException {
        keepHighestBerths(connection, swarm);
        for (String table : List.of(
                "placements",
                "releases",
                "arrivals",
                "replacements",
                "stages",
                "transitions",
                "metrics",
                "alerts",
                "scrapes",
                "orders")) {
            delete(connection, "delete from " + table + " where swarm = ?", swarm.value());
        }
        delete(connection, "delete from swarms where id = ?", swarm.value());
        HealthTable.removeOlderThanAnySwarm(connection);
        OrderTable.removeOlderThanAnySwarm(connection);
    }

    /** A worker that was cut off may have told of a swarm after it was forgotten. */
    static void removeTransitionsOfUnknownSwarms(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.execute("delete from transitions where swarm not in (select id from swarms)");
        }
    }

    private static void keepHighestBerths(Connection connection, SwarmId swarm) throws SQLException {
        Map<String, BerthId> highest = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select worker, berth from placements where swarm = ?
                union select worker, berth from highest_berths""")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    highest.merge(
                            row.getString(1),
                            new BerthId(row.getString(2)),
                            (one, other) -> one.number() > other.number() ? one : other);
                }
            }
        }
        for (Map.Entry<String, BerthId> entry : highest.entrySet()) {
            delete(connection, "delete from highest_berths where worker = ?", entry.getKey());
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into highest_berths (worker, berth) values (?, ?)")) {
                insert.setString(1, entry.getKey());
                insert.setString(2, entry.getValue().value());
                insert.executeUpdate();
            }
        }
    }

    static void delete(Connection connection, String statement, String key) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(statement)) {
            delete.setString(1, key);
            delete.executeUpdate();
        }
    }
}
