package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.model.Host;
import java.util.List;

/** Conditions of an Agent (reference, cr-lifecycle.md 6). The caller holds the host's lock. */
final class AgentConditions {
    private AgentConditions() {}

    /** @param synced whether the spec could be applied */
    static List<Condition> of(Host host, Condition synced) {
        return List.of(synced, connected(host), requirementsMet(host), validated(host), installed(host), bound(host));
    }

    private static Condition connected(Host host) {
        return switch (host.state) {
            case DISCONNECTED, DISCONNECTED_UNBOUND ->
                Condition.no(
                        "Connected",
                        "AgentIsDisconnected",
                        "The agent has not contacted the installation service in some time, user action should be taken");
            default ->
                Condition.yes(
                        "Connected",
                        "AgentIsConnected",
                        "The agent's connection to the installation service is unimpaired");
        };
    }

    private static Condition requirementsMet(Host host) {
        String type = "RequirementsMet";
        return switch (host.state) {
            case KNOWN ->
                host.approved
                        ? Condition.yes(type, "AgentIsReady", "The agent is ready to begin the installation")
                        : Condition.no(type, "AgentIsNotApproved", "The agent is not approved");
            case PREPARING_FOR_INSTALLATION,
                    PREPARING_SUCCESSFUL,
                    INSTALLING,
                    INSTALLING_IN_PROGRESS,
                    INSTALLING_PENDING_USER_ACTION ->
                Condition.yes(type, "AgentAlreadyInstalling", "Installation already started and is in progress");
            case INSTALLED, ADDED_TO_EXISTING_CLUSTER, ERROR, CANCELLED ->
                Condition.yes(type, "AgentInstallationStopped", "The agent installation stopped");
            case BINDING -> binding(type);
            case UNBINDING, UNBINDING_PENDING_USER_ACTION -> unbinding(type);
            default -> Condition.no(type, "AgentNotReady", "The agent is not ready to begin the installation");
        };
    }

    private static Condition validated(Host host) {
        String type = "Validated";
        return switch (host.state) {
            case DISCOVERING, DISCOVERING_UNBOUND ->
                Condition.unknown(type, "ValidationsUnknown", "The agent's validations have not yet been calculated");
            case PENDING_FOR_INPUT ->
                Condition.no(
                        type,
                        "ValidationsUserPending",
                        "The agent's validations are pending for user: " + host.checks.failures(","));
            case INSUFFICIENT, INSUFFICIENT_UNBOUND, DISCONNECTED, DISCONNECTED_UNBOUND ->
                Condition.no(
                        type,
                        "ValidationsFailing",
                        "The agent's validations are failing: " + host.checks.failures(","));
            case BINDING -> binding(type);
            case UNBINDING, UNBINDING_PENDING_USER_ACTION -> unbinding(type);
            default -> Condition.yes(type, "ValidationsPassing", "The agent's validations are passing");
        };
    }

    private static Condition installed(Host host) {
        String type = "Installed";
        return switch (host.state) {
            case INSTALLED ->
                Condition.yes(type, "InstallationCompleted", "The installation has completed: " + host.stateInfo);
            case ERROR, CANCELLED ->
                Condition.no(type, "InstallationFailed", "The installation has failed: " + host.stateInfo);
            case PREPARING_FOR_INSTALLATION,
                    PREPARING_SUCCESSFUL,
                    INSTALLING,
                    INSTALLING_IN_PROGRESS,
                    INSTALLING_PENDING_USER_ACTION ->
                Condition.no(type, "InstallationInProgress", "The installation is in progress: " + host.stateInfo);
            case BINDING -> binding(type);
            case UNBINDING, UNBINDING_PENDING_USER_ACTION -> unbinding(type);
            default -> Condition.no(type, "InstallationNotStarted", "The installation has not yet started");
        };
    }

    private static Condition bound(Host host) {
        String type = "Bound";
        return switch (host.state) {
            case BINDING -> binding(type);
            case UNBINDING -> unbinding(type);
            case UNBINDING_PENDING_USER_ACTION ->
                Condition.no(
                        type,
                        "UnbindingPendingUserAction",
                        "The agent is currently unbinding; Pending host reboot from infraenv image");
            default ->
                host.cluster().isPresent()
                        ? Condition.yes(type, "Bound", "The agent is bound to a cluster deployment")
                        : Condition.no(type, "Unbound", "The agent is not bound to any cluster deployment");
        };
    }

    private static Condition binding(String type) {
        return Condition.no(
                type, "Binding", "The agent is currently binding to a cluster deployment and should be bound shortly");
    }

    private static Condition unbinding(String type) {
        return Condition.no(type, "Unbinding", "The agent is currently unbinding from a cluster deployment");
    }
}
