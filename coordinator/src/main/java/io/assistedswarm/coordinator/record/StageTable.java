package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Stages of hosts' installations, in the record. */
final class StageTable {
    private static final int LONGEST = 255;

    private StageTable() {}

    /** One that is there already is left out: a coordinator that has started again sees it anew. */
    static void write(Connection connection, Change.StageSeen seen) throws SQLException {
        String stage = seen.stage().substring(0, Math.min(LONGEST, seen.stage().length()));
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into stages (swarm, cluster, host, stage, seen_at) select ?, ?, ?, ?, ?
                where not exists (select 1 from stages where swarm = ? and cluster = ? and host = ? and stage = ?)""")) {
            ClusterId cluster = seen.host().cluster();
            insert.setString(1, cluster.swarm().value());
            insert.setInt(2, cluster.index());
            insert.setInt(3, seen.host().index());
            insert.setString(4, stage);
            insert.setLong(5, RunRecord.micros(seen.at()));
            insert.setString(6, cluster.swarm().value());
            insert.setInt(7, cluster.index());
            insert.setInt(8, seen.host().index());
            insert.setString(9, stage);
            insert.executeUpdate();
        }
    }

    /** In the order of time. */
    static List<Change.StageSeen> stages(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select * from stages where swarm = ? order by seen_at")) {
            select.setString(1, swarm.value());
            return read(select, swarm);
        }
    }

    /** In the order of time. */
    static List<Change.StageSeen> stages(Connection connection, HostId host) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select * from stages where swarm = ? and cluster = ? and host = ? order by seen_at")) {
            select.setString(1, host.cluster().swarm().value());
            select.setInt(2, host.cluster().index());
            select.setInt(3, host.index());
            return read(select, host.cluster().swarm());
        }
    }

    private static List<Change.StageSeen> read(PreparedStatement select, SwarmId swarm) throws SQLException {
        List<Change.StageSeen> stages = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                stages.add(new Change.StageSeen(
                        new HostId(new ClusterId(swarm, row.getInt("cluster")), row.getInt("host")),
                        row.getString("stage"),
                        RunRecord.instant(row.getLong("seen_at"))));
            }
        }
        return stages;
    }
}
