package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import java.time.Duration;
import java.time.Instant;

/**
 * How a cluster's start came about that the plan had set a time for.
 *
 * @param due by the plan
 * @param admitted it had all of its places
 * @param held part of the time between that the plan itself asked for, by its bounds
 * @param forRoom part of it in which the workers had no room
 */
public record Arrival(ClusterId cluster, Instant due, Instant admitted, Duration held, Duration forRoom) {
    /** By the generator's own doing: what the plan did not ask for. */
    public Duration late() {
        Duration late = Duration.between(due, admitted).minus(held);
        return late.isNegative() ? Duration.ZERO : late;
    }

    /** Whether more of that was for want of room than for anything that the coordinator does. */
    public boolean mostlyForRoom() {
        return forRoom.multipliedBy(2).compareTo(late()) > 0;
    }
}
