package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.machine.ClusterChecks;
import io.assistedswarm.rehearsal.service.machine.ClusterMachine;
import io.assistedswarm.rehearsal.service.machine.ClusterView;
import io.assistedswarm.rehearsal.service.machine.HostChecks;
import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.machine.Networks;
import io.assistedswarm.rehearsal.service.model.Checks;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Brings rows up to date: runs the checks, asks the machines, writes what they decide. The callers hold the row's lock. */
public final class Evaluation {
    private final ServiceSettings settings;
    private final Clock clock;
    private final EventLog events;
    private final Changes changes;
    private final Measurements measurements;
    private final HostMachine hostMachine;
    private final ClusterMachine clusterMachine;
    private final HostChecks hostChecks;
    private final Map<UUID, ClusterView> views = new ConcurrentHashMap<>();

    public Evaluation(
            ServiceSettings settings, Clock clock, EventLog events, Changes changes, Measurements measurements) {
        this.settings = settings;
        this.clock = clock;
        this.events = events;
        this.changes = changes;
        this.measurements = measurements;
        this.hostMachine = new HostMachine(settings);
        this.clusterMachine = new ClusterMachine(settings);
        this.hostChecks = new HostChecks(settings);
    }

    /** All hosts of a cluster. What is common to them is worked out anew only until the installation starts, as in the service. */
    public void hostsOf(Cluster cluster) {
        if (cluster.state.beforeInstallation() || !views.containsKey(cluster.id)) {
            ClusterView view = ClusterView.of(cluster);
            views.put(cluster.id, view);
            cluster.majorityGroups = Optional.of(view.majorityGroups());
        }
        suggestRoles(cluster);
        cluster.hosts.values().forEach(this::host);
    }

    public void host(Host host) {
        Instant now = clock.instant();
        Optional<ClusterView> view =
                host.cluster().map(cluster -> views.computeIfAbsent(cluster.id, id -> ClusterView.of(cluster)));
        Checks checks = hostChecks
                .of(host, view, hostMachine.connected(host, now), now)
                .without(settings.variables().disabledHostValidations());
        boolean changed = !checks.equals(host.checks);
        host.checks = checks;
        Optional<HostMachine.Move> move = hostMachine.refresh(host, now);
        move.ifPresent(next -> moveHost(host, next));
        if (changed && move.isEmpty()) {
            changes.hostChanged(host);
        }
    }

    public void moveHost(Host host, HostMachine.Move move) {
        Instant now = clock.instant();
        if (host.state != move.state()) {
            events.host(
                    host,
                    "host_status_updated",
                    move.state() == HostState.ERROR ? "error" : "info",
                    "updated status from %s to %s (%s)"
                            .formatted(host.state.wireName(), move.state().wireName(), move.info()));
            host.stateSince = now;
        }
        host.state = move.state();
        host.stateInfo = move.info();
        host.updatedAt = now;
        changes.hostChanged(host);
        if (host.day2) {
            // Its cluster rests, and would not be looked at by itself.
            host.cluster().ifPresent(changes::clusterChanged);
        }
    }

    public void cluster(Cluster cluster) {
        deriveNetworks(cluster);
        Checks checks = ClusterChecks.of(cluster).without(settings.variables().disabledClusterValidations());
        boolean changed = !checks.equals(cluster.checks);
        cluster.checks = checks;
        Optional<ClusterMachine.Move> move = clusterMachine.refresh(cluster, clock.instant());
        move.ifPresent(next -> moveCluster(cluster, next));
        if (changed && move.isEmpty()) {
            changes.clusterChanged(cluster);
        }
    }

    public void moveCluster(Cluster cluster, ClusterMachine.Move move) {
        Instant now = clock.instant();
        events.cluster(
                cluster,
                "cluster_status_updated",
                move.state() == ClusterState.ERROR ? "critical" : "info",
                "Updated status of the cluster to " + move.state().wireName());
        if (cluster.state == ClusterState.PREPARING_FOR_INSTALLATION) {
            cluster.preparationFailure = move.state() == ClusterState.READY
                    ? Optional.of("Cluster failed to prepare for installation: " + unprepared(cluster))
                    : Optional.empty();
        }
        if (move.state() == ClusterState.INSTALLED) {
            cluster.installCompletedAt = Optional.of(now);
            cluster.installStartedAt.ifPresent(
                    start -> measurements.installationEnded("installed", Duration.between(start, now)));
        }
        cluster.state = move.state();
        cluster.stateInfo = move.info();
        cluster.stateSince = now;
        cluster.updatedAt = now;
        changes.clusterChanged(cluster);
    }

    public void forget(Cluster cluster) {
        views.remove(cluster.id);
    }

    private static String unprepared(Cluster cluster) {
        List<String> hosts = cluster.hostList().stream()
                .filter(host -> host.state != HostState.PREPARING_SUCCESSFUL)
                .map(Host::hostname)
                .toList();
        return hosts.isEmpty() ? "timed out" : "hosts not prepared: " + String.join(", ", hosts);
    }

    private static void deriveNetworks(Cluster cluster) {
        if (!cluster.state.beforeInstallation()) {
            return;
        }
        if (cluster.machineNetworks.isEmpty()) {
            cluster.machineNetworks = Networks.holding(cluster).map(List::of).orElse(List.of());
        }
        if (cluster.singleNode() && !cluster.hosts.isEmpty()) {
            List<String> own = Networks.addressInMachineNetwork(
                            cluster, cluster.hostList().getFirst())
                    .map(List::of)
                    .orElse(List.of());
            cluster.apiVips = own;
            cluster.ingressVips = own;
        }
    }

    private static Optional<HostRole> open(Cluster cluster, HostRole role, int wanted) {
        return cluster.withRole(role).count() < wanted ? Optional.of(role) : Optional.empty();
    }

    /** Whoever has no role of its own becomes a master while there are too few, then an arbiter. */
    private static void suggestRoles(Cluster cluster) {
        for (Host host : cluster.hostList()) {
            if (host.role == HostRole.AUTO_ASSIGN
                    && host.suggestedRole == HostRole.AUTO_ASSIGN
                    && host.inventory.isPresent()) {
                host.suggestedRole = open(cluster, HostRole.MASTER, cluster.definition.controlPlanes())
                        .or(() -> open(cluster, HostRole.ARBITER, cluster.arbiters()))
                        .orElse(HostRole.WORKER);
            }
        }
    }
}
