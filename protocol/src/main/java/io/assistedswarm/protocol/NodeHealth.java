package io.assistedswarm.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a node of the generator had what it needs to keep its times.
 *
 * @param clock when this was looked at, by the node's own clock
 * @param cpuWait share of the last 10 s in which something on the machine waited for a processor (the kernel's {@code /proc/pressure/cpu},
 *     {@code some avg10}); empty where the kernel does not say
 * @param longestStall by which a timer of the process came late in the last 10 s, for whatever reason
 * @param ahead of the coordinator's clock, negative when it is behind; empty as long as that was not measured
 * @param roundTrip of that measurement, which may be wrong by half of it
 */
public record NodeHealth(
        Instant clock, Optional<Double> cpuWait, Duration longestStall, Optional<Duration> ahead, Duration roundTrip) {
    /** Of a node that nobody has looked at. */
    public static final NodeHealth UNKNOWN =
            new NodeHealth(Instant.EPOCH, Optional.empty(), Duration.ZERO, Optional.empty(), Duration.ZERO);
}
