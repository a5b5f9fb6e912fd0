package io.assistedswarm.coordinator.report;

import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What clusters' users have fetched of one kind, once the clusters were at their ends.
 *
 * @param what as in the plan
 * @param done that have come whole
 * @param failed that were given up
 * @param bytes of all that have come
 * @param p50Seconds from the request to the last byte; 0 when none has come
 */
public record DownloadReport(
        String what, long done, long failed, long bytes, double p50Seconds, double p95Seconds, double maxSeconds) {

    /** Parameter: the swarm. */
    private static final String DOWNLOADS = """
            select phase, count(case when failure_side is null then 1 end), count(failure_side),
              coalesce(sum(bytes), 0),
              coalesce(percentile_cont(0.5) within group (order by seconds), 0),
              coalesce(percentile_cont(0.95) within group (order by seconds), 0),
              coalesce(max(seconds), 0)
            from (
              select t.phase, t.failure_side, t.bytes,
                case when t.failure_side is null then t.took_micros / 1e6 end as seconds
              from transitions t
              join newest n on n.cluster = t.cluster and n.host = t.host and n.generation = t.generation
              where t.swarm = ? and t.phase_order < 0 and t.phase like 'DOWNLOAD%') as downloads
            group by phase order by phase
            """;

    /** From the tables of a report's session. */
    static List<DownloadReport> read(Connection connection, SwarmId swarm) throws SQLException {
        List<DownloadReport> downloads = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(DOWNLOADS)) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String phase = row.getString(1);
                    downloads.add(new DownloadReport(
                            Download.valueOf(phase.substring(phase.indexOf('_') + 1))
                                    .label(),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getDouble(5),
                            row.getDouble(6),
                            row.getDouble(7)));
                }
            }
        }
        return downloads;
    }
}
