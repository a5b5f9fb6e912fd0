package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** How clusters came that had a time to start, in the record. */
final class ArrivalTable {
    private ArrivalTable() {}

    /** A cluster arrives once: a second one is left out. */
    static void write(Connection connection, Arrival arrival) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into arrivals (swarm, cluster, due_at, admitted_at, held_micros, room_micros) select ?, ?, ?, ?, ?, ?
                where not exists (select 1 from arrivals where swarm = ? and cluster = ?)""")) {
            insert.setString(1, arrival.cluster().swarm().value());
            insert.setInt(2, arrival.cluster().index());
            insert.setLong(3, RunRecord.micros(arrival.due()));
            insert.setLong(4, RunRecord.micros(arrival.admitted()));
            insert.setLong(5, micros(arrival.held()));
            insert.setLong(6, micros(arrival.forRoom()));
            insert.setString(7, arrival.cluster().swarm().value());
            insert.setInt(8, arrival.cluster().index());
            insert.executeUpdate();
        }
    }

    /** In the order of admission. */
    static List<Arrival> arrivals(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select * from arrivals where swarm = ? order by admitted_at, cluster")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                List<Arrival> arrivals = new ArrayList<>();
                while (row.next()) {
                    arrivals.add(new Arrival(
                            new ClusterId(swarm, row.getInt("cluster")),
                            RunRecord.instant(row.getLong("due_at")),
                            RunRecord.instant(row.getLong("admitted_at")),
                            Duration.of(row.getLong("held_micros"), ChronoUnit.MICROS),
                            Duration.of(row.getLong("room_micros"), ChronoUnit.MICROS)));
                }
                return arrivals;
            }
        }
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
