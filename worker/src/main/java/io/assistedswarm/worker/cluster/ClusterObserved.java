package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import java.util.Collection;
import java.util.HashMap;
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
        Hearing hearing) {

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
     * @param over all have had the time to say why they failed
     */
    record Hearing(Set<HostId> missing, boolean over) {
        static final Hearing NONE = new Hearing(Set.of(), false);

        Hearing {
            missing = Set.copyOf(missing);
        }

        private Hearing of(HostId host, HostPhase reached, Optional<Failure> failure) {
            boolean back = failure.isPresent() || reached.compareTo(HostPhase.KNOWN) >= 0;
            return back && missing.contains(host)
                    ? new Hearing(
                            missing.stream()
                                    .filter(other -> !other.equals(host))
                                    .collect(Collectors.toSet()),
                            over)
                    : this;
        }
    }

    ClusterObserved {
        hosts = Map.copyOf(hosts);
        failures = Map.copyOf(failures);
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
                cluster.traits().hold() == Hold.NONE ? Release.DONE : Release.NOT_YET,
                Hearing.NONE);
    }

    boolean needsController() {
        return controller == Controller.NOT_STARTED || controller == Controller.DUE;
    }

    ClusterObserved withPhase(ClusterPhase next) {
        return new ClusterObserved(
                cluster, next, applied, infraEnv, install, hosts, failures, accessKnown, controller, release, hearing);
    }

    ClusterObserved withApplied() {
        return new ClusterObserved(
                cluster, phase, true, infraEnv, install, hosts, failures, accessKnown, controller, release, hearing);
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
                hearing);
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
                hearing);
        // The user may have released it at the object itself.
        return next.held() ? seen : seen.withRelease(Release.DONE);
    }

    ClusterObserved withHost(HostId host, HostPhase reached, Optional<Failure> failure) {
        Map<HostId, HostPhase> nextHosts = new HashMap<>(hosts);
        // Told again and out of order: the furthest counts.
        nextHosts.merge(host, reached, (known, told) -> told.compareTo(known) > 0 ? told : known);
        Map<HostId, Failure> nextFailures = new HashMap<>(failures);
        failure.ifPresent(why -> nextFailures.put(host, why));
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
                hearing.of(host, reached, failure));
    }

    ClusterObserved withController(Controller next) {
        return new ClusterObserved(
                cluster, phase, applied, infraEnv, install, hosts, failures, accessKnown, next, release, hearing);
    }

    ClusterObserved withRelease(Release next) {
        return new ClusterObserved(
                cluster, phase, applied, infraEnv, install, hosts, failures, accessKnown, controller, next, hearing);
    }

    /** Somebody wants the installation to begin. */
    ClusterObserved withReleaseWanted() {
        return release == Release.NOT_YET ? withRelease(Release.WANTED) : this;
    }

    /** These hosts begin again at another worker. */
    ClusterObserved withPlacedAgain(Collection<HostId> again) {
        return with(new Hearing(
                Stream.concat(hearing.missing().stream(), again.stream()).collect(Collectors.toSet()), hearing.over()));
    }

    ClusterObserved withHostsHeard() {
        return with(new Hearing(hearing.missing(), true));
    }

    private ClusterObserved with(Hearing next) {
        return new ClusterObserved(
                cluster, phase, applied, infraEnv, install, hosts, failures, accessKnown, controller, release, next);
    }
}
