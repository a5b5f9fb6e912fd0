package io.assistedswarm.rehearsal.service.model;

import java.util.EnumSet;
import java.util.Set;

/** States of a cluster (reference, dry-run-agent.md 10.2). */
public enum ClusterState {
    INSUFFICIENT("Cluster is not ready for install"),
    PENDING_FOR_INPUT("User input required"),
    READY("Cluster ready to be installed"),
    PREPARING_FOR_INSTALLATION("Preparing cluster for installation"),
    INSTALLING("Installation in progress"),
    FINALIZING("Finalizing cluster installation"),
    INSTALLED("Cluster is installed"),
    ADDING_HOSTS("Cluster is installed"),
    ERROR("Cluster has hosts in error"),
    CANCELLED("Cancelled cluster installation");

    private static final Set<ClusterState> ACCEPTING = EnumSet.of(INSUFFICIENT, READY, PENDING_FOR_INPUT, ADDING_HOSTS);
    private final String wireName = WireNames.ofConstant(this);
    private final String info;

    ClusterState(String info) {
        this.info = info;
    }

    public String wireName() {
        return wireName;
    }

    /** The service's usual text for the state. */
    public String info() {
        return info;
    }

    /** New hosts may register; in other states they get 409. */
    public boolean acceptsHosts() {
        return ACCEPTING.contains(this);
    }

    public boolean beforeInstallation() {
        return this == INSUFFICIENT || this == PENDING_FOR_INPUT || this == READY;
    }

    public boolean installationBegun() {
        return this == INSTALLING || this == FINALIZING || this == INSTALLED || this == ADDING_HOSTS;
    }

    /** Its installation files may be downloaded (assisted-service, getDownloadFilesAllowedStatuses). */
    public boolean hasFiles() {
        return installationBegun() || this == ERROR || this == CANCELLED;
    }

    public boolean underInstallation() {
        return this == PREPARING_FOR_INSTALLATION || this == INSTALLING || this == FINALIZING;
    }
}
