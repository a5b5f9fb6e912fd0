package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.report.FaultReport.Answer;
import io.assistedswarm.coordinator.report.FaultReport.OfKind;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What came of a swarm's faults. Which hosts have one is a function of the plan; it goes into a table of the session. */
final class FaultQuery {
    private static final String FAULTED =
            "create local temporary table faulted (cluster int, host int, kind varchar, primary key (cluster, host))";

    /** Events of each fault. Parameters: the swarm, the kind. */
    private static final String EVENTS = """
            with events as (
              select t.cluster, t.host, t.phase, t.detail, t.reached_at from transitions t
              join newest n on n.cluster = t.cluster and n.host = t.host and n.generation = t.generation
              join faulted f on f.cluster = t.cluster and f.host = t.host
              where t.swarm = ? and t.phase_order < 0 and f.kind = ?)
            """;

    private static final String COUNTS = EVENTS + "select phase, count(*) from events group by phase";

    private static final String ANSWERS = EVENTS + """
            select detail, count(*), min(seconds), percentile_cont(0.5) within group (order by seconds), max(seconds)
            from (
              select phase, detail, (reached_at - max(case when phase = 'FAULT_INJECTED' then reached_at end)
                over (partition by cluster, host)) / 1e6 as seconds
              from events) as answers
            where phase = 'FAULT_ANSWERED' group by detail order by count(*) desc, detail
            """;

    /** Instead of a kind: all of them. */
    private static final String ANY = "";

    /** The last phases of the hosts, or of their clusters. Parameters: 1 for the hosts, 0 for the clusters; the kind, twice. */
    private static final String PHASES = """
            with lasts as (
              select cluster, host, phase, row_number() over (partition by cluster, host order by id desc) as from_last
              from lives)
            select l.phase, count(*) from (
              select distinct cluster, case when ? = 1 then host else -1 end as host
              from faulted where kind = ? or ? = '') f
            left join lasts l on l.cluster = f.cluster and l.host = f.host and l.from_last = 1
            group by l.phase
            """;

    private final Connection connection;
    private final SwarmId swarm;
    private final List<Faulted> faulted;

    private record Faulted(HostId host, Fault.Kind kind) {}

    private FaultQuery(Connection connection, SwarmId swarm, List<Faulted> faulted) {
        this.connection = connection;
        this.swarm = swarm;
        this.faulted = faulted;
    }

    /** Makes the table {@code faulted}. */
    static FaultQuery of(Connection connection, SwarmId swarm, List<ClusterSpec> clusters) throws SQLException {
        List<Faulted> faulted = clusters.stream().flatMap(FaultQuery::faulted).toList();
        try (Statement create = connection.createStatement()) {
            create.execute(FAULTED);
        }
        try (PreparedStatement insert = connection.prepareStatement("insert into faulted values (?, ?, ?)")) {
            for (Faulted host : faulted) {
                insert.setInt(1, host.host().cluster().index());
                insert.setInt(2, host.host().index());
                insert.setString(3, host.kind().label());
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return new FaultQuery(connection, swarm, faulted);
    }

    private static Stream<Faulted> faulted(ClusterSpec cluster) {
        return cluster.faults().entrySet().stream()
                .map(entry -> new Faulted(
                        cluster.host(entry.getKey()), entry.getValue().kind()))
                .sorted(Comparator.comparing(Faulted::host));
    }

    /** Empty when the plan asks for no fault. */
    Optional<FaultReport> report() throws SQLException {
        if (faulted.isEmpty()) {
            return Optional.empty();
        }
        List<OfKind> kinds = new ArrayList<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            List<Faulted> hosts =
                    faulted.stream().filter(host -> host.kind() == kind).toList();
            if (!hosts.isEmpty()) {
                kinds.add(ofKind(kind.label(), hosts));
            }
        }
        long clusters =
                faulted.stream().map(host -> host.host().cluster()).distinct().count();
        return Optional.of(
                new FaultReport(Math.toIntExact(clusters), faulted.size(), clusterPhases(ANY), hostPhases(ANY), kinds));
    }

    private OfKind ofKind(String kind, List<Faulted> hosts) throws SQLException {
        Map<String, Long> events = events(kind);
        return new OfKind(
                kind,
                hosts.size(),
                events.getOrDefault("FAULT_INJECTED", 0L),
                events.getOrDefault("FAULT_MISSED", 0L),
                answers(kind),
                hostPhases(kind),
                clusterPhases(kind),
                hosts.stream().limit(3).map(host -> host.host().name()).toList());
    }

    private Map<String, Long> events(String kind) throws SQLException {
        Map<String, Long> events = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(COUNTS)) {
            select.setString(1, swarm.value());
            select.setString(2, kind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return events;
    }

    private List<Answer> answers(String kind) throws SQLException {
        List<Answer> answers = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(ANSWERS)) {
            select.setString(1, swarm.value());
            select.setString(2, kind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    answers.add(new Answer(
                            row.getString(1), row.getLong(2), row.getDouble(3), row.getDouble(4), row.getDouble(5)));
                }
            }
        }
        return answers;
    }

    private Map<String, Integer> hostPhases(String kind) throws SQLException {
        return phases(true, kind, phase -> HostPhase.valueOf(phase).label());
    }

    private Map<String, Integer> clusterPhases(String kind) throws SQLException {
        return phases(false, kind, phase -> ClusterPhase.valueOf(phase).label());
    }

    private Map<String, Integer> phases(boolean ofHosts, String kind, UnaryOperator<String> label) throws SQLException {
        Map<String, Integer> phases = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(PHASES)) {
            select.setInt(1, ofHosts ? 1 : 0);
            select.setString(2, kind);
            select.setString(3, kind);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String phase = row.getString(1);
                    phases.put(phase == null ? ClusterPhase.PENDING.label() : label.apply(phase), row.getInt(2));
                }
            }
        }
        return phases;
    }
}
