package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What a Prometheus said of swarms, in the record. */
final class MetricTable {
    private MetricTable() {}

    /** In the place of what was there: a coordinator that starts again asks anew. Nothing of a swarm that was forgotten meanwhile. */
    static void write(Connection connection, Change.MetricsCollected collected) throws SQLException {
        SwarmId swarm = collected.swarm();
        SwarmRemoval.delete(connection, "delete from metrics where swarm = ?", swarm.value());
        SwarmRemoval.delete(connection, "delete from alerts where swarm = ?", swarm.value());
        int position = 0;
        for (KeptMetric metric : collected.collected().metrics()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into metrics (swarm, position, summary, metric) select id, ?, ?, ? from swarms where id = ?")) {
                insert.setInt(1, position++);
                insert.setString(2, SwarmTables.json(MetricSummary.of(metric)));
                insert.setString(3, SwarmTables.json(metric));
                insert.setString(4, swarm.value());
                insert.executeUpdate();
            }
        }
        position = 0;
        for (AlertResult result : collected.collected().alerts()) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into alerts (swarm, position, result) select id, ?, ? from swarms where id = ?")) {
                insert.setInt(1, position++);
                insert.setString(2, SwarmTables.json(result));
                insert.setString(3, swarm.value());
                insert.executeUpdate();
            }
        }
    }

    /** In the order of the queries. */
    static List<MetricSummary> summaries(Connection connection, SwarmId swarm) throws SQLException {
        return all(
                connection,
                "select summary from metrics where swarm = ? order by position",
                swarm,
                MetricSummary.class);
    }

    /** In the order of the plan; empty until the end of the run. */
    static List<AlertResult> alerts(Connection connection, SwarmId swarm) throws SQLException {
        return all(connection, "select result from alerts where swarm = ? order by position", swarm, AlertResult.class);
    }

    /**
     * From a place on, until they have so many characters together, but at least one.
     *
     * @return empty behind the last one
     */
    static List<KeptMetric> metrics(Connection connection, SwarmId swarm, int from, int characters)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select metric from metrics where swarm = ? and position >= ? order by position")) {
            select.setString(1, swarm.value());
            select.setInt(2, from);
            select.setFetchSize(1);
            List<KeptMetric> metrics = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                int read = 0;
                while (read < characters && row.next()) {
                    String text = row.getString(1);
                    read += text.length();
                    metrics.add(SwarmTables.parse(text, KeptMetric.class));
                }
            }
            return metrics;
        }
    }

    private static <T> List<T> all(Connection connection, String query, SwarmId swarm, Class<T> type)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, swarm.value());
            List<T> values = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    values.add(SwarmTables.parse(row.getString(1), type));
                }
            }
            return values;
        }
    }
}
