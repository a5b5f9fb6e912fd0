package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of clusters and hosts, in the record. */
final class TransitionTable {
    /** Host index of a transition that is the cluster's own. */
    private static final int CLUSTER_ITSELF = -1;

    /** Leads the name of a fault's event where otherwise a phase stands. */
    private static final String FAULT = "FAULT_";

    /** Likewise of what a cluster's user has fetched. */
    private static final String DOWNLOAD = "DOWNLOAD_";

    /** Place of what is no phase in the order of phases. */
    private static final int NO_PHASE = -1;

    private static final List<ClusterPhase> CLUSTER_PHASES = List.of(ClusterPhase.values());
    private static final List<HostPhase> HOST_PHASES = List.of(HostPhase.values());

    private TransitionTable() {}

    /** One whose number is recorded already is left out. */
    static void write(Connection connection, List<Numbered> transitions) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into transitions (sender, incarnation, sequence, swarm, cluster, host, phase, phase_order, reached_at, generation,
                  detail, failure_side, failure_reason, failure_message, stand_in, bytes, took_micros)
                select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as bigint), cast(? as bigint)
                where not exists (select 1 from transitions where sender = ? and incarnation = ? and sequence = ?)""")) {
            for (Numbered numbered : transitions) {
                Transition transition = numbered.transition();
                insert.setString(1, numbered.sender());
                insert.setString(2, numbered.incarnation());
                insert.setLong(3, numbered.sequence());
                insert.setString(4, transition.clusterId().swarm().value());
                insert.setInt(5, transition.clusterId().index());
                switch (transition) {
                    case Transition.OfCluster of -> {
                        insert.setInt(6, CLUSTER_ITSELF);
                        insert.setString(7, of.phase().name());
                        insert.setInt(8, CLUSTER_PHASES.indexOf(of.phase()));
                    }
                    case Transition.OfHost of -> {
                        insert.setInt(6, of.host().index());
                        insert.setString(7, of.phase().name());
                        insert.setInt(8, HOST_PHASES.indexOf(of.phase()));
                    }
                    case Transition.OfFault of -> {
                        insert.setInt(6, of.host().index());
                        insert.setString(7, FAULT + of.event().name());
                        insert.setInt(8, NO_PHASE);
                    }
                    case Transition.OfDownload of -> {
                        insert.setInt(6, CLUSTER_ITSELF);
                        insert.setString(7, DOWNLOAD + of.what().name());
                        insert.setInt(8, NO_PHASE);
                    }
                }
                insert.setLong(9, RunRecord.micros(transition.at()));
                insert.setInt(10, transition.generation());
                insert.setString(11, printable(transition.detail()));
                insert.setString(
                        12, transition.failure().map(f -> f.side().name()).orElse(null));
                insert.setString(13, transition.failure().map(Failure::reason).orElse(null));
                insert.setString(
                        14,
                        transition
                                .failure()
                                .map(Failure::message)
                                .map(TransitionTable::printable)
                                .orElse(null));
                insert.setInt(15, transition instanceof Transition.OfHost of && of.standIn() ? 1 : 0);
                if (transition instanceof Transition.OfDownload of) {
                    insert.setLong(16, of.bytes());
                    insert.setLong(17, of.took().toNanos() / 1000);
                } else {
                    insert.setNull(16, Types.BIGINT);
                    insert.setNull(17, Types.BIGINT);
                }
                insert.setString(18, numbered.sender());
                insert.setString(19, numbered.incarnation());
                insert.setLong(20, numbered.sequence());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** What processes and services say may hold a character that PostgreSQL refuses. */
    private static String printable(String text) {
        return text.replace('\0', ' ');
    }

    static List<Transition> transitions(Connection connection, SwarmId swarm) throws SQLException {
        List<Transition> transitions = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("select * from transitions where swarm = ? order by id")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    transitions.add(transition(swarm, row));
                }
            }
        }
        return transitions;
    }

    private static Transition transition(SwarmId swarm, ResultSet row) throws SQLException {
        ClusterId cluster = new ClusterId(swarm, row.getInt("cluster"));
        Instant at = RunRecord.instant(row.getLong("reached_at"));
        int generation = row.getInt("generation");
        String detail = row.getString("detail");
        String side = row.getString("failure_side");
        Optional<Failure> failure = side == null
                ? Optional.empty()
                : Optional.of(new Failure(
                        Failure.Side.valueOf(side), row.getString("failure_reason"), row.getString("failure_message")));
        String phase = row.getString("phase");
        int host = row.getInt("host");
        Optional<FaultEvent> event = faultEvent(phase);
        if (event.isPresent()) {
            return new Transition.OfFault(new HostId(cluster, host), event.get(), at, generation, detail);
        }
        Optional<Download> download = download(phase);
        if (download.isPresent()) {
            return new Transition.OfDownload(
                    cluster,
                    download.get(),
                    at,
                    generation,
                    row.getLong("bytes"),
                    Duration.of(row.getLong("took_micros"), ChronoUnit.MICROS),
                    failure);
        }
        return host == CLUSTER_ITSELF
                ? new Transition.OfCluster(cluster, ClusterPhase.valueOf(phase), at, generation, detail, failure)
                : new Transition.OfHost(
                        new HostId(cluster, host),
                        HostPhase.valueOf(phase),
                        at,
                        generation,
                        detail,
                        failure,
                        row.getInt("stand_in") == 1);
    }

    /** What happened to a cluster, without its hosts. */
    static List<HistoryEntry> history(Connection connection, ClusterId cluster) throws SQLException {
        return history(connection, cluster, CLUSTER_ITSELF);
    }

    static List<HistoryEntry> history(Connection connection, HostId host) throws SQLException {
        return history(connection, host.cluster(), host.index());
    }

    /** 0 for none. */
    static long lastSequence(Connection connection, String sender, String incarnation) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select coalesce(max(sequence), 0) from transitions where sender = ? and incarnation = ?")) {
            select.setString(1, sender);
            select.setString(2, incarnation);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static List<HistoryEntry> history(Connection connection, ClusterId cluster, int host) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select * from transitions where swarm = ? and cluster = ? and host = ? order by id")) {
            select.setString(1, cluster.swarm().value());
            select.setInt(2, cluster.index());
            select.setInt(3, host);
            List<HistoryEntry> history = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    history.add(new HistoryEntry(
                            RunRecord.instant(row.getLong("reached_at")),
                            label(host, row.getString("phase"))
                                    + Optional.ofNullable(row.getString("failure_message"))
                                            .or(() -> text(row, "detail"))
                                            .map(text -> ": " + text)
                                            .orElse("")));
                }
            }
            return history;
        }
    }

    private static Optional<FaultEvent> faultEvent(String phase) {
        return phase.startsWith(FAULT)
                ? Optional.of(FaultEvent.valueOf(phase.substring(FAULT.length())))
                : Optional.empty();
    }

    /** As people read it; empty of a phase. */
    static Optional<String> eventLabel(String phase) {
        return faultEvent(phase)
                .map(FaultEvent::label)
                .or(() -> download(phase).map(download -> "download of " + download.label()));
    }

    private static Optional<Download> download(String phase) {
        return phase.startsWith(DOWNLOAD)
                ? Optional.of(Download.valueOf(phase.substring(DOWNLOAD.length())))
                : Optional.empty();
    }

    private static String label(int host, String phase) {
        Optional<String> event = eventLabel(phase);
        if (event.isPresent()) {
            return event.get();
        }
        return host == CLUSTER_ITSELF
                ? ClusterPhase.valueOf(phase).label()
                : HostPhase.valueOf(phase).label();
    }

    private static Optional<String> text(ResultSet row, String column) {
        try {
            return Optional.ofNullable(row.getString(column)).filter(text -> !text.isEmpty());
        } catch (SQLException e) {
            throw new RecordException("cannot read the record: " + e.getMessage(), e);
        }
    }
}
