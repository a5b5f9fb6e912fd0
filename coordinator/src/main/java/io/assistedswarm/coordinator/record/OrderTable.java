package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What users have told the coordinator to do, in the record. */
final class OrderTable {
    /** Stands for the swarm where a worker was meant. */
    private static final String NO_SWARM = "";

    private OrderTable() {}

    static void write(Connection connection, Order order) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into orders (swarm, name, what, detail, given_at) values (?, ?, ?, ?, ?)")) {
            insert.setString(1, order.swarm().map(SwarmId::value).orElse(NO_SWARM));
            insert.setString(2, order.name());
            insert.setString(3, order.what());
            insert.setString(4, order.detail());
            insert.setLong(5, RunRecord.micros(order.at()));
            insert.executeUpdate();
        }
    }

    /** Of the swarm, and of workers from its submission until its end; each by its place in the order of recording. */
    static SortedMap<Long, Order> orders(Connection connection, SwarmId swarm, long after, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                select o.* from orders o, swarms s where s.id = ? and o.id > ? and (o.swarm = s.id or
                  (o.swarm = ? and o.given_at >= s.submitted_at and o.given_at <= coalesce(s.ended_at, o.given_at)))
                order by o.id limit ?""")) {
            select.setString(1, swarm.value());
            select.setLong(2, after);
            select.setString(3, NO_SWARM);
            select.setInt(4, limit);
            SortedMap<Long, Order> orders = new TreeMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    orders.put(
                            row.getLong("id"),
                            new Order(
                                    Optional.of(row.getString("swarm"))
                                            .filter(id -> !id.equals(NO_SWARM))
                                            .map(SwarmId::new),
                                    row.getString("name"),
                                    row.getString("what"),
                                    row.getString("detail"),
                                    RunRecord.instant(row.getLong("given_at"))));
                }
            }
            return orders;
        }
    }

    /** Those of workers that no swarm shows any more. */
    static void removeOlderThanAnySwarm(Connection connection) throws SQLException {
        try (Statement delete = connection.createStatement()) {
            delete.execute("delete from orders where swarm = '" + NO_SWARM + "' and given_at <"
                    + " coalesce((select min(submitted_at) from swarms), given_at + 1)");
        }
    }
}
