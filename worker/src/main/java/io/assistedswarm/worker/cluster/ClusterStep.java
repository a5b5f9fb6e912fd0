package io.assistedswarm.worker.cluster;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Role;
import io.assistedswarm.worker.InfraEnvWords;
import io.assistedswarm.worker.cluster.ClusterObserved.Controller;
import io.assistedswarm.worker.cluster.ClusterObserved.Release;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Decides a cluster's next step from what is observed, and from nothing else. */
final class ClusterStep {
    private static final String INSTALLATION_FAILED = "InstallationFailed";

    /** State of a cluster that could be installed. */
    static final String READY = "ready";

    /** Of several failed hosts the one that broke on our side, or whose agent was not let in: the service fails the others with it. */
    private static final Comparator<Map.Entry<HostId, Failure>> BY_CAUSE = Comparator.comparing(
                    (Map.Entry<HostId, Failure> entry) -> !entry.getValue().isOurs())
            .thenComparing(entry -> !isShutOut(entry.getValue()))
            .thenComparing(Map.Entry::getKey);

    private ClusterStep() {}

    static ClusterAction next(ClusterObserved seen) {
        if (seen.phase().isEnd()) {
            return new ClusterAction.Await(ClusterWords.fetched(seen));
        }
        Optional<Failure> refused = seen.userRefused().map(UserRefused::failure);
        if (refused.isPresent()) {
            return new ClusterAction.Fail(refused.get());
        }
        Optional<Failure> failure = failureOfService(seen)
                .map(why -> explained(causedByHost(why, seen), seen))
                .or(() -> failureOfHost(seen));
        if (failure.isPresent()) {
            return mayBeOurs(failure.get(), seen)
                    ? new ClusterAction.HearHosts(failure.get())
                    : end(causedBySetback(causedByMove(failure.get(), seen), seen));
        }
        if (!seen.applied()) {
            return ClusterAction.Apply.INSTANCE;
        }
        Optional<ClusterPhase> reported = reported(seen).filter(phase -> phase.compareTo(seen.phase()) > 0);
        if (reported.isPresent()) {
            return new ClusterAction.Reach(reported.get(), detail(seen));
        }
        if (seen.release() == Release.WANTED && mayBeginByHand(seen)) {
            return ClusterAction.LetGo.INSTANCE;
        }
        if (!seen.cluster().infraEnvOnly()
                && seen.needsController()
                && !infraId(seen).isEmpty()) {
            return seen.accessKnown()
                    ? new ClusterAction.StartController(infraId(seen))
                    : new ClusterAction.Await(
                            InfraEnvWords.idAwaited(seen.cluster().byHand()));
        }
        return new ClusterAction.Await(ClusterWords.awaited(seen));
    }

    /** A host that failed has asked for itself. */
    private static ClusterAction end(Failure failure) {
        return failure.side() == Side.SERVICE && failure.reason().equals(INSTALLATION_FAILED)
                ? new ClusterAction.AskAsAgent(failure)
                : new ClusterAction.Fail(failure);
    }

    /**
     * Its agents run, and that it is late can have come of agents or a controller that are not let in, at first or any more: a controller
     * gives up then.
     */
    static boolean mayBeShutOut(ClusterObserved seen, Failure late) {
        return late.side() != Side.PLAN && !late.isLoss() && seen.phase().compareTo(ClusterPhase.IMAGE_READY) >= 0;
    }

    private static boolean isShutOut(Failure failure) {
        return failure.reason().equals(Failure.UNAUTHORIZED);
    }

    /** Why the cluster did not get further in time, from what was seen last. */
    static Failure timedOut(ClusterObserved seen, String lastError) {
        return causedByMove(explained(late(seen, lastError), seen), seen);
    }

    /** What the cluster's user wanted has not come in time. */
    static Failure notFetched(Download what, String lastError) {
        return new Failure(
                Side.SERVICE,
                "DownloadTimeout",
                "its " + what.label() + " could not be downloaded in time"
                        + (lastError.isEmpty() ? "" : "; last error: " + lastError));
    }

    private static Failure late(ClusterObserved seen, String lastError) {
        String state = ClusterWords.lastSeen(seen) + (lastError.isEmpty() ? "" : "; last error: " + lastError);
        return switch (seen.phase()) {
            case PENDING, PLACED ->
                new Failure(Side.SERVICE, "ApplyTimeout", "its objects were not accepted in time; " + state);
            case APPLIED -> new Failure(Side.SERVICE, "ImageTimeout", "no ISO in time; " + state);
            case IMAGE_READY ->
                new Failure(Side.SERVICE, "DiscoveryTimeout", "not all hosts were ready in time; " + state);
            case PREPARING ->
                new Failure(Side.SERVICE, "PreparationTimeout", "the installation did not begin in time; " + state);
            case ADDING_HOSTS ->
                new Failure(
                        Side.SERVICE,
                        "DayTwoTimeout",
                        "installed, but its day-2 hosts were not added in time; " + state);
            case COMPLETED ->
                new Failure(
                        Side.GENERATOR,
                        "ControllerTimeout",
                        "installed, but its controller did not end with 0; " + state);
            case HELD, INSTALLING, FINALIZING, INSTALLED, DISCOVERED, FAILED, STOPPED, LOST ->
                seen.controller() == Controller.BROKEN_OFF || seen.controller() == Controller.DUE
                        ? new Failure(Side.GENERATOR, "ControllerCrashed", "its controller ends by itself; " + state)
                        : new Failure(Side.SERVICE, "InstallationTimeout", "it was not installed in time; " + state);
        };
    }

    /**
     * The failure as the plan's doing if one of the hosts has had its fault, whatever the service makes of it. What broke on our side
     * stays ours.
     */
    private static Failure explained(Failure failure, ClusterObserved seen) {
        return seen.cluster().faults().keySet().stream()
                .filter(index -> failure.side() != Side.GENERATOR)
                .map(seen.cluster()::host)
                .filter(host -> hasHadItsFault(host, seen))
                .min(Comparator.naturalOrder())
                .flatMap(host -> seen.cluster().fault(host).map(fault -> fault.explains(host, failure)))
                .orElse(failure);
    }

    private static boolean hasHadItsFault(HostId host, ClusterObserved seen) {
        boolean failed = seen.failures().containsKey(host)
                && Fault.explained(seen.failures().get(host));
        HostPhase reached = seen.hosts().getOrDefault(host, HostPhase.PLACED);
        return failed
                || seen.cluster()
                        .fault(host)
                        .filter(fault -> fault.reachedBy(reached))
                        .isPresent();
    }

    /** What the service says of the cluster, as what came of a host that was lost, broke on our side, or whose agent was not let in. */
    private static Failure causedByHost(Failure failure, ClusterObserved seen) {
        return seen.failures().entrySet().stream()
                .filter(entry -> entry.getValue().isOurs() || isShutOut(entry.getValue()))
                .min(BY_CAUSE)
                .map(entry -> failure.causedBy(naming(entry.getKey(), entry.getValue())))
                .orElse(failure);
    }

    /** Hosts that are on their way to another worker are why the cluster did not get on. */
    private static Failure causedByMove(Failure failure, ClusterObserved seen) {
        return seen.hearing().missing().stream()
                .min(Comparator.naturalOrder())
                .map(host -> failure.causedBy(new Failure(
                        Side.GENERATOR,
                        Failure.WORKER_LOST,
                        "host " + host + " came from a lost or drained worker and was not back yet")))
                .orElse(failure);
    }

    /**
     * The service fails an installation, too, when a host is not among those that are installed: it has registered again while its
     * cluster was prepared (assisted-service, internal/cluster/statemachine.go, "Installation error").
     */
    private static Failure causedBySetback(Failure failure, ClusterObserved seen) {
        return seen.hearing().setbacks().entrySet().stream()
                .filter(entry -> failure.reason().equals(INSTALLATION_FAILED))
                .min(Map.Entry.comparingByKey())
                .map(entry -> failure.causedBy(naming(entry.getKey(), entry.getValue())))
                .orElse(failure);
    }

    /**
     * A host that the service fails with its cluster, or the cluster itself, may be heard of before the host that it came from; if that one
     * failed by what befell it on our side, only it can say so.
     */
    private static boolean mayBeOurs(Failure failure, ClusterObserved seen) {
        boolean saidByService =
                failure.reason().equals(INSTALLATION_FAILED) || failure.reason().equals(Failure.HOST_ERROR);
        return saidByService
                && failure.side() == Side.SERVICE
                && !seen.hearing().over()
                && !seen.failures().keySet().containsAll(seen.cluster().hosts());
    }

    private static Optional<Failure> failureOfService(ClusterObserved seen) {
        return seen.install()
                .filter(install -> install.failed() && !install.completed())
                .map(install -> new Failure(
                        Side.SERVICE,
                        install.state().equals("cancelled") ? "InstallationCancelled" : INSTALLATION_FAILED,
                        "the service says: " + firstNonEmpty(install.message(), install.stateInfo(), install.state())));
    }

    /**
     * A failed host fails its cluster: the service wants exactly as many hosts as were asked for. Once it installs it may go on
     * without a worker, so then its own verdict is awaited; it has none on day-2 hosts.
     */
    private static Optional<Failure> failureOfHost(ClusterObserved seen) {
        boolean installing = seen.phase().compareTo(ClusterPhase.INSTALLING) >= 0;
        return seen.failures().entrySet().stream()
                .filter(entry -> !installing
                        || seen.cluster().role(entry.getKey()) != Role.WORKER
                        || seen.cluster().isDayTwo(entry.getKey()))
                .min(BY_CAUSE)
                .map(entry -> naming(entry.getKey(), entry.getValue()));
    }

    /** A failure that a fault explains names the host already. */
    private static Failure naming(HostId host, Failure failure) {
        return Fault.explained(failure)
                ? failure
                : new Failure(failure.side(), failure.reason(), "host " + host + ": " + failure.message());
    }

    private static Optional<ClusterPhase> reported(ClusterObserved seen) {
        if (seen.cluster().infraEnvOnly()) {
            return allDiscovered(seen) ? Optional.of(ClusterPhase.DISCOVERED) : byImage(seen);
        }
        return seen.install().flatMap(install -> phaseOf(install, seen)).or(() -> byImage(seen));
    }

    private static Optional<ClusterPhase> phaseOf(AgentClusterInstallState install, ClusterObserved seen) {
        if (install.completed()) {
            return Optional.of(afterCompletion(seen));
        }
        return switch (install.state()) {
            case READY -> Optional.of(isHeld(seen) ? ClusterPhase.HELD : ClusterPhase.PREPARING);
            case "preparing-for-installation" -> Optional.of(ClusterPhase.PREPARING);
            case "installing", "installing-pending-user-action" -> Optional.of(ClusterPhase.INSTALLING);
            case "finalizing", "installed", "adding-hosts" -> Optional.of(ClusterPhase.FINALIZING);
            default -> Optional.empty();
        };
    }

    /** For good, and not only until the swarm itself lets the installation begin. */
    private static boolean isHeld(ClusterObserved seen) {
        return seen.release() != Release.DONE && seen.cluster().traits().hold() != Hold.NONE;
    }

    /** Where the service begins by itself, it may be told at any time. Else it has to be ready, and its hosts what they are to be. */
    private static boolean mayBeginByHand(ClusterObserved seen) {
        return !seen.cluster().byHand()
                || (seen.install()
                                .filter(install -> install.state().equals(READY))
                                .isPresent()
                        && seen.cluster().hosts().subList(0, seen.cluster().dayOneHostCount()).stream()
                                .allMatch(host -> seen.hosts()
                                                .getOrDefault(host, HostPhase.PLACED)
                                                .compareTo(HostPhase.KNOWN)
                                        >= 0));
    }

    private static ClusterPhase afterCompletion(ClusterObserved seen) {
        if (seen.controller() != Controller.FINISHED && seen.phase() != ClusterPhase.ADDING_HOSTS) {
            return ClusterPhase.COMPLETED;
        }
        boolean grown = seen.cluster().dayTwoHosts().stream()
                .allMatch(host -> seen.hosts().get(host) == HostPhase.ADDED);
        return grown ? ClusterPhase.INSTALLED : ClusterPhase.ADDING_HOSTS;
    }

    private static Optional<ClusterPhase> byImage(ClusterObserved seen) {
        boolean image = seen.infraEnv()
                .filter(infraEnv -> !infraEnv.isoDownloadUrl().isEmpty())
                .isPresent();
        return Optional.of(image ? ClusterPhase.IMAGE_READY : ClusterPhase.APPLIED);
    }

    private static boolean allDiscovered(ClusterObserved seen) {
        return seen.cluster().hosts().stream().allMatch(host -> seen.hosts().get(host) == HostPhase.DISCOVERED);
    }

    private static String infraId(ClusterObserved seen) {
        return seen.install().map(AgentClusterInstallState::infraId).orElse("");
    }

    private static String detail(ClusterObserved seen) {
        return seen.install()
                .map(install -> install.state() + " " + install.percent() + " %")
                .orElse("");
    }

    private static String firstNonEmpty(String first, String second, String third) {
        String either = first.isEmpty() ? second : first;
        return either.isEmpty() ? third : either;
    }
}
