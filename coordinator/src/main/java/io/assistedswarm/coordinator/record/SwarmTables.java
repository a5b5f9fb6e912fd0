package io.assistedswarm.coordinator.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Swarms and their clusters' places, in the record. */
final class SwarmTables {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private SwarmTables() {}

    static void write(Connection connection, Change change, Seal seal) throws SQLException {
        switch (change) {
            case Change.SwarmAdded added -> write(connection, added, seal);
            case Change.SwarmReached reached -> write(connection, reached);
            case Change.DeletionCounted counted -> write(connection, counted);
            case Change.ClusterPlaced placed -> write(connection, placed);
            case Change.ClusterReplaced replaced -> ReplacementTable.write(connection, replaced.replacement());
            case Change.TimetableSet set -> write(connection, set);
            case Change.ClusterArrived arrived -> ArrivalTable.write(connection, arrived.arrival());
            case Change.ClusterReleased released -> write(connection, released);
            case Change.HoldsReleased released -> mark(connection, "holds_released", released.swarm(), true);
            case Change.DeletionWanted wanted -> mark(connection, "deletion_wanted", wanted.swarm(), true);
            case Change.DeletionForced forced -> mark(connection, "deletion_forced", forced.swarm(), forced.forced());
            case Change.OrderGiven given -> OrderTable.write(connection, given.order());
            case Change.SwarmForgotten forgotten -> SwarmRemoval.remove(connection, forgotten.swarm());
            case Change.WorkerJoined joined -> NodeTable.write(connection, joined);
            case Change.WorkerDismissed gone -> NodeTable.write(connection, gone);
            case Change.WorkerDrained drained -> DrainTable.write(connection, drained);
            case Change.WorkerUncordoned uncordoned -> DrainTable.write(connection, uncordoned);
            case Change.StageSeen seen -> StageTable.write(connection, seen);
            case Change.HealthSampled sampled -> HealthTable.write(connection, sampled);
            case Change.MetricsCollected collected -> MetricTable.write(connection, collected);
            case Change.MetricsScraped scraped -> ScrapeTable.write(connection, scraped);
            case Change.CoordinatorListens listens -> NodeTable.write(connection, listens);
        }
    }

    private static void write(Connection connection, Change.SwarmAdded added, Seal seal) throws SQLException {
        ServiceSpec service = added.spec().service();
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into swarms (id, state, verdict, verdict_reasons, runtime, submitted_at, cluster_count, host_count, spec, plan, sealed_pull_secret, sealed_auth)
                values (?, ?, ?, '[]', ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, added.swarm().value());
            insert.setString(2, SwarmState.RUNNING.name());
            insert.setString(3, Verdict.NONE.name());
            insert.setString(4, added.spec().runtime().name());
            insert.setLong(5, RunRecord.micros(added.submittedAt()));
            insert.setInt(6, added.plan().clusterCount());
            insert.setLong(7, added.plan().hostCount());
            insert.setString(
                    8,
                    json(added.spec()
                            .withService(service.withPullSecret(new Secret(""))
                                    .withAuth(service.auth().withoutSecrets()))));
            insert.setString(9, json(added.plan()));
            insert.setString(10, seal.seal(service.pullSecret()));
            insert.setString(11, seal.seal(new Secret(json(service.auth()))));
            insert.executeUpdate();
        }
    }

    private static void write(Connection connection, Change.SwarmReached reached) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update swarms set state = ?, verdict = ?, verdict_reasons = ?, ended_at = ?,"
                        + " deleted_at = case when ? = 'DELETED' then coalesce(deleted_at, ?) end where id = ?")) {
            update.setString(1, reached.state().name());
            update.setString(2, reached.verdict().name());
            update.setString(3, json(reached.verdictReasons()));
            if (reached.endedAt().isPresent()) {
                update.setLong(4, RunRecord.micros(reached.endedAt().get()));
            } else {
                update.setNull(4, Types.BIGINT);
            }
            update.setString(5, reached.state().name());
            update.setLong(6, RunRecord.micros(Instant.now()));
            update.setString(7, reached.swarm().value());
            update.executeUpdate();
        }
    }

    private static void write(Connection connection, Change.DeletionCounted counted) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update swarms set deletion = ? where id = ?")) {
            update.setString(1, json(counted.deletion()));
            update.setString(2, counted.swarm().value());
            update.executeUpdate();
        }
    }

    private static void write(Connection connection, Change.ClusterPlaced placed) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into placements values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Placement placement : placed.assignment().placements()) {
                insert.setString(1, placed.swarm().value());
                insert.setInt(2, placed.assignment().cluster().id().index());
                insert.setInt(3, placed.assignment().generation());
                insert.setString(4, placement.berth().value());
                insert.setString(5, placement.worker().value());
                insert.setInt(6, placement.firstHost());
                insert.setInt(7, placement.hostCount());
                insert.setLong(8, RunRecord.micros(placed.at()));
                insert.setInt(9, placement.incarnation());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void write(Connection connection, Change.TimetableSet set) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update swarms set timetable = ? where id = ?")) {
            update.setString(1, json(set.timetable()));
            update.setString(2, set.swarm().value());
            update.executeUpdate();
        }
    }

    private static void write(Connection connection, Change.ClusterReleased released) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into releases (swarm, cluster) select ?, ?
                where not exists (select 1 from releases where swarm = ? and cluster = ?)""")) {
            insert.setString(1, released.cluster().swarm().value());
            insert.setInt(2, released.cluster().index());
            insert.setString(3, released.cluster().swarm().value());
            insert.setInt(4, released.cluster().index());
            insert.executeUpdate();
        }
    }

    /** @param column holds 1 or 0 */
    private static void mark(Connection connection, String column, SwarmId swarm, boolean holds) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update swarms set " + column + " = ? where id = ?")) {
            update.setInt(1, holds ? 1 : 0);
            update.setString(2, swarm.value());
            update.executeUpdate();
        }
    }

    /** In the order of submission. */
    static List<RecordedSwarm> swarms(Connection connection, Seal seal) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select * from swarms order by submitted_at, id");
                ResultSet row = select.executeQuery()) {
            List<RecordedSwarm> swarms = new ArrayList<>();
            while (row.next()) {
                swarms.add(swarm(connection, row, seal));
            }
            return swarms;
        }
    }

    private static RecordedSwarm swarm(Connection connection, ResultSet row, Seal seal) throws SQLException {
        SwarmSpec spec = spec(row);
        String sealed = row.getString("sealed_pull_secret");
        if (sealed != null) {
            spec = spec.withService(spec.service().withPullSecret(seal.open(sealed)));
        }
        String auth = row.getString("sealed_auth");
        if (auth != null) {
            spec = spec.withService(
                    spec.service().withAuth(parse(seal.open(auth).reveal(), AuthSpec.class)));
        }
        SwarmPlan plan = plan(row);
        List<Replacement> replacements = ReplacementTable.replacements(connection, spec.id());
        long endedAt = row.getLong("ended_at");
        Optional<Instant> ended = row.wasNull() ? Optional.empty() : Optional.of(RunRecord.instant(endedAt));
        return new RecordedSwarm(
                spec,
                plan,
                SwarmState.valueOf(row.getString("state")),
                Verdict.valueOf(row.getString("verdict")),
                List.of(parse(row.getString("verdict_reasons"), String[].class)),
                RunRecord.instant(row.getLong("submitted_at")),
                ended,
                Optional.ofNullable(row.getString("deletion")).map(json -> parse(json, DeletionView.class)),
                replacements,
                assignments(connection, spec.id(), Replacement.addedTo(plan.expand(spec.id()), replacements)),
                released(connection, spec.id()),
                row.getInt("holds_released") > 0,
                row.getInt("deletion_wanted") > 0,
                row.getInt("deletion_forced") > 0,
                Optional.ofNullable(row.getString("timetable")).map(json -> parse(json, Timetable.class)),
                ArrivalTable.arrivals(connection, spec.id()),
                TransitionTable.transitions(connection, spec.id()),
                StageTable.stages(connection, spec.id()));
    }

    private static Set<ClusterId> released(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select cluster from releases where swarm = ?")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                Set<ClusterId> released = new HashSet<>();
                while (row.next()) {
                    released.add(new ClusterId(swarm, row.getInt(1)));
                }
                return released;
            }
        }
    }

    /** All that ever were, of all swarms; of each berth one. */
    static List<Placement> placements(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select berth, worker from placements union select berth, worker from highest_berths order by berth");
                ResultSet row = select.executeQuery()) {
            List<Placement> placements = new ArrayList<>();
            while (row.next()) {
                placements.add(new Placement(new BerthId(row.getString(1)), new WorkerName(row.getString(2)), 0, 1));
            }
            return placements;
        }
    }

    private static List<Assignment> assignments(Connection connection, SwarmId swarm, List<ClusterSpec> clusters)
            throws SQLException {
        Map<Integer, List<Placement>> placements = new HashMap<>();
        Map<Integer, Integer> generations = new HashMap<>();
        // Places that a later assignment takes over from an earlier one, each under the generation in which it was new.
        Map<BerthId, Integer> newIn = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "select * from placements where swarm = ? order by cluster, generation, first_host")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int cluster = row.getInt("cluster");
                    int generation = row.getInt("generation");
                    Integer before = generations.put(cluster, generation);
                    if (before != null && before != generation) {
                        placements.remove(cluster);
                    }
                    BerthId berth = new BerthId(row.getString("berth"));
                    if (before == null) {
                        newIn.clear();
                    }
                    newIn.putIfAbsent(berth, generation);
                    placements
                            .computeIfAbsent(cluster, unused -> new ArrayList<>())
                            .add(new Placement(
                                    berth,
                                    new WorkerName(row.getString("worker")),
                                    row.getInt("first_host"),
                                    row.getInt("host_count"),
                                    newIn.get(berth),
                                    row.getInt("incarnation")));
                }
            }
        }
        return placements.entrySet().stream()
                .map(entry ->
                        new Assignment(clusters.get(entry.getKey()), entry.getValue(), generations.get(entry.getKey())))
                .toList();
    }

    static SwarmPlan plan(ResultSet row) throws SQLException {
        return parse(row.getString("plan"), SwarmPlan.class);
    }

    /** Without its secrets. */
    static SwarmSpec spec(ResultSet row) throws SQLException {
        return parse(row.getString("spec"), SwarmSpec.class);
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new RecordException("cannot write a " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    static <T> T parse(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new RecordException("the record holds a " + type.getSimpleName() + " that cannot be read", e);
        }
    }
}
