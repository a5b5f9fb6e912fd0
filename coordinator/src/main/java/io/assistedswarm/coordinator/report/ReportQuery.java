package io.assistedswarm.coordinator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Computes reports from the record. Every method blocks. */
public final class ReportQuery {
    /**
     * Transitions of the newest generation of each cluster, up to its own first end or a host's first end: an end is final, so what comes
     * after it does not count. Parameter: the swarm.
     */
    private static final String LIVES = """
            with newest as (
              select cluster, max(generation) as generation from transitions where swarm = ?1 group by cluster),
            of_newest as (
              select t.* from transitions t join newest n on n.cluster = t.cluster and n.generation = t.generation where t.swarm = ?1),
            ends as (
              select cluster, host, min(id) as id from of_newest
              where phase_order >= case when host < 0 then %d else %d end group by cluster, host),
            lives as (
              select t.* from of_newest t left join ends e on e.cluster = t.cluster and e.host = t.host
              where e.id is null or t.id <= e.id),
            """.formatted(
                    List.of(ClusterPhase.values()).indexOf(ClusterPhase.INSTALLED),
                    List.of(HostPhase.values()).indexOf(HostPhase.INSTALLED));

    /** Parameters: the swarm, and -1 for clusters, 0 for hosts. */
    private static final String STEPS = LIVES + """
            reached as (
              select cluster, host, phase, phase_order, min(reached_at) as reached_at from lives
              where sign(host + 0.5) = sign(?2 + 0.5) group by cluster, host, phase, phase_order),
            steps as (
              select phase_order, phase,
                lead(phase_order) over (partition by cluster, host order by phase_order) as next_order,
                lead(phase) over (partition by cluster, host order by phase_order) as next_phase,
                (lead(reached_at) over (partition by cluster, host order by phase_order) - reached_at) / 1e6 as seconds
              from reached)
            select phase, next_phase, count(*), min(seconds), avg(seconds),
              percentile_cont(0.5) within group (order by seconds),
              percentile_cont(0.95) within group (order by seconds),
              percentile_cont(0.99) within group (order by seconds), max(seconds)
            from steps where next_order is not null
            group by phase_order, phase, next_order, next_phase order by phase_order, next_order
            """;

    /** Of those that ended well. Parameters: the swarm, and -1 for clusters, 0 for hosts. */
    private static final String WHOLE = LIVES + """
            wholes as (
              select (max(reached_at) - min(reached_at)) / 1e6 as seconds from lives
              where sign(host + 0.5) = sign(?2 + 0.5) group by cluster, host
              having max(case when phase in ('INSTALLED', 'DISCOVERED') then 1 else 0 end) = 1)
            select null, null, count(*), min(seconds), avg(seconds),
              percentile_cont(0.5) within group (order by seconds),
              percentile_cont(0.95) within group (order by seconds),
              percentile_cont(0.99) within group (order by seconds), max(seconds)
            from wholes having count(*) > 0
            """;

    private static final String PHASES = LIVES + """
            last_of as (select cluster, host, max(id) as id from lives group by cluster, host)
            select l.phase, l.phase_order, count(*) from lives l join last_of o on o.id = l.id
            where sign(l.host + 0.5) = sign(?2 + 0.5) group by l.phase, l.phase_order order by l.phase_order
            """;

    private static final String FAILURES = LIVES + """
            failures as (
              select failure_side, case when host < 0 then 'cluster' else 'host' end as kind, failure_reason, failure_message, cluster, host,
                row_number() over (partition by failure_side, sign(host + 0.5), failure_reason order by cluster, host) as number_in_group,
                count(*) over (partition by failure_side, sign(host + 0.5), failure_reason) as number_of_group
              from lives where phase = 'FAILED')
            select * from failures where number_in_group <= 3
            order by number_of_group desc, failure_side, kind, failure_reason, number_in_group
            """;

    private final RunRecord record;

    public ReportQuery(RunRecord record) {
        this.record = record;
    }

    /** Empty when the record has no such swarm. A swarm that is not over is reported as it stands at {@code now}. */
    public Optional<Report> report(SwarmId swarm, Instant now) {
        try (Connection connection = record.connection();
                PreparedStatement select = connection.prepareStatement("select * from swarms where id = ?")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(report(connection, swarm, row, now)) : Optional.empty();
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("cannot compute the report of " + swarm + ": " + e.getMessage(), e);
        }
    }

    private static Report report(Connection connection, SwarmId swarm, ResultSet row, Instant now)
            throws SQLException, JsonProcessingException {
        Instant submittedAt = RunRecord.instant(row.getLong("submitted_at"));
        long endedMicros = row.getLong("ended_at");
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(RunRecord.instant(endedMicros));
        int clusterCount = row.getInt("cluster_count");
        long hostCount = row.getLong("host_count");
        Map<String, Integer> clusters = phases(connection, swarm, -1, clusterCount);
        int ended = clusters.getOrDefault(ClusterPhase.INSTALLED.label(), 0)
                + clusters.getOrDefault(ClusterPhase.DISCOVERED.label(), 0);
        double hours = Duration.between(submittedAt, endedAt.orElse(now)).toMillis() / 3_600_000.0;
        return new Report(
                swarm.value(),
                row.getString("runtime"),
                submittedAt,
                endedAt,
                Verdict.valueOf(row.getString("verdict")),
                List.of(new JsonMapper().readValue(row.getString("verdict_reasons"), String[].class)),
                clusterCount,
                hostCount,
                clusters,
                phases(connection, swarm, 0, hostCount),
                statistics(connection, swarm, -1),
                statistics(connection, swarm, 0),
                failures(connection, swarm),
                hours > 0 ? ended / hours : 0);
    }

    private static Map<String, Integer> phases(Connection connection, SwarmId swarm, int kind, long total)
            throws SQLException {
        Map<String, Integer> phases = new LinkedHashMap<>();
        long known = 0;
        try (PreparedStatement select = connection.prepareStatement(PHASES)) {
            select.setString(1, swarm.value());
            select.setInt(2, kind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    phases.put(RunRecord.label(kind, row.getString(1)), row.getInt(3));
                    known += row.getInt(3);
                }
            }
        }
        if (known < total) {
            phases.merge(ClusterPhase.PENDING.label(), (int) (total - known), Integer::sum);
        }
        return phases;
    }

    private static List<PhaseStatistics> statistics(Connection connection, SwarmId swarm, int kind)
            throws SQLException {
        List<PhaseStatistics> statistics = new ArrayList<>();
        for (String query : List.of(STEPS, WHOLE)) {
            boolean whole = query.equals(WHOLE);
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, swarm.value());
                select.setInt(2, kind);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        statistics.add(new PhaseStatistics(
                                whole
                                        ? "placed → end"
                                        : RunRecord.label(kind, row.getString(1)) + " → "
                                                + RunRecord.label(kind, row.getString(2)),
                                row.getLong(3),
                                row.getDouble(4),
                                row.getDouble(5),
                                row.getDouble(6),
                                row.getDouble(7),
                                row.getDouble(8),
                                row.getDouble(9)));
                    }
                }
            }
        }
        return statistics;
    }

    private static List<FailureCount> failures(Connection connection, SwarmId swarm) throws SQLException {
        List<FailureCount> failures = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FAILURES)) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ClusterId cluster = new ClusterId(swarm, row.getInt("cluster"));
                    int host = row.getInt("host");
                    String name = host < 0 ? cluster.name() : new HostId(cluster, host).name();
                    if (row.getInt("number_in_group") == 1) {
                        failures.add(new FailureCount(
                                side(row),
                                row.getString("kind"),
                                Optional.ofNullable(row.getString("failure_reason"))
                                        .orElse("Unknown"),
                                row.getLong("number_of_group"),
                                Optional.ofNullable(row.getString("failure_message"))
                                        .orElse(""),
                                List.of(name)));
                    } else {
                        failures.add(withExample(failures.removeLast(), name));
                    }
                }
            }
        }
        return failures;
    }

    private static String side(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("failure_side"))
                .orElse("UNKNOWN")
                .toLowerCase(Locale.ROOT);
    }

    private static FailureCount withExample(FailureCount failure, String name) {
        List<String> examples = new ArrayList<>(failure.examples());
        examples.add(name);
        return new FailureCount(
                failure.side(), failure.kind(), failure.reason(), failure.count(), failure.message(), examples);
    }
}
