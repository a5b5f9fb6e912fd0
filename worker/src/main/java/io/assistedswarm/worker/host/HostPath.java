package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.HostPhase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The phases that a host passes on its way to a good end, and how long it may stay in each. */
final class HostPath {
    private static final Set<HostPhase> TO_INSTALLED =
            EnumSet.complementOf(EnumSet.of(HostPhase.DISCOVERED, HostPhase.FAILED, HostPhase.STOPPED));
    private static final Set<HostPhase> TO_DISCOVERED = EnumSet.of(
            HostPhase.PLACED,
            HostPhase.CREATED,
            HostPhase.DOWNLOADING,
            HostPhase.BOOTED,
            HostPhase.REGISTERED,
            HostPhase.DISCOVERED);

    private HostPath() {}

    /**
     * The phases after one, up to and with another. A phase that was passed unseen is recorded with those that were seen, so that
     * every host of a report has each of them.
     */
    static List<HostPhase> between(HostPhase from, HostPhase to, boolean infraEnvOnly) {
        Set<HostPhase> path = infraEnvOnly ? TO_DISCOVERED : TO_INSTALLED;
        return path.contains(to)
                ? path.stream()
                        .filter(phase -> phase.compareTo(from) > 0 && phase.compareTo(to) <= 0)
                        .toList()
                : List.of(to);
    }

    /**
     * How long a host may take from the phase in which its clock was set; empty when the clock goes on from an earlier phase, or at
     * an end.
     */
    static Optional<Duration> limit(HostPhase phase, Deadlines deadlines) {
        return switch (phase) {
            // First its cluster's objects and image, then its own; the cluster's own deadlines are tighter and say
            // more.
            case PLACED -> Optional.of(deadlines.apply().multipliedBy(2).plus(deadlines.image()));
            case CREATED -> Optional.of(deadlines.image());
            case DOWNLOADING -> Optional.of(deadlines.download());
            case BOOTED -> Optional.of(deadlines.registration());
            case REGISTERED -> Optional.of(deadlines.discovery());
            case KNOWN -> Optional.of(deadlines.preparation());
            case INSTALLING -> Optional.of(deadlines.installation());
            case PREPARING, REBOOTING, JOINED -> Optional.empty();
            case INSTALLED, DISCOVERED, FAILED, STOPPED -> Optional.empty();
        };
    }
}
