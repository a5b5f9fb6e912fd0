package io.assistedswarm.coordinator.report;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each thing happened to a cluster or host, by the coordinator's clock.
 *
 * @param corrected what was taken from the times of workers whose clocks are off, in words; empty when none is
 */
public record Timeline(String name, List<Entry> entries, String corrected) {
    private static final Map<HostPhase, String> OF_HOST = Map.ofEntries(
            Map.entry(HostPhase.PLACED, "it has its place"),
            Map.entry(HostPhase.CREATED, "BareMetalHost made"),
            Map.entry(HostPhase.DOWNLOADING, "the BareMetalHost has its image"),
            Map.entry(HostPhase.BOOTED, "ISO read, agent started"),
            Map.entry(HostPhase.REGISTERED, "the service has made its Agent"),
            Map.entry(HostPhase.UNBOUND, "known-unbound: is bound now"),
            Map.entry(HostPhase.KNOWN, "bound to its cluster, and ready"),
            Map.entry(HostPhase.REBOOTING, "reboot marker made"));
    private static final Map<ClusterPhase, String> OF_CLUSTER = Map.ofEntries(
            Map.entry(ClusterPhase.PLACED, "every host has its place"),
            Map.entry(ClusterPhase.APPLIED, "objects made"),
            Map.entry(ClusterPhase.IMAGE_READY, "ISO ready"),
            Map.entry(ClusterPhase.COMPLETED, "waits for its controller"),
            Map.entry(ClusterPhase.INSTALLED, "controller done"));

    public Timeline {
        entries = List.copyOf(entries);
    }

    /**
     * @param what phase, stage or event
     * @param means in words; may be empty
     * @param lastedSeconds until the next entry; empty for the last one
     */
    public record Entry(Instant at, String what, String means, Optional<Double> lastedSeconds) {}

    static String meaning(HostPhase phase) {
        return OF_HOST.getOrDefault(phase, "");
    }

    static String meaning(ClusterPhase phase) {
        return OF_CLUSTER.getOrDefault(phase, "");
    }
}
