package io.assistedswarm.coordinator.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Version;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.record.Change.HealthSampled;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.Setup;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.coordinator.series.ScrapedMetrics;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Computes reports from the record. Every method blocks. */
public final class ReportQuery {
    private static final int CHARACTERS_OF_METRICS = 1 << 20;
    private static final int FIRST_CLUSTER_END = List.of(ClusterPhase.values()).indexOf(ClusterPhase.INSTALLED);
    private static final int FIRST_HOST_END = List.of(HostPhase.values()).indexOf(HostPhase.INSTALLED);

    /**
     * The newest generation of each cluster and host: one that was placed again was not at its end, whatever the place that it left says. In
     * tables of the session, as the database would compute them again for each use in a query. Parameter: the swarm.
     */
    private static final String NEWEST = "insert into newest "
            + "select cluster, host, max(generation) from transitions where swarm = ? group by cluster, host";

    private static final String ENDS = """
            insert into ends select t.cluster, t.host, min(t.id) from transitions t
            join newest n on n.cluster = t.cluster and n.host = t.host and n.generation = t.generation
            where t.swarm = ? and t.phase_order >= case when t.host < 0 then %1$d else %2$d end
            group by t.cluster, t.host
            """.formatted(FIRST_CLUSTER_END, FIRST_HOST_END);

    /**
     * The transitions of each cluster and host up to its first end: an end is final, so what comes after it does not count. What happened
     * around faults is no phase, and has an order below 0.
     */
    private static final String LIVES = """
            insert into lives
            select t.*, case when t.host < 0 then 'cluster' else 'host' end as kind from transitions t
            join newest n on n.cluster = t.cluster and n.host = t.host
            left join ends e on e.cluster = t.cluster and e.host = t.host
            where t.swarm = ? and (e.id is null or t.id <= e.id) and t.phase_order >= 0
              and (t.generation = n.generation or t.phase_order < case when t.host < 0 then %1$d else %2$d end)
            """.formatted(FIRST_CLUSTER_END, FIRST_HOST_END);

    /** Hosts whose installer was a stand-in. */
    private static final String STAND_INS = """
            select distinct l.cluster, l.host from lives l
            join newest n on n.cluster = l.cluster and n.host = l.host and n.generation = l.generation
            where l.stand_in = 1 order by l.cluster, l.host
            """;

    /** Made apart from what they hold, as not every database takes parameters in the making. */
    private static final List<String> CREATED = List.of(
            "create local temporary table newest (cluster int, host int, generation int, primary key (cluster, host))",
            "create local temporary table ends (cluster int, host int, id bigint, primary key (cluster, host))",
            "create local temporary table lives as select t.*, cast('' as varchar(16)) as kind from transitions t where 1 = 0");

    /** From each phase that was reached to the next one; not where a host has a fault, as the others of its cluster wait for it. */
    private static final String STEPS = """
            create local temporary table steps as
            select kind, phase_order, phase,
              lead(phase_order) over (partition by cluster, host order by phase_order) as next_order,
              lead(phase) over (partition by cluster, host order by phase_order) as next_phase,
              (lead(reached_at) over (partition by cluster, host order by phase_order) - reached_at) / 1e6 as seconds
            from (
              select kind, cluster, host, phase, phase_order, min(reached_at) as reached_at from lives
              where cluster not in (select cluster from faulted)
              group by kind, cluster, host, phase, phase_order) as reached
            """;

    /** Of those that ended well, but for clusters with faults. */
    private static final String WHOLES = """
            create local temporary table wholes as
            select kind, (max(reached_at) - min(reached_at)) / 1e6 as seconds from lives
            where cluster not in (select cluster from faulted) group by kind, cluster, host
            having max(case when phase in ('INSTALLED', 'DISCOVERED', 'ADDED') then 1 else 0 end) = 1
            """;

    /** More are no report. */
    private static final int MOST_ORDERS = 100;

    private static final List<String> TABLES = List.of("newest", "ends", "lives", "faulted", "steps", "wholes");

    private static final String STATISTICS = """
            count(*), min(seconds), avg(seconds),
              percentile_cont(0.5) within group (order by seconds),
              percentile_cont(0.95) within group (order by seconds),
              percentile_cont(0.99) within group (order by seconds), max(seconds)
            """;

    /** Parameter: the kind. */
    private static final String OF_STEPS = "select phase, next_phase, " + STATISTICS + """
            from steps where kind = ? and next_order is not null
            group by phase_order, phase, next_order, next_phase order by phase_order, next_order
            """;

    /** Parameter: the kind. */
    private static final String OF_WHOLES =
            "select null, null, " + STATISTICS + "from wholes where kind = ? having count(*) > 0";

    /** Parameter: the kind. */
    private static final String PHASES = """
            select phase, phase_order, count(*) from (
              select phase, phase_order, row_number() over (partition by cluster, host order by id desc) as from_last
              from lives where kind = ?) as numbered
            where from_last = 1 group by phase, phase_order order by phase_order
            """;

    /** Those of downloads, too. Parameter: the swarm. */
    private static final String FAILURES = """
            with failed as (
              select failure_side, kind, failure_reason, failure_message, cluster, host
              from lives where phase in ('FAILED', 'LOST')
              union all
              select t.failure_side, 'download', t.failure_reason, t.failure_message, t.cluster, t.host from transitions t
              join newest n on n.cluster = t.cluster and n.host = t.host and n.generation = t.generation
              where t.swarm = ? and t.phase_order < 0 and t.phase like 'DOWNLOAD%' and t.failure_side is not null),
            failures as (
              select failure_side, kind, failure_reason, failure_message, cluster, host,
                row_number() over (partition by failure_side, kind, failure_reason order by cluster, host) as number_in_group,
                count(*) over (partition by failure_side, kind, failure_reason) as number_of_group
              from failed)
            select * from failures where number_in_group <= 3
            order by number_of_group desc, failure_side, kind, failure_reason, number_in_group
            """;

    /** The two kinds of lives. */
    private enum Kind {
        CLUSTER,
        HOST;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        private String label(String phase) {
            return this == CLUSTER
                    ? ClusterPhase.valueOf(phase).label()
                    : HostPhase.valueOf(phase).label();
        }
    }

    /** Asked of the row of a swarm. */
    private interface Question<T> {
        T ask(Connection connection, ResultSet row) throws SQLException, JsonProcessingException;
    }

    private interface SessionQuestion<T> {
        T ask(Session session) throws SQLException, JsonProcessingException;
    }

    /** What is known of a swarm beside the tables. */
    private record Session(
            List<ClusterSpec> clusters,
            List<Replacement> replacements,
            FaultQuery faults,
            List<HealthSampled> health,
            List<NodeReport> nodes) {}

    private final RunRecord record;

    public ReportQuery(RunRecord record) {
        this.record = record;
    }

    /** Empty when the record has no such swarm. A swarm that is not over is reported as it stands at {@code now}. */
    public Optional<Report> report(SwarmId swarm, Instant now) {
        return ask(swarm, (connection, row) -> computed(connection, swarm, row, now));
    }

    /** Likewise. */
    public Optional<Lives> lives(SwarmId swarm, Instant now) {
        return ask(
                swarm,
                (connection, row) -> inSession(
                        connection,
                        swarm,
                        row,
                        now,
                        session -> LivesQuery.lives(
                                connection,
                                swarm,
                                session.health(),
                                RunRecord.service(row).shares())));
    }

    /** Likewise; some of the metrics that are kept with it. */
    public Optional<MetricChunk> metrics(SwarmId swarm, int from) {
        return ask(swarm, (connection, row) -> {
            List<KeptMetric> some = RunRecord.metrics(connection, swarm, from, CHARACTERS_OF_METRICS);
            if (!some.isEmpty()) {
                return new MetricChunk(some, Optional.of(from + some.size()));
            }
            List<KeptMetric> scraped = ScrapedMetrics.of(RunRecord.scrapes(connection, swarm));
            int behind = from - RunRecord.metricSummaries(connection, swarm).size();
            return new MetricChunk(
                    scraped.subList(Math.min(Math.max(0, behind), scraped.size()), scraped.size()), Optional.empty());
        });
    }

    /** Those of the Prometheus first, then those of the service's own page. */
    private static List<MetricSummary> metrics(Connection connection, SwarmId swarm) throws SQLException {
        List<MetricSummary> metrics = new ArrayList<>(RunRecord.metricSummaries(connection, swarm));
        ScrapedMetrics.of(RunRecord.scrapes(connection, swarm)).stream()
                .map(MetricSummary::of)
                .forEach(metrics::add);
        return metrics;
    }

    private <T> Optional<T> ask(SwarmId swarm, Question<T> question) {
        try (Connection connection = record.connection();
                PreparedStatement select = connection.prepareStatement("select * from swarms where id = ?")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(question.ask(connection, row)) : Optional.empty();
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("cannot compute the report of " + swarm + ": " + e.getMessage(), e);
        }
    }

    private static Report computed(Connection connection, SwarmId swarm, ResultSet row, Instant now)
            throws SQLException, JsonProcessingException {
        return inSession(connection, swarm, row, now, session -> report(connection, swarm, row, now, session));
    }

    /** With the tables that hold the lives of the swarm's clusters and hosts, by the coordinator's clock. */
    private static <T> T inSession(
            Connection connection, SwarmId swarm, ResultSet row, Instant now, SessionQuestion<T> question)
            throws SQLException, JsonProcessingException {
        dropTables(connection);
        try {
            try (Statement create = connection.createStatement()) {
                for (String table : CREATED) {
                    create.execute(table);
                }
            }
            for (String rows : List.of(NEWEST, ENDS, LIVES)) {
                try (PreparedStatement insert = connection.prepareStatement(rows)) {
                    insert.setString(1, swarm.value());
                    insert.executeUpdate();
                }
            }
            List<HealthSampled> health = health(connection, row, now);
            List<NodeReport> nodes = NodeReport.of(health);
            correctClocks(connection, nodes);
            List<Replacement> replacements = RunRecord.replacements(connection, swarm);
            List<ClusterSpec> clusters = Replacement.addedTo(RunRecord.plan(row).expand(swarm), replacements);
            FaultQuery faults = FaultQuery.of(connection, swarm, clusters);
            return question.ask(new Session(clusters, replacements, faults, health, nodes));
        } finally {
            dropTables(connection);
        }
    }

    /** Of the time of the run. */
    private static List<HealthSampled> health(Connection connection, ResultSet row, Instant now) throws SQLException {
        Instant from = RunRecord.instant(row.getLong("submitted_at"));
        long endedMicros = row.getLong("ended_at");
        Instant to = row.wasNull() ? now : RunRecord.instant(endedMicros);
        return RunRecord.health(connection, from, to);
    }

    /** The times of a worker whose clock is off become those of the coordinator. */
    private static void correctClocks(Connection connection, List<NodeReport> nodes) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update lives set reached_at = reached_at - ? where sender = ?")) {
            for (NodeReport node : nodes) {
                if (node.correctionSeconds() != 0) {
                    update.setLong(1, Math.round(node.correctionSeconds() * 1e6));
                    update.setString(2, node.node());
                    update.executeUpdate();
                }
            }
        }
    }

    private static Setup setup(ResultSet row) throws SQLException {
        ServiceSpec service = RunRecord.service(row);
        return new Setup(
                RunRecord.plan(row),
                Version.current(),
                service.url(),
                service.openshiftVersion(),
                service.releaseImage());
    }

    private static void dropTables(Connection connection) throws SQLException {
        try (Statement drop = connection.createStatement()) {
            for (String table : TABLES) {
                drop.execute("drop table if exists " + table);
            }
        }
    }

    private static Report report(Connection connection, SwarmId swarm, ResultSet row, Instant now, Session session)
            throws SQLException, JsonProcessingException {
        try (Statement create = connection.createStatement()) {
            create.execute(STEPS);
            create.execute(WHOLES);
        }
        List<ClusterSpec> specs = session.clusters();
        Instant submittedAt = RunRecord.instant(row.getLong("submitted_at"));
        long endedMicros = row.getLong("ended_at");
        Optional<Instant> endedAt = row.wasNull() ? Optional.empty() : Optional.of(RunRecord.instant(endedMicros));
        long hostCount = specs.stream().mapToLong(ClusterSpec::hostCount).sum();
        Map<String, Integer> clusters = phases(connection, Kind.CLUSTER, specs.size());
        int ended = clusters.getOrDefault(ClusterPhase.INSTALLED.label(), 0)
                + clusters.getOrDefault(ClusterPhase.DISCOVERED.label(), 0);
        Set<Integer> replaced = session.replacements().stream()
                .filter(replacement -> !replacement.extra())
                .map(replacement -> replacement.lost().index())
                .collect(Collectors.toSet());
        Optional<Punctuality> punctuality = PunctualityQuery.punctuality(connection, swarm);
        ClusterEnds ends = ClusterEnds.read(connection, specs, replaced);
        List<AlertResult> alerts = RunRecord.alerts(connection, swarm);
        LimitsQuery query = new LimitsQuery(connection, swarm, ends, hostCount);
        List<LimitResult> limits = query.results(RunRecord.plan(row).limits(), punctuality, session.nodes(), alerts);
        List<String> warnings = new ArrayList<>(NodeReport.warnings(session.nodes()));
        if (limits.isEmpty()) {
            warnings.addAll(query.shortages(punctuality, session.nodes()));
        }
        double hours = Duration.between(submittedAt, endedAt.orElse(now)).toMillis() / 3_600_000.0;
        return new Report(
                swarm.value(),
                row.getString("runtime"),
                submittedAt,
                endedAt,
                Verdict.valueOf(row.getString("verdict")),
                List.of(new JsonMapper().readValue(row.getString("verdict_reasons"), String[].class)),
                specs.size(),
                hostCount,
                replaced.size(),
                clusters,
                phases(connection, Kind.HOST, hostCount),
                statistics(connection, Kind.CLUSTER),
                statistics(connection, Kind.HOST),
                failures(connection, swarm),
                hours > 0 ? ended / hours : 0,
                session.faults().report(),
                punctuality,
                standIns(connection, swarm),
                limits,
                limits.isEmpty() ? Optional.empty() : Optional.of(Ruling.of(limits, ends.ours())),
                session.nodes(),
                warnings,
                Optional.of(setup(row)),
                metrics(connection, swarm),
                alerts,
                RunRecord.orders(connection, swarm, 0, MOST_ORDERS).values().stream()
                        .map(EventPage.Event::of)
                        .toList(),
                UserReport.read(connection, swarm, RunRecord.service(row), specs),
                DownloadReport.read(connection, swarm));
    }

    private static Map<String, Integer> phases(Connection connection, Kind kind, long total) throws SQLException {
        Map<String, Integer> phases = new LinkedHashMap<>();
        long known = 0;
        try (PreparedStatement select = connection.prepareStatement(PHASES)) {
            select.setString(1, kind.text());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    phases.put(kind.label(row.getString(1)), row.getInt(3));
                    known += row.getInt(3);
                }
            }
        }
        if (known < total) {
            phases.merge(ClusterPhase.PENDING.label(), (int) (total - known), Integer::sum);
        }
        return phases;
    }

    private static List<PhaseStatistics> statistics(Connection connection, Kind kind) throws SQLException {
        List<PhaseStatistics> statistics = new ArrayList<>();
        for (String query : List.of(OF_STEPS, OF_WHOLES)) {
            boolean whole = query.equals(OF_WHOLES);
            try (PreparedStatement select = connection.prepareStatement(query)) {
                select.setString(1, kind.text());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        statistics.add(new PhaseStatistics(
                                whole
                                        ? PhaseStatistics.WHOLE
                                        : kind.label(row.getString(1)) + " → " + kind.label(row.getString(2)),
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

    private static StandIns standIns(Connection connection, SwarmId swarm) throws SQLException {
        List<String> hosts = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(STAND_INS)) {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hosts.add(new HostId(new ClusterId(swarm, row.getInt("cluster")), row.getInt("host")).name());
                }
            }
        }
        return new StandIns(hosts.size(), hosts);
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
