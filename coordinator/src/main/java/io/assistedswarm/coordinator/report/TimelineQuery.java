package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.report.Timeline.Entry;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads the timelines of single clusters and hosts. Every method blocks. */
public final class TimelineQuery {
    private static final int CLUSTER_ITSELF = -1;

    private final RunRecord record;

    public TimelineQuery(RunRecord record) {
        this.record = record;
    }

    /** @param host empty for the cluster itself */
    public Timeline timeline(ClusterId cluster, Optional<HostId> host, Instant now) {
        try (Connection connection = record.connection();
                PreparedStatement select = connection.prepareStatement("select * from swarms where id = ?")) {
            select.setString(1, cluster.swarm().value());
            try (ResultSet swarm = select.executeQuery()) {
                if (!swarm.next()) {
                    return new Timeline(host.map(HostId::name).orElse(cluster.name()), List.of(), "");
                }
                return timeline(connection, swarm, cluster, host, now);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the timeline of " + cluster + ": " + e.getMessage(), e);
        }
    }

    private static Timeline timeline(
            Connection connection, ResultSet swarm, ClusterId cluster, Optional<HostId> host, Instant now)
            throws SQLException {
        Instant submitted = RunRecord.instant(swarm.getLong("submitted_at"));
        Map<String, Double> corrections = new TreeMap<>();
        NodeReport.of(RunRecord.health(connection, submitted, now)).stream()
                .filter(node -> node.correctionSeconds() != 0)
                .forEach(node -> corrections.put(node.node(), node.correctionSeconds()));
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(submitted, "submitted", "", Optional.empty()));
        try (PreparedStatement select = connection.prepareStatement(
                "select * from transitions where swarm = ? and cluster = ? and host = ? order by id")) {
            select.setString(1, cluster.swarm().value());
            select.setInt(2, cluster.index());
            select.setInt(3, host.map(HostId::index).orElse(CLUSTER_ITSELF));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row, host.isPresent(), corrections));
                }
            }
        }
        if (host.isPresent()) {
            RunRecord.stages(connection, host.get()).stream()
                    .map(seen -> new Entry(seen.at(), "stage " + seen.stage(), "", Optional.empty()))
                    .forEach(entries::add);
        }
        long deleted = swarm.getLong("deleted_at");
        if (!swarm.wasNull()) {
            entries.add(new Entry(RunRecord.instant(deleted), "deleted", "with its swarm", Optional.empty()));
        }
        return new Timeline(host.map(HostId::name).orElse(cluster.name()), withLengths(entries), inWords(corrections));
    }

    private static Entry entry(ResultSet row, boolean ofHost, Map<String, Double> corrections) throws SQLException {
        long correction = Math.round(corrections.getOrDefault(row.getString("sender"), 0.0) * 1e6);
        Instant at = RunRecord.instant(row.getLong("reached_at") - correction);
        String phase = row.getString("phase");
        String said = Optional.ofNullable(row.getString("failure_message"))
                .orElse(Optional.ofNullable(row.getString("detail")).orElse(""));
        Optional<String> event = RunRecord.eventLabel(phase);
        if (event.isPresent()) {
            return new Entry(at, event.get(), said, Optional.empty());
        }
        String meaning =
                ofHost ? Timeline.meaning(HostPhase.valueOf(phase)) : Timeline.meaning(ClusterPhase.valueOf(phase));
        String label = ofHost
                ? HostPhase.valueOf(phase).label()
                : ClusterPhase.valueOf(phase).label();
        return new Entry(
                at,
                label,
                meaning.isEmpty() || said.isEmpty() ? meaning + said : meaning + ": " + said,
                Optional.empty());
    }

    private static List<Entry> withLengths(List<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::at));
        for (int i = 0; i + 1 < sorted.size(); i++) {
            Entry entry = sorted.get(i);
            sorted.set(
                    i,
                    new Entry(
                            entry.at(),
                            entry.what(),
                            entry.means(),
                            Optional.of(
                                    Life.seconds(entry.at(), sorted.get(i + 1).at()))));
        }
        return sorted;
    }

    private static String inWords(Map<String, Double> corrections) {
        return corrections.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%.3f s %s by %s",
                        Math.abs(entry.getValue()),
                        entry.getValue() > 0 ? "too late" : "too early",
                        entry.getKey()))
                .collect(Collectors.joining(", "));
    }
}
