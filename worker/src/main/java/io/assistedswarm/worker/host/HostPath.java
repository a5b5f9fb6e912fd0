package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.HostPhase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The phases that a host passes on its way to a good end, and how long it may stay in each. */
final class HostPath {
    private static final List<HostPhase> TO_REGISTRATION =
            List.of(HostPhase.PLACED, HostPhase.CREATED, HostPhase.DOWNLOADING, HostPhase.BOOTED, HostPhase.REGISTERED);
    private static final List<HostPhase> TO_INSTALLED = List.of(
            HostPhase.KNOWN,
            HostPhase.PREPARING,
            HostPhase.INSTALLING,
            HostPhase.REBOOTING,
            HostPhase.JOINED,
            HostPhase.INSTALLED);
    private static final List<HostPhase> TO_ADDED =
            List.of(HostPhase.KNOWN, HostPhase.INSTALLING, HostPhase.REBOOTING, HostPhase.ADDED);

    private HostPath() {}

    /**
     * The phases after one, up to and with another. A phase that was passed unseen is recorded with those that were seen, so that
     * every host of a report has each of them.
     */
    static List<HostPhase> between(HostPhase from, HostPhase to, Journey journey) {
        List<HostPhase> path = path(journey);
        return path.contains(to) && path.contains(from)
                ? path.subList(path.indexOf(from) + 1, path.indexOf(to) + 1)
                : List.of(to);
    }

    static boolean isAfter(HostPhase one, HostPhase other, Journey journey) {
        return path(journey).indexOf(one) > path(journey).indexOf(other);
    }

    /** The user has bound a host that belongs to no cluster, or may: it has reached its end, and what follows is not held against it. */
    static boolean isBeyondItsEnd(HostPhase phase, Journey journey) {
        return journey.infraEnvOnly() && !isAfter(HostPhase.DISCOVERED, phase, journey);
    }

    /** Nothing that the host waits for in this phase is late, however long it takes. */
    static boolean isUntimed(HostPhase phase, Journey journey) {
        return phase.isEnd()
                || isBeyondItsEnd(phase, journey)
                || (phase == HostPhase.PLACED && journey.dayTwo())
                || (phase == HostPhase.KNOWN && journey.held());
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
            // Once bound it registers again, and is discovered again.
            case REGISTERED, UNBOUND -> Optional.of(deadlines.discovery());
            case KNOWN -> Optional.of(deadlines.preparation());
            case INSTALLING -> Optional.of(deadlines.installation());
            case PREPARING, REBOOTING, JOINED -> Optional.empty();
            case INSTALLED, DISCOVERED, ADDED, FAILED, STOPPED, LOST -> Optional.empty();
        };
    }

    private static List<HostPhase> path(Journey journey) {
        Stream<HostPhase> pool = journey.infraEnvOnly()
                ? Stream.of(HostPhase.DISCOVERED)
                : journey.lateBinding() ? Stream.of(HostPhase.UNBOUND) : Stream.empty();
        return Stream.of(TO_REGISTRATION.stream(), pool, (journey.dayTwo() ? TO_ADDED : TO_INSTALLED).stream())
                .flatMap(phases -> phases)
                .toList();
    }
}
