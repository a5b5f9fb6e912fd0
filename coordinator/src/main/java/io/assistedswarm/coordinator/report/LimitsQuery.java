package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.Generator;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.report.LimitResult.Party;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.SwarmId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Holds a plan's limits against the tables of a report's session. */
final class LimitsQuery {
    /**
     * Parameters: the quantile, the two phases, the kind. Where a host has a fault the others of its cluster wait for it. Without a join, as H2
     * compares every row of one side with every row of the other.
     */
    private static final String QUANTILE = """
            select count(*), percentile_cont(?) within group (order by (ended - begun) / 1e6) from (
              select min(case when phase = ? then reached_at end) as begun, min(case when phase = ? then reached_at end) as ended
              from lives where kind = ? and cluster not in (select cluster from faulted)
              group by cluster, host) as times
            where begun is not null and ended is not null
            """;

    /** As {@code lives}: of each cluster's newest generation. */
    private static final String DOWNLOADS = """
            select count(*) from transitions t
            join newest n on n.cluster = t.cluster and n.host = t.host and n.generation = t.generation
            where t.swarm = ? and t.phase_order < 0 and t.phase like 'DOWNLOAD%'
            """;

    private static final String FAILURES = "select count(*) from lives where kind = ? and phase in ('FAILED', 'LOST')";

    private final Connection connection;
    private final SwarmId swarm;
    private final ClusterEnds ends;
    private final long hosts;

    LimitsQuery(Connection connection, SwarmId swarm, ClusterEnds ends, long hosts) {
        this.connection = connection;
        this.swarm = swarm;
        this.ends = ends;
        this.hosts = hosts;
    }

    /**
     * None for a plan without limits.
     *
     * @param alerts empty until they have been asked for
     */
    List<LimitResult> results(
            Limits limits, Optional<Punctuality> punctuality, List<NodeReport> nodes, List<AlertResult> alerts)
            throws SQLException {
        List<LimitResult> results = new ArrayList<>();
        if (limits.saysNothing()) {
            return results;
        }
        results.add(success(limits.success().orElse(1.0)));
        for (PhaseLimit limit : limits.phases()) {
            results.add(phase(limit));
        }
        for (FailureLimit limit : limits.failures()) {
            results.add(failures(limit));
        }
        results.addAll(AlertLimits.results(limits.alerts(), alerts));
        results.addAll(generator(limits.generator().orElse(Generator.DEFAULT), punctuality, nodes));
        return results;
    }

    /** Where nobody asked for it to be judged: by what the generator was short all the same, one line each. */
    List<String> shortages(Optional<Punctuality> punctuality, List<NodeReport> nodes) {
        return generator(Generator.DEFAULT, punctuality, nodes).stream()
                .filter(limit -> !limit.met())
                .map(limit -> "the generator was short, so what is slow or failed here may be its own doing: "
                        + limit.why() + "; limits in the plan have it judged")
                .toList();
    }

    private LimitResult success(double least) {
        int judged = ends.clusters() - ends.ours();
        double share = judged == 0 ? 1 : (double) ends.good() / judged;
        return new LimitResult(
                "clusters that ended as they were to",
                Party.SERVICE,
                "at least " + Limits.percent(least),
                shareOf(ends.good(), judged),
                share >= least);
    }

    private LimitResult phase(PhaseLimit limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(QUANTILE)) {
            select.setDouble(1, limit.quantile());
            select.setString(2, limit.of().phases().get(limit.from()));
            select.setString(3, limit.of().phases().get(limit.phase()));
            select.setString(4, kind(limit.of()));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long count = row.getLong(1);
                double seconds = row.getDouble(2);
                return new LimitResult(
                        limit.name(),
                        Party.SERVICE,
                        "at most " + Limits.text(limit.atMost()),
                        count == 0
                                ? "none of them has come so far"
                                : String.format(Locale.ROOT, "%.1f s (of %d)", seconds, count),
                        count > 0 && seconds * 1000 <= limit.atMost().toMillis());
            }
        }
    }

    /** Of all that are over. */
    private LimitResult downloads(FailureLimit limit) throws SQLException {
        long all = counted(DOWNLOADS, Optional.empty(), Optional.empty());
        long failed = counted(DOWNLOADS + " and t.failure_side is not null", limit.side(), limit.reason());
        return new LimitResult(
                limit.name(),
                Party.SERVICE,
                "at most " + limit.atMost(),
                shareOf(failed, all),
                limit.atMost().holds(failed, all));
    }

    private long counted(String query, Optional<Failure.Side> side, Optional<String> reason) throws SQLException {
        String narrowed = query
                + (side.isPresent() ? " and t.failure_side = ?" : "")
                + (reason.isPresent() ? " and t.failure_reason = ?" : "");
        try (PreparedStatement select = connection.prepareStatement(narrowed)) {
            int parameter = 1;
            select.setString(parameter++, swarm.value());
            if (side.isPresent()) {
                select.setString(parameter++, side.get().name());
            }
            if (reason.isPresent()) {
                select.setString(parameter, reason.get());
            }
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private LimitResult failures(FailureLimit limit) throws SQLException {
        if (limit.of() == Subject.DOWNLOADS) {
            return downloads(limit);
        }
        String query = FAILURES
                + (limit.side().isPresent() ? " and coalesce(failure_side, 'UNKNOWN') = ?" : "")
                + (limit.reason().isPresent() ? " and coalesce(failure_reason, 'Unknown') = ?" : "");
        try (PreparedStatement select = connection.prepareStatement(query)) {
            int parameter = 1;
            select.setString(parameter++, kind(limit.of()));
            if (limit.side().isPresent()) {
                select.setString(parameter++, limit.side().get().name());
            }
            if (limit.reason().isPresent()) {
                select.setString(parameter, limit.reason().get());
            }
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long all = limit.of() == Subject.CLUSTERS ? ends.clusters() : hosts;
                return new LimitResult(
                        limit.name(),
                        Party.SERVICE,
                        "at most " + limit.atMost(),
                        shareOf(row.getLong(1), all),
                        limit.atMost().holds(row.getLong(1), all));
            }
        }
    }

    private List<LimitResult> generator(Generator limits, Optional<Punctuality> punctuality, List<NodeReport> nodes) {
        List<LimitResult> results = new ArrayList<>();
        results.add(new LimitResult(
                "clusters that the generator lost or failed",
                Party.GENERATOR,
                "at most " + Limits.percent(limits.lost()),
                shareOf(ends.ours(), ends.clusters()),
                ends.ours() <= limits.lost() * ends.clusters()));
        punctuality.ifPresent(of -> results.add(new LimitResult(
                "clusters that came more than " + Math.round(of.lateAfterSeconds()) + " s late",
                Party.GENERATOR,
                "at most " + Limits.percent(limits.late()),
                shareOf(of.lateCount(), of.late().count()) + ", " + of.lateForRoom() + " of them for workers' room",
                of.lateCount() <= limits.late() * of.late().count())));
        nodes.stream()
                .filter(node -> node.cpuWaitP95().isPresent())
                .max(Comparator.comparingDouble(node -> node.cpuWaitP95().get()))
                .ifPresent(worst -> results.add(new LimitResult(
                        "p95 of the share of time in which something waited for a processor",
                        Party.GENERATOR,
                        "at most " + Limits.percent(limits.cpuWait()),
                        String.format(
                                Locale.ROOT, "%.0f%% on %s", worst.cpuWaitP95().get() * 100, worst.node()),
                        worst.cpuWaitP95().get() <= limits.cpuWait())));
        nodes.stream()
                .max(Comparator.comparingDouble(NodeReport::stallP95Seconds))
                .ifPresent(worst -> results.add(new LimitResult(
                        "p95 of the time by which timers came late",
                        Party.GENERATOR,
                        "at most " + Limits.text(limits.stall()),
                        String.format(Locale.ROOT, "%.2f s on %s", worst.stallP95Seconds(), worst.node()),
                        worst.stallP95Seconds() * 1000 <= limits.stall().toMillis())));
        return results;
    }

    private static String kind(Subject of) {
        return of == Subject.CLUSTERS ? "cluster" : "host";
    }

    private static String shareOf(long part, long all) {
        return String.format(Locale.ROOT, "%.1f%% (%d of %d)", all == 0 ? 0.0 : 100.0 * part / all, part, all);
    }
}
