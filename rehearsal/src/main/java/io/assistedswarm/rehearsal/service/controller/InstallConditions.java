package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import java.util.ArrayList;
import java.util.List;

/** Conditions of an AgentClusterInstall (reference, cr-lifecycle.md 4.3). The caller holds the cluster's lock. */
final class InstallConditions {
    private InstallConditions() {}

    /** @param synced whether the spec could be applied */
    static List<Condition> of(Cluster cluster, Condition synced) {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(synced);
        conditions.add(validated(cluster));
        conditions.add(requirementsMet(cluster));
        conditions.add(completed(cluster));
        conditions.add(failed(cluster));
        conditions.add(stopped(cluster));
        if (cluster.preparedOnce) {
            conditions.add(cluster.preparationFailure
                    .map(why -> Condition.yes(
                            "LastInstallationPreparationFailed", "The last installation preparation failed", why))
                    .orElseGet(() -> Condition.no(
                            "LastInstallationPreparationFailed", "There is no failing prior preparation attempt", "")));
        }
        return conditions;
    }

    /** Whether the controller starts the installation: all of it at once, and exactly the hosts that were asked for. */
    static boolean mayStart(Cluster cluster) {
        return cluster.state == ClusterState.READY
                && !cluster.wishes.held()
                && complete(cluster)
                && approved(cluster) == size(cluster);
    }

    private static boolean complete(Cluster cluster) {
        return size(cluster) == cluster.definition.size()
                && cluster.withRole(HostRole.MASTER).count() == cluster.definition.controlPlanes()
                && cluster.withRole(HostRole.WORKER).count() == cluster.definition.workers()
                && cluster.withRole(HostRole.ARBITER).count() == cluster.definition.arbiters();
    }

    private static int size(Cluster cluster) {
        return cluster.hosts.size();
    }

    private static int approved(Cluster cluster) {
        return (int)
                cluster.hosts.values().stream().filter(host -> host.approved).count();
    }

    private static Condition validated(Cluster cluster) {
        if (cluster.state == ClusterState.PENDING_FOR_INPUT) {
            return Condition.no(
                    "Validated",
                    "ValidationsUserPending",
                    "The cluster's validations are pending for user: " + cluster.checks.failures(","));
        }
        if (cluster.state == ClusterState.INSUFFICIENT) {
            return Condition.no(
                    "Validated",
                    "ValidationsFailing",
                    "The cluster's validations are failing: " + cluster.checks.failures(","));
        }
        return Condition.yes("Validated", "ValidationsPassing", "The cluster's validations are passing");
    }

    private static Condition requirementsMet(Cluster cluster) {
        String type = "RequirementsMet";
        return switch (cluster.state) {
            case INSUFFICIENT, PENDING_FOR_INPUT ->
                Condition.no(type, "ClusterNotReady", "The cluster is not ready to begin the installation");
            case READY -> readiness(cluster, type);
            case PREPARING_FOR_INSTALLATION ->
                Condition.yes(type, "ClusterIsReady", "The cluster requirements are met");
            case INSTALLING, FINALIZING, INSTALLED, ADDING_HOSTS ->
                Condition.yes(type, "ClusterAlreadyInstalling", "The cluster requirements are met");
            case ERROR, CANCELLED ->
                Condition.yes(type, "ClusterInstallationStopped", "The cluster installation stopped");
        };
    }

    private static Condition readiness(Cluster cluster, String type) {
        if (!complete(cluster)) {
            return Condition.no(
                    type,
                    "InsufficientAgents",
                    "The cluster currently requires exactly %s, but currently registered %s"
                            .formatted(
                                    counts(
                                            cluster.definition.controlPlanes(),
                                            cluster.definition.arbiters(),
                                            cluster.definition.workers()),
                                    counts(
                                            cluster.withRole(HostRole.MASTER).count(),
                                            cluster.withRole(HostRole.ARBITER).count(),
                                            cluster.withRole(HostRole.WORKER).count())));
        }
        int unapproved = size(cluster) - approved(cluster);
        return unapproved > 0
                ? Condition.no(
                        type,
                        "UnapprovedAgents",
                        "The installation is pending on the approval of %d agents".formatted(unapproved))
                : Condition.yes(type, "ClusterIsReady", "The cluster requirements are met");
    }

    private static String counts(long masters, long arbiters, long workers) {
        String withArbiters = arbiters == 0 ? "" : "%d arbiter agents and ".formatted(arbiters);
        return "%d master agents and %s%d worker agents".formatted(masters, withArbiters, workers);
    }

    private static Condition completed(Cluster cluster) {
        String type = "Completed";
        return switch (cluster.state) {
            case INSUFFICIENT, PENDING_FOR_INPUT ->
                Condition.no(type, "InstallationNotStarted", "The installation has not yet started");
            case READY ->
                cluster.wishes.held()
                        ? Condition.no(
                                type,
                                "InstallationOnHold",
                                "The installation is on hold. To unhold set holdInstallation to false")
                        : Condition.no(type, "InstallationNotStarted", "The installation has not yet started");
            case PREPARING_FOR_INSTALLATION, INSTALLING, FINALIZING ->
                Condition.no(type, "InstallationInProgress", "The installation is in progress: " + cluster.stateInfo);
            case INSTALLED, ADDING_HOSTS ->
                Condition.yes(type, "InstallationCompleted", "The installation has completed: " + cluster.stateInfo);
            case ERROR, CANCELLED ->
                Condition.no(type, "InstallationFailed", "The installation has failed: " + cluster.stateInfo);
        };
    }

    private static Condition failed(Cluster cluster) {
        return cluster.state == ClusterState.ERROR
                ? Condition.yes(
                        "Failed",
                        "InstallationFailed",
                        "The installation failed: " + cluster.stateInfo + failedHosts(cluster))
                : Condition.no("Failed", "InstallationNotFailed", "The installation has not failed");
    }

    private static String failedHosts(Cluster cluster) {
        List<String> hosts = cluster.hostList().stream()
                .filter(host -> host.state == io.assistedswarm.rehearsal.service.model.HostState.ERROR)
                .map(Host::hostname)
                .toList();
        return hosts.isEmpty() ? "" : " (" + String.join(", ", hosts) + ")";
    }

    private static Condition stopped(Cluster cluster) {
        String type = "Stopped";
        return switch (cluster.state) {
            case ERROR -> Condition.yes(type, "InstallationFailed", "The installation has stopped due to error");
            case CANCELLED ->
                Condition.yes(type, "InstallationCancelled", "The installation has stopped because it was cancelled");
            case INSTALLED, ADDING_HOSTS ->
                Condition.yes(
                        type,
                        "InstallationCompleted",
                        "The installation has stopped because it completed successfully");
            default ->
                Condition.no(type, "InstallationNotStopped", "The installation is waiting to start or in progress");
        };
    }
}
