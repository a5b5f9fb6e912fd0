package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.coordinator.report.Lives.Sample;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserShares;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the lives of clusters and hosts from the tables of a report's session. */
final class LivesQuery {
    private static final String LIVES = "select * from lives order by cluster, host, reached_at, phase_order, id";

    private static final String COORDINATOR = "coordinator";

    private final Connection connection;
    private final SwarmId swarm;
    private final UserShares shares;
    private final List<Life> clusters = new ArrayList<>();
    private final List<Life> hosts = new ArrayList<>();

    private LivesQuery(Connection connection, SwarmId swarm, UserShares shares) {
        this.connection = connection;
        this.swarm = swarm;
        this.shares = shares;
    }

    static Lives lives(Connection connection, SwarmId swarm, List<Change.HealthSampled> health, UserShares shares)
            throws SQLException {
        LivesQuery query = new LivesQuery(connection, swarm, shares);
        query.read();
        return new Lives(
                query.clusters,
                query.hosts,
                health.stream()
                        .map(sample -> new Sample(
                                sample.node(),
                                sample.at(),
                                sample.health().cpuWait(),
                                sample.health().longestStall().toNanos() / 1e9))
                        .toList());
    }

    private void read() throws SQLException {
        Map<HostId, List<Mark>> stages = new HashMap<>();
        for (Change.StageSeen seen : RunRecord.stages(connection, swarm)) {
            stages.computeIfAbsent(seen.host(), host -> new ArrayList<>()).add(new Mark(seen.stage(), seen.at()));
        }
        Set<Integer> faulted = faulted();
        try (PreparedStatement select = connection.prepareStatement(LIVES);
                ResultSet row = select.executeQuery()) {
            Reading reading = null;
            while (row.next()) {
                if (reading == null || !reading.isOf(row)) {
                    finish(reading, stages, faulted);
                    reading = new Reading(row.getInt("cluster"), row.getInt("host"));
                }
                reading.add(row);
            }
            finish(reading, stages, faulted);
        }
    }

    private Set<Integer> faulted() throws SQLException {
        Set<Integer> faulted = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("select distinct cluster from faulted");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                faulted.add(row.getInt(1));
            }
        }
        return faulted;
    }

    private void finish(Reading reading, Map<HostId, List<Mark>> stages, Set<Integer> faulted) {
        if (reading == null) {
            return;
        }
        ClusterId cluster = new ClusterId(swarm, reading.cluster);
        boolean fault = faulted.contains(reading.cluster);
        String user = shares.nameOf(cluster);
        if (reading.host < 0) {
            clusters.add(reading.life(cluster.name(), user, List.of(), fault));
        } else {
            HostId host = new HostId(cluster, reading.host);
            hosts.add(reading.life(host.name(), user, stages.getOrDefault(host, List.of()), fault));
        }
    }

    /** One life, as its rows come. */
    private static final class Reading {
        private final int cluster;
        private final int host;
        private final List<Mark> marks = new ArrayList<>();
        private String worker = "";
        private Optional<Failure> failure = Optional.empty();

        private Reading(int cluster, int host) {
            this.cluster = cluster;
            this.host = host;
        }

        private boolean isOf(ResultSet row) throws SQLException {
            return cluster == row.getInt("cluster") && host == row.getInt("host");
        }

        private void add(ResultSet row) throws SQLException {
            String phase = row.getString("phase");
            marks.add(new Mark(
                    host < 0
                            ? ClusterPhase.valueOf(phase).label()
                            : HostPhase.valueOf(phase).label(),
                    RunRecord.instant(row.getLong("reached_at"))));
            if (!row.getString("sender").equals(COORDINATOR)) {
                worker = row.getString("sender");
            }
            String side = row.getString("failure_side");
            failure = side == null
                    ? Optional.empty()
                    : Optional.of(new Failure(
                            Failure.Side.valueOf(side),
                            Optional.ofNullable(row.getString("failure_reason")).orElse("Unknown"),
                            Optional.ofNullable(row.getString("failure_message"))
                                    .orElse("")));
        }

        private Life life(String name, String user, List<Mark> stages, boolean faulted) {
            return new Life(name, worker, marks, stages, failure, faulted, user);
        }
    }
}
