package io.assistedswarm.rehearsal.service.model;

/** States of a host that the rehearsal reaches (reference, dry-run-agent.md 10.1). */
public enum HostState {
    DISCOVERING,
    PENDING_FOR_INPUT,
    INSUFFICIENT,
    KNOWN,
    DISCONNECTED,
    PREPARING_FOR_INSTALLATION,
    PREPARING_SUCCESSFUL,
    PREPARING_FAILED,
    INSTALLING,
    INSTALLING_IN_PROGRESS,
    INSTALLING_PENDING_USER_ACTION,
    INSTALLED,
    /** A day-2 host of the REST API, at its reboot: nobody can tell how it goes on. */
    ADDED_TO_EXISTING_CLUSTER,
    RESETTING_PENDING_USER_ACTION,
    ERROR,
    CANCELLED,
    DISCOVERING_UNBOUND,
    INSUFFICIENT_UNBOUND,
    KNOWN_UNBOUND,
    DISCONNECTED_UNBOUND,
    BINDING,
    UNBINDING,
    UNBINDING_PENDING_USER_ACTION;

    private final String wireName = WireNames.ofConstant(this);

    public String wireName() {
        return wireName;
    }

    /** Its agent is told to leave, and the host waits until another registers. */
    public boolean betweenClusters() {
        return this == BINDING || this == UNBINDING || this == UNBINDING_PENDING_USER_ACTION;
    }

    /** Stages are reported only in these. */
    public boolean takesProgress() {
        return this == INSTALLING || this == INSTALLING_IN_PROGRESS || this == INSTALLING_PENDING_USER_ACTION;
    }

    /** From the start of the installation on, up to its end. */
    public boolean underInstallation() {
        return takesProgress() || this == PREPARING_FOR_INSTALLATION || this == PREPARING_SUCCESSFUL;
    }

    /** Nothing happens to the host any more by itself. */
    public boolean ended() {
        return this == INSTALLED || this == ADDED_TO_EXISTING_CLUSTER || this == ERROR || this == CANCELLED;
    }
}
