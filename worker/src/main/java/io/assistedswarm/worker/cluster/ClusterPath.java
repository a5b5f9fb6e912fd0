package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Deadlines;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The phases that a cluster passes on its way to a good end, and how long it may stay in each. */
final class ClusterPath {
    private static final Set<ClusterPhase> TO_DISCOVERED =
            EnumSet.of(ClusterPhase.APPLIED, ClusterPhase.IMAGE_READY, ClusterPhase.DISCOVERED);

    private ClusterPath() {}

    /** The phases after one, up to and with another: one that was passed unseen is recorded with those that were seen. */
    static List<ClusterPhase> between(ClusterPhase from, ClusterPhase to, ClusterSpec cluster) {
        Set<ClusterPhase> path = cluster.infraEnvOnly() ? TO_DISCOVERED : toInstalled(cluster.traits());
        return path.contains(to)
                ? path.stream()
                        .filter(phase -> phase.compareTo(from) > 0 && phase.compareTo(to) <= 0)
                        .toList()
                : List.of(to);
    }

    private static Set<ClusterPhase> toInstalled(ClusterTraits traits) {
        Set<ClusterPhase> path = EnumSet.range(ClusterPhase.PENDING, ClusterPhase.INSTALLED);
        if (traits.hold() == Hold.NONE) {
            path.remove(ClusterPhase.HELD);
        }
        if (traits.day2Workers() == 0) {
            path.remove(ClusterPhase.ADDING_HOSTS);
        }
        return path;
    }

    /** Nothing that the cluster waits for in this phase is late, however long it takes. */
    static boolean isUntimed(ClusterPhase phase) {
        return phase.isEnd() || phase == ClusterPhase.HELD;
    }

    /** How long a cluster may take from this phase on; empty when the clock goes on from an earlier one, or at an end. */
    static Optional<Duration> limit(ClusterPhase phase, Deadlines deadlines) {
        return switch (phase) {
            case PLACED -> Optional.of(deadlines.apply());
            case APPLIED -> Optional.of(deadlines.image());
            // All its hosts must be known: each has deadlines of its own on the way, which say more when they pass.
            case IMAGE_READY -> Optional.of(toKnown(deadlines));
            case PREPARING -> Optional.of(deadlines.preparation());
            case INSTALLING -> Optional.of(deadlines.installation());
            case COMPLETED -> Optional.of(deadlines.controller());
            case ADDING_HOSTS ->
                Optional.of(toKnown(deadlines).plus(deadlines.preparation()).plus(deadlines.installation()));
            case HELD, PENDING, FINALIZING, INSTALLED, DISCOVERED, FAILED, STOPPED, LOST -> Optional.empty();
        };
    }

    private static Duration toKnown(Deadlines deadlines) {
        return deadlines
                .apply()
                .plus(deadlines.image())
                .plus(deadlines.download())
                .plus(deadlines.registration())
                // Hosts that are bound late are discovered twice.
                .plus(deadlines.discovery().multipliedBy(2));
    }
}
