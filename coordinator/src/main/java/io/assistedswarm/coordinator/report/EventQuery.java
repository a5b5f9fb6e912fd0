package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.report.EventPage.Event;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what has happened, a page at a time. Every method blocks. */
public final class EventQuery {
    /** Of the last transition, the last stage and the last order that were told. */
    private static final Pattern PLACE = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");

    private static final String BEGINNING = "0-0-0";
    private static final int CLUSTER_ITSELF = -1;

    private final RunRecord record;

    public EventQuery(RunRecord record) {
        this.record = record;
    }

    /**
     * @param cluster only this one and its hosts
     * @param host only this one
     * @param ordersOnly only what users have said; which is not told of a single cluster or host
     * @param after empty for the beginning
     */
    public record Wanted(
            SwarmId swarm,
            Optional<ClusterId> cluster,
            Optional<HostId> host,
            boolean ordersOnly,
            String after,
            int limit) {
        /** @throws IllegalArgumentException when {@code after} was never told */
        public Wanted {
            if (!after.isEmpty() && !PLACE.matcher(after).matches()) {
                throw new IllegalArgumentException(
                        "'" + after + "' is no place to go on from; leave it out for the beginning");
            }
        }

        private long after(int group) {
            Matcher place = PLACE.matcher(after.isEmpty() ? BEGINNING : after);
            return place.matches() ? Long.parseLong(place.group(group)) : 0;
        }
    }

    /** Empty when there is no such swarm. */
    public Optional<EventPage> page(Wanted wanted) {
        try (Connection connection = record.connection()) {
            Optional<Instant> submitted = submitted(connection, wanted.swarm());
            if (submitted.isEmpty()) {
                return Optional.empty();
            }
            List<Event> events = new ArrayList<>();
            if (wanted.after().isEmpty() && wanted.cluster().isEmpty()) {
                events.add(new Event(
                        submitted.get(), "swarm", wanted.swarm().value(), "submitted", "", "", "coordinator"));
            }
            long transition = wanted.ordersOnly() ? wanted.after(1) : transitions(connection, wanted, events);
            Instant until = lastOfMore(wanted, events);
            long stage = wanted.ordersOnly() ? wanted.after(2) : stages(connection, wanted, until, events);
            long order = wanted.cluster().isPresent() ? wanted.after(3) : orders(connection, wanted, until, events);
            events.sort(Comparator.comparing(Event::at));
            return Optional.of(new EventPage(events, transition + "-" + stage + "-" + order));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the events of " + wanted.swarm() + ": " + e.getMessage(), e);
        }
    }

    /** Where more transitions follow, stages and orders are not to run ahead of them. */
    private static Instant lastOfMore(Wanted wanted, List<Event> transitions) {
        return transitions.size() < wanted.limit()
                ? Instant.MAX
                : transitions.getLast().at();
    }

    private static Optional<Instant> submitted(Connection connection, SwarmId swarm) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select submitted_at from swarms where id = ?")) {
            select.setString(1, swarm.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(RunRecord.instant(row.getLong(1))) : Optional.empty();
            }
        }
    }

    private static long transitions(Connection connection, Wanted wanted, List<Event> events) throws SQLException {
        long last = wanted.after(1);
        try (PreparedStatement select = select(connection, "transitions", wanted, last)) {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last = row.getLong("id");
                    events.add(transition(wanted.swarm(), row));
                }
            }
        }
        return last;
    }

    private static long stages(Connection connection, Wanted wanted, Instant until, List<Event> events)
            throws SQLException {
        long last = wanted.after(2);
        try (PreparedStatement select = select(connection, "stages", wanted, last)) {
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Instant seen = RunRecord.instant(row.getLong("seen_at"));
                    if (seen.isAfter(until)) {
                        break;
                    }
                    last = row.getLong("id");
                    events.add(new Event(
                            seen,
                            "stage",
                            new HostId(new ClusterId(wanted.swarm(), row.getInt("cluster")), row.getInt("host")).name(),
                            row.getString("stage"),
                            "",
                            "",
                            "coordinator"));
                }
            }
        }
        return last;
    }

    private static long orders(Connection connection, Wanted wanted, Instant until, List<Event> events)
            throws SQLException {
        long last = wanted.after(3);
        for (Map.Entry<Long, Order> entry : RunRecord.orders(connection, wanted.swarm(), last, wanted.limit())
                .entrySet()) {
            Order order = entry.getValue();
            if (order.at().isAfter(until)) {
                break;
            }
            last = entry.getKey();
            events.add(Event.of(order));
        }
        return last;
    }

    private static PreparedStatement select(Connection connection, String table, Wanted wanted, long after)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement("select * from " + table + " where swarm = ? and id > ?"
                + (wanted.cluster().isPresent() ? " and cluster = ?" : "")
                + (wanted.host().isPresent() ? " and host = ?" : "") + " order by id limit ?");
        int parameter = 1;
        select.setString(parameter++, wanted.swarm().value());
        select.setLong(parameter++, after);
        if (wanted.cluster().isPresent()) {
            select.setInt(parameter++, wanted.cluster().get().index());
        }
        if (wanted.host().isPresent()) {
            select.setInt(parameter++, wanted.host().get().index());
        }
        select.setInt(parameter, wanted.limit());
        return select;
    }

    private static Event transition(SwarmId swarm, ResultSet row) throws SQLException {
        ClusterId cluster = new ClusterId(swarm, row.getInt("cluster"));
        int host = row.getInt("host");
        boolean ofHost = host != CLUSTER_ITSELF;
        String phase = row.getString("phase");
        Optional<String> event = RunRecord.eventLabel(phase);
        String side = row.getString("failure_side");
        String message = row.getString("failure_message");
        return new Event(
                RunRecord.instant(row.getLong("reached_at")),
                event.isPresent() && ofHost ? "fault" : event.isPresent() ? "download" : ofHost ? "host" : "cluster",
                ofHost ? new HostId(cluster, host).name() : cluster.name(),
                event.orElseGet(() -> ofHost
                        ? HostPhase.valueOf(phase).label()
                        : ClusterPhase.valueOf(phase).label()),
                side == null ? "" : side.toLowerCase(Locale.ROOT) + "/" + row.getString("failure_reason"),
                message == null ? row.getString("detail") : message,
                row.getString("sender"));
    }
}
