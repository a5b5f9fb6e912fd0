package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Which clusters have taken the place of lost ones, in the record. */
final class ReplacementTable {
    private ReplacementTable() {}

    static void write(Connection connection, Replacement replacement) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into replacements values (?, ?, ?, ?, ?)")) {
            insert.setString(1, replacement.fresh().swarm().value());
            insert.setInt(2, replacement.fresh().index());
            insert.setInt(3, replacement.lost().index());
            insert.setLong(4, RunRecord.micros(replacement.at()));
            insert.setInt(5, replacement.extra() ? 1 : 0);
            insert.executeUpdate();
        }
    }

    /** In their order. */
    static List<Replacement> replacements(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select * from replacements where swarm = ? order by fresh")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                List<Replacement> replacements = new ArrayList<>();
                while (row.next()) {
                    replacements.add(new Replacement(
                            new ClusterId(swarm, row.getInt("lost")),
                            new ClusterId(swarm, row.getInt("fresh")),
                            RunRecord.instant(row.getLong("replaced_at")),
                            row.getInt("extra") > 0));
                }
                return replacements;
            }
        }
    }
}
