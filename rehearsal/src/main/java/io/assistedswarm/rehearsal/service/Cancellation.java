package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.machine.ClusterMachine;
import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes an installation back as a user of the REST API asks for it: all of it, or nothing and 409 (assisted-service,
 * internal/cluster/statemachine.go and internal/host/statemachine.go).
 */
public final class Cancellation {
    private static final String CANCELLED_BY_USER = "Installation was cancelled by user";
    private static final String RESET_BY_USER = "cluster was reset by user";

    private static final Set<HostState> INSTALLED_SO_FAR = EnumSet.of(
            HostState.INSTALLING_PENDING_USER_ACTION,
            HostState.INSTALLING,
            HostState.INSTALLING_IN_PROGRESS,
            HostState.INSTALLED,
            HostState.ERROR);
    private static final Set<HostState> PREPARED_SO_FAR =
            EnumSet.of(HostState.PREPARING_FOR_INSTALLATION, HostState.PREPARING_SUCCESSFUL, HostState.KNOWN);
    private static final Set<HostState> RESETTABLE = EnumSet.of(
            HostState.DISCOVERING,
            HostState.KNOWN,
            HostState.PENDING_FOR_INPUT,
            HostState.PREPARING_FOR_INSTALLATION,
            HostState.PREPARING_SUCCESSFUL,
            HostState.PREPARING_FAILED,
            HostState.INSTALLING,
            HostState.INSTALLING_IN_PROGRESS,
            HostState.INSTALLING_PENDING_USER_ACTION,
            HostState.INSTALLED,
            HostState.ADDED_TO_EXISTING_CLUSTER,
            HostState.ERROR,
            HostState.CANCELLED,
            HostState.RESETTING_PENDING_USER_ACTION);

    private final ClusterDesk clusters;
    private final BindingDesk bindings;
    private final Evaluation evaluation;
    private final EventLog events;

    public Cancellation(ClusterDesk clusters, BindingDesk bindings, Evaluation evaluation, EventLog events) {
        this.clusters = clusters;
        this.bindings = bindings;
        this.evaluation = evaluation;
        this.events = events;
    }

    /** What was only prepared becomes ready again, what is installed is lost. */
    public void cancel(Cluster cluster) {
        cluster.lockedRun(() -> {
            boolean prepared = cluster.state == ClusterState.PREPARING_FOR_INSTALLATION;
            if (!prepared
                    && cluster.state != ClusterState.INSTALLING
                    && cluster.state != ClusterState.FINALIZING
                    && cluster.state != ClusterState.ERROR) {
                throw refusal();
            }
            Set<HostState> cancellable = EnumSet.copyOf(INSTALLED_SO_FAR);
            cancellable.addAll(PREPARED_SO_FAR);
            require(cluster, cancellable);
            evaluation.moveCluster(
                    cluster,
                    new ClusterMachine.Move(prepared ? ClusterState.READY : ClusterState.CANCELLED, CANCELLED_BY_USER));
            cluster.preparationFailure = Optional.empty();
            events.cluster(cluster, "cluster_installation_canceled", "info", "Canceled cluster installation");
            for (Host host : cluster.hostList()) {
                HostState next = INSTALLED_SO_FAR.contains(host.state) ? HostState.CANCELLED : HostState.KNOWN;
                evaluation.moveHost(host, new HostMachine.Move(next, CANCELLED_BY_USER));
            }
        });
    }

    /** The cluster begins anew; each of its hosts waits until somebody boots it into the discovery image. */
    public void reset(Cluster cluster) {
        cluster.lockedRun(() -> {
            switch (cluster.state) {
                case PREPARING_FOR_INSTALLATION, INSTALLING, FINALIZING, ERROR, CANCELLED ->
                    require(cluster, RESETTABLE);
                case INSUFFICIENT, PENDING_FOR_INPUT, READY, INSTALLED, ADDING_HOSTS -> throw refusal();
            }
            cluster.forgetInstallation();
            evaluation.moveCluster(cluster, new ClusterMachine.Move(ClusterState.INSUFFICIENT, RESET_BY_USER));
            cluster.preparationFailure = Optional.empty();
            events.cluster(cluster, "cluster_installation_reset", "info", "Reset cluster installation");
            for (Host host : cluster.hostList()) {
                host.bootstrap = cluster.singleNode();
                evaluation.moveHost(
                        host,
                        new HostMachine.Move(
                                HostState.RESETTING_PENDING_USER_ACTION,
                                "Host requires booting into the discovery image to complete resetting the installation"));
            }
        });
    }

    /** Of a cluster that is deregistered: the hosts of its own infra-envs go with it, others go back to their pool. */
    public void release(Cluster cluster) {
        for (Host host : cluster.hostList()) {
            if (host.lateBound()) {
                bindings.release(host);
            } else {
                clusters.deregister(host);
            }
        }
    }

    private static void require(Cluster cluster, Set<HostState> states) {
        List<Host> hosts = cluster.hostList();
        if (!hosts.stream().allMatch(host -> states.contains(host.state))) {
            throw refusal();
        }
    }

    private static Refusal refusal() {
        return Refusal.conflict("no condition found to run transition");
    }
}
