package io.assistedswarm.coordinator.report;

import java.time.Instant;
import java.util.List;

/**
 * Some of what has happened to a swarm's clusters and hosts, in the order in which it was recorded.
 *
 * @param next what to ask for to go on after these; the same as was asked for when there is nothing yet
 */
public record EventPage(List<Event> events, String next) {
    public EventPage {
        events = List.copyOf(events);
    }

    /**
     * @param at by the clock of who tells it
     * @param kind {@code swarm}, {@code cluster}, {@code host}, {@code stage} (of a host's installation, as the service names it) or {@code fault}
     * @param name of the swarm, cluster or host
     * @param what phase, stage, or event around a fault
     * @param reason side and reason of a failure; else empty
     * @param message may be empty
     * @param by the worker, or {@code coordinator}
     */
    public record Event(Instant at, String kind, String name, String what, String reason, String message, String by) {}
}
