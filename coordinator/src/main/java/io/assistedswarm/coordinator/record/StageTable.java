package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stages of hosts' installations, in the record. */
final class StageTable {
    private static final int LONGEST = 255;

    private StageTable() {}

    static void write(Connection connection, Change.StageSeen seen) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into stages (swarm, cluster, host, stage, seen_at) values (?, ?, ?, ?, ?)")) {
            ClusterId cluster = seen.host().cluster();
            insert.setString(1, cluster.swarm().value());
            insert.setInt(2, cluster.index());
            insert.setInt(3, seen.host().index());
            insert.setString(
                    4, seen.stage().substring(0, Math.min(LONGEST, seen.stage().length())));
            insert.setLong(5, RunRecord.micros(seen.at()));
            insert.executeUpdate();
        }
    }

    /** In the order of recording; of one that a host has had twice, the first. */
    static List<Change.StageSeen> stages(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select * from stages where swarm = ? order by id")) {
            select.setString(1, swarm.value());
            return read(select, swarm);
        }
    }

    /** In the order of recording; of one that a host has had twice, the first. */
    static List<Change.StageSeen> stages(Connection connection, HostId host) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select * from stages where swarm = ? and cluster = ? and host = ? order by id")) {
            select.setString(1, host.cluster().swarm().value());
            select.setInt(2, host.cluster().index());
            select.setInt(3, host.index());
            return read(select, host.cluster().swarm());
        }
    }

    private static List<Change.StageSeen> read(PreparedStatement select, SwarmId swarm) throws SQLException {
        Map<Of, Change.StageSeen> stages = new LinkedHashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                HostId host = new HostId(new ClusterId(swarm, row.getInt("cluster")), row.getInt("host"));
                String stage = row.getString("stage");
                stages.putIfAbsent(
                        new Of(host, stage),
                        new Change.StageSeen(host, stage, RunRecord.instant(row.getLong("seen_at"))));
            }
        }
        return List.copyOf(stages.values());
    }

    private record Of(HostId host, String stage) {}
}
