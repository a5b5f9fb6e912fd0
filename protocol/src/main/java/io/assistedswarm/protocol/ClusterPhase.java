package io.assistedswarm.protocol;

import java.util.Locale;

/** Where a cluster stands; in the order in which a cluster passes them, then the ends. */
public enum ClusterPhase {
    /** Waits for admission. Only the coordinator knows it. */
    PENDING,
    /** Admitted: every host has a place. */
    PLACED,
    /** Its objects have been applied. */
    APPLIED,
    /** InfraEnv has its ISO. */
    IMAGE_READY,
    /** AgentClusterInstall state {@code ready} or {@code preparing-for-installation}. */
    PREPARING,
    /** AgentClusterInstall state {@code installing}; the controller process runs from here on. */
    INSTALLING,
    /** AgentClusterInstall state {@code finalizing}. */
    FINALIZING,
    /** Condition {@code Completed}: waits for the controller's exit. */
    COMPLETED,
    /** End: completed, and the controller has exited with 0. */
    INSTALLED,
    /** End of an InfraEnv without a cluster: all its hosts are {@code known-unbound}. */
    DISCOVERED,
    /** End. */
    FAILED,
    /** End: stopped before it reached another end. */
    STOPPED;

    public boolean isEnd() {
        return compareTo(INSTALLED) >= 0;
    }

    /** As shown to a user. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
