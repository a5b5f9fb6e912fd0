package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.record.Order;
import java.time.Instant;
import java.util.List;

/**
 * Some of what has happened to a swarm's clusters and hosts, and of what users have said, in the order in which it was recorded.
 *
 * @param next what to ask for to go on after these; the same as was asked for when there is nothing yet
 */
public record EventPage(List<Event> events, String next) {
    public EventPage {
        events = List.copyOf(events);
    }

    /**
     * @param at by the clock of who tells it
     * @param kind {@code swarm}, {@code cluster}, {@code host}, {@code stage} (of a host's installation, as the service names it), {@code fault} or
     *     {@code order} (of a user)
     * @param name of the swarm, cluster, host or worker
     * @param what phase, stage, event around a fault, or order
     * @param reason side and reason of a failure; else empty
     * @param message may be empty
     * @param by the worker, {@code coordinator} or {@code user}
     */
    public record Event(Instant at, String kind, String name, String what, String reason, String message, String by) {
        static Event of(Order order) {
            return new Event(order.at(), "order", order.name(), order.what(), "", order.detail(), "user");
        }
    }
}
