package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** What happened to clusters and hosts, for {@code /v2/events}. The oldest of an infra-env or cluster are dropped beyond a limit. */
public final class EventLog {
    static final int LIMIT = 5_000;
    private final Clock clock;
    private final Map<UUID, Deque<Event>> byOwner = new ConcurrentHashMap<>();

    public EventLog(Clock clock) {
        this.clock = clock;
    }

    /** Severity as spelt on the wire. */
    public record Event(
            String name,
            Optional<UUID> clusterId,
            Optional<UUID> hostId,
            Optional<UUID> infraEnvId,
            String severity,
            String category,
            String message,
            Instant time,
            String requestId,
            String props) {}

    public void host(Host host, String name, String severity, String message) {
        add(new Event(
                name,
                host.cluster().map(cluster -> cluster.id),
                Optional.of(host.id),
                Optional.of(host.infraEnv.id),
                severity,
                "user",
                "Host %s: %s".formatted(host.hostname(), message),
                clock.instant(),
                "",
                ""));
    }

    public void cluster(Cluster cluster, String name, String severity, String message) {
        add(new Event(
                name,
                Optional.of(cluster.id),
                Optional.empty(),
                Optional.empty(),
                severity,
                "user",
                message,
                clock.instant(),
                "",
                ""));
    }

    public void add(Event event) {
        event.clusterId().or(event::infraEnvId).ifPresent(owner -> {
            Deque<Event> events = byOwner.computeIfAbsent(owner, o -> new ArrayDeque<>());
            synchronized (events) {
                events.addLast(event);
                if (events.size() > LIMIT) {
                    events.removeFirst();
                }
            }
        });
    }

    /** Those that match, oldest first. */
    public List<Event> matching(Predicate<Event> filter) {
        return byOwner.values().stream()
                .flatMap(events -> {
                    synchronized (events) {
                        return List.copyOf(events).stream();
                    }
                })
                .filter(filter)
                .sorted(java.util.Comparator.comparing(Event::time))
                .toList();
    }

    public void forget(UUID owner) {
        byOwner.remove(owner);
    }
}
