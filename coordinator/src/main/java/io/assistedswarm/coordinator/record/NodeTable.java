package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.WorkerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes of the cluster, in the record: where a coordinator that starts again finds the others. */
final class NodeTable {
    private static final String COORDINATOR = "coordinator";
    private static final String WORKER = "worker";
    private static final String DISMISSED = "dismissed";

    private NodeTable() {}

    static void write(Connection connection, Change.WorkerJoined joined) throws SQLException {
        replace(
                connection,
                WORKER,
                joined.worker().value(),
                joined.address(),
                joined.incarnation(),
                String.join(",", joined.coordinators()));
    }

    static void write(Connection connection, Change.WorkerDismissed gone) throws SQLException {
        delete(connection, WORKER, gone.worker().value());
        replace(connection, DISMISSED, gone.incarnation(), "", "", "");
    }

    static void write(Connection connection, Change.CoordinatorListens listens) throws SQLException {
        replace(connection, COORDINATOR, COORDINATOR, listens.address(), "", "");
    }

    static List<RecordedWorker> workers(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select name, address, incarnation, coordinators from nodes where kind = ? order by name")) {
            select.setString(1, WORKER);
            try (ResultSet row = select.executeQuery()) {
                List<RecordedWorker> workers = new ArrayList<>();
                while (row.next()) {
                    workers.add(new RecordedWorker(
                            new WorkerName(row.getString(1)),
                            row.getString(2),
                            row.getString(3),
                            list(row.getString(4))));
                }
                return workers;
            }
        }
    }

    /** Incarnations of workers. */
    static Set<String> dismissed(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select name from nodes where kind = ?")) {
            select.setString(1, DISMISSED);
            try (ResultSet row = select.executeQuery()) {
                Set<String> dismissed = new HashSet<>();
                while (row.next()) {
                    dismissed.add(row.getString(1));
                }
                return dismissed;
            }
        }
    }

    static Optional<String> coordinator(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select address from nodes where kind = ?")) {
            select.setString(1, COORDINATOR);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    private static List<String> list(String commaSeparated) {
        return commaSeparated.isEmpty() ? List.of() : List.of(commaSeparated.split(",", -1));
    }

    private static void replace(
            Connection connection, String kind, String name, String address, String incarnation, String coordinators)
            throws SQLException {
        delete(connection, kind, name);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into nodes (kind, name, address, incarnation, coordinators) values (?, ?, ?, ?, ?)")) {
            insert.setString(1, kind);
            insert.setString(2, name);
            insert.setString(3, address);
            insert.setString(4, incarnation);
            insert.setString(5, coordinators);
            insert.executeUpdate();
        }
    }

    private static void delete(Connection connection, String kind, String name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from nodes where kind = ? and name = ?")) {
            delete.setString(1, kind);
            delete.setString(2, name);
            delete.executeUpdate();
        }
    }
}
