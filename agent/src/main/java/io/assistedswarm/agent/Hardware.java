package io.assistedswarm.agent;

import java.util.List;

/**
 * What a fake host says that it is made of, apart from its one NIC.
 *
 * @param disksGib the first is {@code /dev/vda}, and so on
 */
public record Hardware(
        int cores,
        int memoryGib,
        List<Integer> disksGib,
        String processor,
        String manufacturer,
        String product,
        String serialNumber) {
    /** Passes the service's default requirements for every role. */
    public static final Hardware STANDARD =
            new Hardware(16, 64, List.of(256), "Stand-in Processor", "unknown", "unknown", "unknown");

    public Hardware {
        disksGib = List.copyOf(disksGib);
    }
}
