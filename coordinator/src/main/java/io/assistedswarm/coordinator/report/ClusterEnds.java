package io.assistedswarm.coordinator.report;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a swarm's clusters have ended, as far as that speaks for the service or against it.
 *
 * @param clusters all that there are
 * @param good ended as they were to, failed by a fault that the plan asked for, were lost and replaced, or were taken out by the user
 * @param ours the generator lost or failed them, and nothing took their place
 */
public record ClusterEnds(int clusters, int good, int ours) {
    /** What is recorded of a cluster that the user takes out before it is admitted. */
    public static final String TAKEN_OUT = "taken out: the swarm was scaled down before it was admitted";

    private static final String LASTS = """
            select cluster, phase, detail, failure_side, failure_reason from (
              select lives.*, row_number() over (partition by cluster order by id desc) as from_last
              from lives where kind = 'cluster') as numbered
            where from_last = 1
            """;

    /**
     * Reads the table {@code lives} of the session.
     *
     * @param replaced indexes of lost clusters whose place others took
     */
    static ClusterEnds read(Connection connection, List<ClusterSpec> clusters, Set<Integer> replaced)
            throws SQLException {
        int good = 0;
        int ours = 0;
        try (PreparedStatement select = connection.prepareStatement(LASTS);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ClusterPhase phase = ClusterPhase.valueOf(row.getString("phase"));
                int cluster = row.getInt("cluster");
                Optional<Failure> failure = failure(row);
                boolean excused = phase == ClusterPhase.FAILED
                        && !clusters.get(cluster).faults().isEmpty()
                        && failure.filter(Fault::explained).isPresent();
                boolean takenOut =
                        phase == ClusterPhase.STOPPED && row.getString("detail").equals(TAKEN_OUT);
                boolean byUs = phase == ClusterPhase.LOST
                        || (phase == ClusterPhase.FAILED
                                && failure.filter(of -> of.side() == Failure.Side.GENERATOR)
                                        .isPresent());
                if (phase.endsWell() || excused || takenOut || replaced.contains(cluster)) {
                    good++;
                } else if (byUs) {
                    ours++;
                }
            }
        }
        return new ClusterEnds(clusters.size(), good, ours);
    }

    private static Optional<Failure> failure(ResultSet row) throws SQLException {
        String side = row.getString("failure_side");
        return side == null
                ? Optional.empty()
                : Optional.of(new Failure(
                        Failure.Side.valueOf(side),
                        Optional.ofNullable(row.getString("failure_reason")).orElse(""),
                        ""));
    }
}
