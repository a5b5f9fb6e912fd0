package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How well a swarm's clusters came at their times. */
final class PunctualityQuery {
    private static final String APPLIED = """
            select cluster, min(reached_at) from transitions
            where swarm = ? and host < 0 and phase = 'APPLIED' group by cluster
            """;

    private PunctualityQuery() {}

    /** Empty when no cluster has come that had a time to. */
    static Optional<Punctuality> punctuality(Connection connection, SwarmId swarm) throws SQLException {
        Map<ClusterId, Instant> applied = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(APPLIED)) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    applied.put(new ClusterId(swarm, row.getInt(1)), RunRecord.instant(row.getLong(2)));
                }
            }
        }
        return Punctuality.of(RunRecord.arrivals(connection, swarm), applied);
    }
}
