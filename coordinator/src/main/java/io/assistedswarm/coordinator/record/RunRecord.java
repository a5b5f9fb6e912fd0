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
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Description.HistoryEntry;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.h2.jdbcx.JdbcConnectionPool;

/** The database file in the data folder. Every method blocks. */
public final class RunRecord implements AutoCloseable {
    private static final int SCHEMA_VERSION = 1;

    /** Host index of a transition that is the cluster's own. */
    private static final int CLUSTER_ITSELF = -1;

    /** Leads the name of a fault's event where a phase would stand. */
    private static final String FAULT = "FAULT_";

    /** In the order of phases, of what is none: an event of a fault. */
    public static final int NO_PHASE = -1;

    private static final List<ClusterPhase> CLUSTER_PHASES = List.of(ClusterPhase.values());
    private static final List<HostPhase> HOST_PHASES = List.of(HostPhase.values());

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final JdbcConnectionPool pool;

    private RunRecord(JdbcConnectionPool pool) {
        this.pool = pool;
    }

    /** A transition and its place in the order of the one who sent it. */
    public record Numbered(String sender, String incarnation, long sequence, Transition transition) {}

    /** @throws RecordException when the file cannot be opened, for example because another coordinator has it */
    public static RunRecord open(Path dataDirectory) {
        return open("jdbc:h2:file:" + dataDirectory.toAbsolutePath().resolve("record") + ";DB_CLOSE_ON_EXIT=FALSE");
    }

    static RunRecord open(String url) {
        JdbcConnectionPool pool = JdbcConnectionPool.create(url, "swarm", "");
        RunRecord record = new RunRecord(pool);
        try (Connection connection = pool.getConnection()) {
            createSchema(connection);
            return record;
        } catch (SQLException e) {
            record.close();
            throw new RecordException(
                    "cannot open the record " + url + ": " + e.getMessage()
                            + "; is another coordinator running with the same --data?",
                    e);
        }
    }

    /** For queries; the caller closes it. */
    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /** Writes all or nothing. A transition whose number is recorded already is left out. */
    public void write(List<Change> changes, List<Numbered> transitions) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                for (Change change : changes) {
                    write(connection, change);
                }
                writeTransitions(connection, transitions);
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new RecordException("cannot write to the record: " + e.getMessage(), e);
        }
    }

    /** Number of the last transition of a sender that is recorded; 0 for none. */
    public long lastSequence(String sender, String incarnation) {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select coalesce(max(sequence), 0) from transitions where sender = ? and incarnation = ?")) {
            select.setString(1, sender);
            select.setString(2, incarnation);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new RecordException("cannot read the record: " + e.getMessage(), e);
        }
    }

    /** In the order of submission. */
    public List<RecordedSwarm> swarms() {
        try (Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select * from swarms order by submitted_at, id");
                ResultSet row = select.executeQuery()) {
            List<RecordedSwarm> swarms = new ArrayList<>();
            while (row.next()) {
                swarms.add(swarm(connection, row));
            }
            return swarms;
        } catch (SQLException e) {
            throw new RecordException("cannot read the record: " + e.getMessage(), e);
        }
    }

    /** What happened to a cluster, without its hosts. */
    public List<HistoryEntry> history(ClusterId cluster) {
        return history(cluster, CLUSTER_ITSELF);
    }

    public List<HistoryEntry> history(HostId host) {
        return history(host.cluster(), host.index());
    }

    @Override
    public void close() {
        pool.dispose();
    }

    /** The plan in a row of the table of swarms. */
    public static SwarmPlan plan(ResultSet row) throws SQLException {
        return parse(row.getString("plan"), SwarmPlan.class);
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private List<HistoryEntry> history(ClusterId cluster, int host) {
        try (Connection connection = pool.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select * from transitions where swarm = ? and cluster = ? and host = ? order by id")) {
            select.setString(1, cluster.swarm().value());
            select.setInt(2, cluster.index());
            select.setInt(3, host);
            List<HistoryEntry> history = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    history.add(new HistoryEntry(
                            instant(row.getLong("reached_at")),
                            label(host, row.getString("phase"))
                                    + Optional.ofNullable(row.getString("failure_message"))
                                            .or(() -> text(row, "detail"))
                                            .map(text -> ": " + text)
                                            .orElse("")));
                }
            }
            return history;
        } catch (SQLException e) {
            throw new RecordException("cannot read the record: " + e.getMessage(), e);
        }
    }

    private static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists schema_version (version int not null)");
            try (ResultSet row = statement.executeQuery("select max(version) from schema_version")) {
                row.next();
                int found = row.getInt(1);
                if (found > SCHEMA_VERSION) {
                    throw new RecordException("the record is of version " + found + ", this coordinator knows "
                            + SCHEMA_VERSION + ": start a newer one, or another --data");
                }
                if (found == SCHEMA_VERSION) {
                    return;
                }
            }
            statement.execute("""
                    create table swarms (
                      id varchar(63) primary key,
                      state varchar(32) not null,
                      verdict varchar(32) not null,
                      verdict_reasons clob not null,
                      runtime varchar(63) not null,
                      submitted_at bigint not null,
                      ended_at bigint,
                      cluster_count int not null,
                      host_count bigint not null,
                      spec clob not null,
                      plan clob not null,
                      deletion clob)""");
            statement.execute("""
                    create table placements (
                      swarm varchar(63) not null references swarms (id),
                      cluster int not null,
                      generation int not null,
                      berth varchar(255) not null,
                      worker varchar(255) not null,
                      first_host int not null,
                      host_count int not null,
                      placed_at bigint not null,
                      primary key (swarm, cluster, generation, first_host))""");
            statement.execute("""
                    create table transitions (
                      id bigint generated always as identity primary key,
                      sender varchar(255) not null,
                      incarnation varchar(255) not null,
                      sequence bigint not null,
                      swarm varchar(63) not null,
                      cluster int not null,
                      host int not null,
                      phase varchar(32) not null,
                      phase_order int not null,
                      reached_at bigint not null,
                      generation int not null,
                      detail varchar not null,
                      failure_side varchar(32),
                      failure_reason varchar,
                      failure_message varchar,
                      unique (sender, incarnation, sequence))""");
            statement.execute("create index transitions_of_swarm on transitions (swarm, cluster, host)");
            statement.execute("insert into schema_version values (" + SCHEMA_VERSION + ")");
        }
    }

    private static void write(Connection connection, Change change) throws SQLException {
        switch (change) {
            case Change.SwarmAdded added -> write(connection, added);
            case Change.SwarmReached reached -> write(connection, reached);
            case Change.DeletionCounted counted -> write(connection, counted);
            case Change.ClusterPlaced placed -> write(connection, placed);
        }
    }

    private static void write(Connection connection, Change.SwarmAdded added) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into swarms (id, state, verdict, verdict_reasons, runtime, submitted_at, cluster_count, host_count, spec, plan)
                values (?, ?, ?, '[]', ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, added.swarm().value());
            insert.setString(2, SwarmState.RUNNING.name());
            insert.setString(3, Verdict.NONE.name());
            insert.setString(4, added.spec().runtime().name());
            insert.setLong(5, micros(added.submittedAt()));
            insert.setInt(6, added.plan().clusterCount());
            insert.setLong(7, added.plan().hostCount());
            insert.setString(8, json(withoutPullSecret(added.spec())));
            insert.setString(9, json(added.plan()));
            insert.executeUpdate();
        }
    }

    private static void write(Connection connection, Change.SwarmReached reached) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update swarms set state = ?, verdict = ?, verdict_reasons = ?, ended_at = ? where id = ?")) {
            update.setString(1, reached.state().name());
            update.setString(2, reached.verdict().name());
            update.setString(3, json(reached.verdictReasons()));
            if (reached.endedAt().isPresent()) {
                update.setLong(4, micros(reached.endedAt().get()));
            } else {
                update.setNull(4, Types.BIGINT);
            }
            update.setString(5, reached.swarm().value());
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
                connection.prepareStatement("insert into placements values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (Placement placement : placed.assignment().placements()) {
                insert.setString(1, placed.swarm().value());
                insert.setInt(2, placed.assignment().cluster().id().index());
                insert.setInt(3, placed.assignment().generation());
                insert.setString(4, placement.berth().value());
                insert.setString(5, placement.worker().value());
                insert.setInt(6, placement.firstHost());
                insert.setInt(7, placement.hostCount());
                insert.setLong(8, micros(placed.at()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void writeTransitions(Connection connection, List<Numbered> transitions) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into transitions (sender, incarnation, sequence, swarm, cluster, host, phase, phase_order, reached_at, generation,
                  detail, failure_side, failure_reason, failure_message)
                select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
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
                }
                insert.setLong(9, micros(transition.at()));
                insert.setInt(10, transition.generation());
                insert.setString(11, transition.detail());
                insert.setString(
                        12, transition.failure().map(f -> f.side().name()).orElse(null));
                insert.setString(13, transition.failure().map(Failure::reason).orElse(null));
                insert.setString(14, transition.failure().map(Failure::message).orElse(null));
                insert.setString(15, numbered.sender());
                insert.setString(16, numbered.incarnation());
                insert.setLong(17, numbered.sequence());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static RecordedSwarm swarm(Connection connection, ResultSet row) throws SQLException {
        SwarmSpec spec = parse(row.getString("spec"), SwarmSpec.class);
        SwarmPlan plan = plan(row);
        long endedAt = row.getLong("ended_at");
        Optional<Instant> ended = row.wasNull() ? Optional.empty() : Optional.of(instant(endedAt));
        return new RecordedSwarm(
                spec,
                plan,
                SwarmState.valueOf(row.getString("state")),
                Verdict.valueOf(row.getString("verdict")),
                List.of(parse(row.getString("verdict_reasons"), String[].class)),
                instant(row.getLong("submitted_at")),
                ended,
                Optional.ofNullable(row.getString("deletion")).map(json -> parse(json, DeletionView.class)),
                assignments(connection, spec.id(), plan),
                transitions(connection, spec.id()));
    }

    private static List<Assignment> assignments(Connection connection, SwarmId swarm, SwarmPlan plan)
            throws SQLException {
        List<ClusterSpec> clusters = plan.expand(swarm);
        Map<Integer, List<Placement>> placements = new HashMap<>();
        Map<Integer, Integer> generations = new HashMap<>();
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
                    placements
                            .computeIfAbsent(cluster, unused -> new ArrayList<>())
                            .add(new Placement(
                                    new BerthId(row.getString("berth")),
                                    new WorkerName(row.getString("worker")),
                                    row.getInt("first_host"),
                                    row.getInt("host_count")));
                }
            }
        }
        return placements.entrySet().stream()
                .map(entry ->
                        new Assignment(clusters.get(entry.getKey()), entry.getValue(), generations.get(entry.getKey())))
                .toList();
    }

    private static List<Transition> transitions(Connection connection, SwarmId swarm) throws SQLException {
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
        Instant at = instant(row.getLong("reached_at"));
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
        return host == CLUSTER_ITSELF
                ? new Transition.OfCluster(cluster, ClusterPhase.valueOf(phase), at, generation, detail, failure)
                : new Transition.OfHost(
                        new HostId(cluster, host), HostPhase.valueOf(phase), at, generation, detail, failure);
    }

    private static SwarmSpec withoutPullSecret(SwarmSpec spec) {
        ServiceSpec service = spec.service();
        return new SwarmSpec(
                spec.id(),
                new ServiceSpec(
                        service.url(),
                        service.insecure(),
                        service.caFile(),
                        service.sshPublicKey(),
                        new Secret(""),
                        service.releaseImage(),
                        service.openshiftVersion(),
                        service.baseDomain(),
                        service.agentImage()),
                spec.runtime(),
                spec.manifests(),
                spec.deadlines());
    }

    /** What happened around a fault; empty if this is a phase. */
    public static Optional<FaultEvent> faultEvent(String phase) {
        return phase.startsWith(FAULT)
                ? Optional.of(FaultEvent.valueOf(phase.substring(FAULT.length())))
                : Optional.empty();
    }

    private static String label(int host, String phase) {
        Optional<FaultEvent> event = faultEvent(phase);
        if (event.isPresent()) {
            return event.get().label();
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

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new RecordException("cannot write a " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    private static <T> T parse(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new RecordException("the record holds a " + type.getSimpleName() + " that cannot be read", e);
        }
    }

    /** The record cannot be opened, read or written. */
    public static final class RecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RecordException(String message) {
            super(message);
        }

        RecordException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
