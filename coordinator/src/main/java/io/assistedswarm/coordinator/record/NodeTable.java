package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.WorkerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The nodes of the cluster, in the record: where a coordinator that starts again finds the others. */
final class NodeTable {
    private static final String COORDINATOR = "coordinator";
    private static final String WORKER = "worker";

    private NodeTable() {}

    static void write(Connection connection, Change.WorkerJoined joined) throws SQLException {
        replace(connection, WORKER, joined.worker().value(), joined.address(), joined.incarnation());
    }

    static void write(Connection connection, Change.WorkersForgotten forgotten) throws SQLException {
        for (WorkerName worker : forgotten.workers()) {
            delete(connection, WORKER, worker.value());
        }
    }

    static void write(Connection connection, Change.CoordinatorListens listens) throws SQLException {
        replace(connection, COORDINATOR, COORDINATOR, listens.address(), "");
    }

    static List<RecordedWorker> workers(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select name, address, incarnation from nodes where kind = ? order by name")) {
            select.setString(1, WORKER);
            try (ResultSet row = select.executeQuery()) {
                List<RecordedWorker> workers = new ArrayList<>();
                while (row.next()) {
                    workers.add(
                            new RecordedWorker(new WorkerName(row.getString(1)), row.getString(2), row.getString(3)));
                }
                return workers;
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

    private static void replace(Connection connection, String kind, String name, String address, String incarnation)
            throws SQLException {
        delete(connection, kind, name);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into nodes (kind, name, address, incarnation) values (?, ?, ?, ?)")) {
            insert.setString(1, kind);
            insert.setString(2, name);
            insert.setString(3, address);
            insert.setString(4, incarnation);
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
