package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.UserRefused;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that a cluster's next step depends on.
 *
 * @param phase the furthest one reached
 * @param applied this actor has applied the cluster's manifests
 * @param hosts the furthest phase that each host has told
 * @param failures of the hosts that failed
 * @param accessKnown the InfraEnv's id and token can be told, so that a controller can be started
 * @param release of an installation that is held
 * @param hearing of its hosts on why the service fails it
 * @param userRefused nothing more will be seen of it
 * @param due what is still to be fetched of it, at its end
 */
record ClusterObserved(
        ClusterSpec cluster,
        ClusterPhase phase,
        boolean applied,
        Optional<InfraEnvState> infraEnv,
        Optional<AgentClusterInstallState> install,
        Map<HostId, HostPhase> hosts,
        Map<HostId, Failure> failures,
        boolean accessKnown,
        Controller controller,
        Release release,
        Hearing hearing,
        Optional<UserRefused> userRefused,
        Set<Download> due) {

    /** The controller's process, as this actor knows it. */
    enum Controller {
        /** Not by this actor. */
        NOT_STARTED,
        RUNNING,
        /** Ended with another status than 0; it is started again after a while. */
        BROKEN_OFF,
        /** That while is over. */
        DUE,
        /** Ended with 0. */
        FINISHED
    }

    /** Whether the installation is held, and whether it still should be. */
    enum Release {
        NOT_YET,
        /** The user, or the plan, wants it to begin. */
        WANTED,
        /** It is not held, or never was. */
        DONE
    }

    /**
     * What its hosts have had to say.
     *
     * @param missing they were placed again, and have not come back yet: neither to {@code known} nor to an end
     * @param setbacks what befell those on our side that the service does not take for hosts that are installed
     * @param over all have had the time to say why they failed
     */
    record Hearing(Set<HostId> missing, Map<HostId, Failure> setbacks, boolean over) {
        static final Hearing NONE = new Hearing(Set.of(), Map.of(), false);

        Hearing {
            missing = Set.copyOf(missing);
            setbacks = Map.copyOf(setbacks);
        }

        private Hearing of(ClusterCommand.HostReached told) {
            Set<HostId> stillMissing = new HashSet<>(missing);
            if (told.failure().isPresent() || told.phase().compareTo(HostPhase.KNOWN) >= 0) {
                stillMissing.remove(told.host());
            }
            Map<HostId, Failure> known = new HashMap<>(setbacks);
            told.setback().ifPresentOrElse(why -> known.put(told.host(), why), () -> known.remove(told.host()));
            return new Hearing(stillMissing, known, over);
        }
    }

    ClusterObserved {
        hosts = Map.copyOf(hosts);
        failures = Map.copyOf(failures);
        due = Set.copyOf(due);
    }

    static ClusterObserved atStart(ClusterSpec cluster) {
        return new ClusterObserved(
                cluster,
                ClusterPhase.PLACED,
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                false,
                Controller.NOT_STARTED,
                atFirst(cluster),
                Hearing.NONE,
                Optional.empty(),
                Set.of());
    }

    private static Release atFirst(ClusterSpec cluster) {
        if (cluster.traits().hold() != Hold.NONE) {
            return Release.NOT_YET;
        }
        return cluster.byHand() ? Release.WANTED : Release.DONE;
    }

    boolean needsController() {
        return controller == Controller.NOT_STARTED || controller == Controller.DUE;
    }

    ClusterObserved withPhase(ClusterPhase next) {
        return new ClusterObserved(
                cluster,
                next,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                hearing,
                userRefused,
                Download.due(cluster, phase, next));
    }

    /** It has come, or is given up. */
    ClusterObserved without(Download what) {
        Set<Download> left = new HashSet<>(due);
        left.remove(what);
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                hearing,
                userRefused,
                left);
    }

    ClusterObserved withApplied() {
        return new ClusterObserved(
                cluster,
                phase,
                true,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                hearing,
                userRefused,
                due);
    }

    ClusterObserved withInfraEnv(InfraEnvState next, boolean nextAccessKnown) {
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                Optional.of(next),
                install,
                hosts,
                failures,
                nextAccessKnown,
                controller,
                release,
                hearing,
                userRefused,
                due);
    }

    ClusterObserved withInstall(AgentClusterInstallState next) {
        ClusterObserved seen = new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                Optional.of(next),
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                hearing,
                userRefused,
                due);
        if (next.held()) {
            return release == Release.DONE && fellBack(install, next) ? seen.withRelease(Release.WANTED) : seen;
        }
        // The user may have released it at the object itself.
        return seen.withRelease(Release.DONE);
    }

    /** What was last seen of it when it was asked to begin is the argument; it may have begun, and fallen back, before the answer came. */
    ClusterObserved withLetGo(Optional<AgentClusterInstallState> asked) {
        boolean again = install.filter(now -> fellBack(asked, now)).isPresent();
        return withRelease(again ? Release.WANTED : Release.DONE);
    }

    /**
     * Its preparation failed, and nobody but the swarm tries again. Where it is asked for its state now and then, it may have been left and
     * come back to unseen.
     */
    private boolean fellBack(Optional<AgentClusterInstallState> before, AgentClusterInstallState now) {
        return cluster.byHand()
                && now.state().equals(ClusterStep.READY)
                && before.filter(earlier -> !earlier.held() || !earlier.since().equals(now.since()))
                        .isPresent();
    }

    ClusterObserved withHost(ClusterCommand.HostReached told) {
        Map<HostId, HostPhase> nextHosts = new HashMap<>(hosts);
        // Told again and out of order: the furthest counts.
        nextHosts.merge(told.host(), told.phase(), (known, next) -> next.compareTo(known) > 0 ? next : known);
        Map<HostId, Failure> nextFailures = new HashMap<>(failures);
        told.failure().ifPresent(why -> nextFailures.put(told.host(), why));
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                nextHosts,
                nextFailures,
                accessKnown,
                controller,
                release,
                hearing.of(told),
                userRefused,
                due);
    }

    ClusterObserved withController(Controller next) {
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                next,
                release,
                hearing,
                userRefused,
                due);
    }

    ClusterObserved withRelease(Release next) {
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                next,
                hearing,
                userRefused,
                due);
    }

    /** Somebody wants the installation to begin. */
    ClusterObserved withReleaseWanted() {
        return release == Release.NOT_YET ? withRelease(Release.WANTED) : this;
    }

    /** These hosts begin again at another worker. */
    ClusterObserved withPlacedAgain(Collection<HostId> again) {
        return with(new Hearing(
                Stream.concat(hearing.missing().stream(), again.stream()).collect(Collectors.toSet()),
                hearing.setbacks(),
                hearing.over()));
    }

    ClusterObserved withHostsHeard() {
        return with(new Hearing(hearing.missing(), hearing.setbacks(), true));
    }

    private ClusterObserved with(Hearing next) {
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                next,
                userRefused,
                due);
    }

    ClusterObserved withUserRefused(UserRefused next) {
        return new ClusterObserved(
                cluster,
                phase,
                applied,
                infraEnv,
                install,
                hosts,
                failures,
                accessKnown,
                controller,
                release,
                hearing,
                Optional.of(next),
                due);
    }
}
