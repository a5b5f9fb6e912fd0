package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Checks;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What becomes of a cluster when the monitor looks at it. Decides only (reference, dry-run-agent.md 10.2). */
public final class ClusterMachine {
    private static final Set<HostState> NOT_FAILED =
            EnumSet.complementOf(EnumSet.of(HostState.ERROR, HostState.CANCELLED));

    /** A host that registered again while its cluster was prepared is not among them (assisted-service, internal/cluster, IsInstalling). */
    private static final Set<HostState> BEING_INSTALLED = EnumSet.of(
            HostState.PREPARING_SUCCESSFUL,
            HostState.INSTALLING,
            HostState.INSTALLING_IN_PROGRESS,
            HostState.INSTALLING_PENDING_USER_ACTION,
            HostState.INSTALLED);

    private final ServiceSettings settings;

    public ClusterMachine(ServiceSettings settings) {
        this.settings = settings;
    }

    public record Move(ClusterState state, String info) {
        static Move to(ClusterState state) {
            return new Move(state, state.info());
        }
    }

    /** What the monitor makes of a cluster whose checks are up to date; empty to leave it as it is. */
    public Optional<Move> refresh(Cluster cluster, Instant now) {
        return next(cluster, now).filter(move -> move.state() != cluster.state);
    }

    private Optional<Move> next(Cluster cluster, Instant now) {
        return switch (cluster.state) {
            case INSUFFICIENT, PENDING_FOR_INPUT, READY -> Optional.of(beforeInstallation(cluster));
            case PREPARING_FOR_INSTALLATION -> preparing(cluster, now);
            case INSTALLING -> installing(cluster, now);
            case FINALIZING -> finalizing(cluster, now);
            case INSTALLED, ADDING_HOSTS, ERROR, CANCELLED -> Optional.empty();
        };
    }

    private static Move beforeInstallation(Cluster cluster) {
        Checks checks = cluster.checks.without(cluster.wishes.ignoredClusterValidations());
        if (!checks.passed(ClusterChecks.USER_INPUT)) {
            return Move.to(ClusterState.PENDING_FOR_INPUT);
        }
        boolean populated = cluster.hosts.size() >= cluster.definition.controlPlanes();
        return Move.to(
                populated && checks.passed(ClusterChecks.BLOCKING) ? ClusterState.READY : ClusterState.INSUFFICIENT);
    }

    private Optional<Move> preparing(Cluster cluster, Instant now) {
        boolean allPrepared = !cluster.hosts.isEmpty()
                && cluster.hosts.values().stream().allMatch(host -> host.state == HostState.PREPARING_SUCCESSFUL);
        if (allPrepared && cluster.imagesGenerated) {
            return Optional.of(Move.to(ClusterState.INSTALLING));
        }
        boolean hostGone = cluster.hosts.values().stream()
                .anyMatch(host -> host.state == HostState.PREPARING_FAILED
                        || host.state == HostState.DISCONNECTED
                        || host.state == HostState.INSUFFICIENT
                        || host.state == HostState.ERROR);
        return hostGone || past(cluster.stateSince, settings.timeouts().clusterPreparation(), now)
                ? Optional.of(Move.to(ClusterState.READY))
                : Optional.empty();
    }

    private Optional<Move> installing(Cluster cluster, Instant now) {
        if (tooFew(cluster, BEING_INSTALLED)) {
            return Optional.of(Move.to(ClusterState.ERROR));
        }
        long masters = installed(cluster, HostRole.MASTER);
        long arbiters = installed(cluster, HostRole.ARBITER);
        long workers = installed(cluster, HostRole.WORKER);
        int wantedMasters = cluster.definition.controlPlanes();
        int wantedArbiters = cluster.arbiters();
        int wantedWorkers = cluster.workers();
        // As observed: a single worker is not waited for; from two on, two are (observed.md, section 11).
        if (masters >= wantedMasters && arbiters >= wantedArbiters && (wantedWorkers < 2 || workers >= 2)) {
            return Optional.of(Move.to(ClusterState.FINALIZING));
        }
        return overdue(
                cluster, settings.timeouts().installation(), cluster.installStartedAt.orElse(cluster.stateSince), now);
    }

    private Optional<Move> finalizing(Cluster cluster, Instant now) {
        if (tooFew(cluster, NOT_FAILED)) {
            return Optional.of(Move.to(ClusterState.ERROR));
        }
        if (cluster.completion.isPresent() && !cluster.completion.get().success()) {
            return Optional.of(
                    new Move(ClusterState.ERROR, cluster.completion.get().error()));
        }
        boolean hostsEnded = cluster.hosts.values().stream()
                .allMatch(host -> host.state == HostState.INSTALLED || host.state == HostState.ERROR);
        boolean operatorsUp = cluster.operators.values().stream().allMatch(Cluster.Operator::available);
        if (hostsEnded && operatorsUp && cluster.kubeconfigMerged && cluster.completion.isPresent()) {
            return Optional.of(Move.to(ClusterState.INSTALLED));
        }
        return overdue(cluster, settings.timeouts().finalizing(), cluster.stateSince, now);
    }

    /** A missing master or arbiter is always too much, for each is one of etcd's; of several workers two must be left. */
    private static boolean tooFew(Cluster cluster, Set<HostState> wanted) {
        int workers = cluster.workers();
        return count(cluster, HostRole.MASTER, wanted) < cluster.definition.controlPlanes()
                || count(cluster, HostRole.ARBITER, wanted) < cluster.arbiters()
                || (workers >= 2 && count(cluster, HostRole.WORKER, wanted) < 2);
    }

    private static long count(Cluster cluster, HostRole role, Set<HostState> states) {
        return cluster.withRole(role)
                .filter(host -> states.contains(host.state))
                .count();
    }

    private static long installed(Cluster cluster, HostRole role) {
        return count(cluster, role, Set.of(HostState.INSTALLED));
    }

    private Optional<Move> overdue(Cluster cluster, Duration limit, Instant since, Instant now) {
        return past(since, limit, now) && !settings.softTimeouts()
                ? Optional.of(new Move(ClusterState.ERROR, "cluster has timed out while " + cluster.state.wireName()))
                : Optional.empty();
    }

    private boolean past(Instant since, Duration realLimit, Instant now) {
        return Duration.between(since, now).compareTo(settings.scale().of(realLimit)) > 0;
    }

    /** Percent of the whole: 10 for the preparation, 70 by the hosts' average, 20 for the finalisation. */
    public static int percentage(Cluster cluster) {
        if (!cluster.state.installationBegun() && cluster.state != ClusterState.ERROR) {
            return 0;
        }
        if (cluster.state == ClusterState.INSTALLED || cluster.state == ClusterState.ADDING_HOSTS) {
            return 100;
        }
        if (cluster.state == ClusterState.ERROR && cluster.installStartedAt.isEmpty()) {
            return 0;
        }
        // The last five percent are given by the end itself: the recorded service stands at 95 when all operators are
        // up.
        int finalizing =
                finalizingPercentage(cluster).map(percent -> percent * 15 / 100).orElse(0);
        return 10 + installingPercentage(cluster.hosts.values()) * 70 / 100 + finalizing;
    }

    /** The hosts' average, whole percent. */
    public static int installingPercentage(Collection<Host> hosts) {
        return (int) hosts.stream()
                .filter(host -> !host.day2)
                .mapToInt(host -> host.progress.map(Host.Progress::percentage).orElse(0))
                .average()
                .orElse(0);
    }

    /** Share of operators that are up; empty before any reported. */
    public static Optional<Integer> finalizingPercentage(Cluster cluster) {
        long available = cluster.operators.values().stream()
                .filter(Cluster.Operator::available)
                .count();
        return available == 0 ? Optional.empty() : Optional.of((int) (available * 100 / cluster.operators.size()));
    }
}
