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
    /** AgentClusterInstall state {@code ready}, and its installation is held until it is released. */
    HELD,
    /** AgentClusterInstall state {@code ready} or {@code preparing-for-installation}. */
    PREPARING,
    /** AgentClusterInstall state {@code installing}; the controller process runs from here on. */
    INSTALLING,
    /** AgentClusterInstall state {@code finalizing}. */
    FINALIZING,
    /** Condition {@code Completed}: waits for the controller's exit. */
    COMPLETED,
    /** Completed, and the controller has exited with 0: its day-2 hosts are created and join. */
    ADDING_HOSTS,
    /** End: completed, the controller has exited with 0, and all day-2 hosts have been added. */
    INSTALLED,
    /** End of an InfraEnv without a cluster: all its hosts are {@code known-unbound}. */
    DISCOVERED,
    /** End. */
    FAILED,
    /** End: stopped before it reached another end. */
    STOPPED,
    /** End: the loss of a worker made it impossible to go on. Last, as the record keeps the places of those before it. */
    LOST;

    /** The end of a cluster that has failed so. */
    public static ClusterPhase endBy(Failure failure) {
        return failure.isLoss() ? LOST : FAILED;
    }

    public boolean isEnd() {
        return compareTo(INSTALLED) >= 0;
    }

    /** An end that was wanted. */
    public boolean endsWell() {
        return this == INSTALLED || this == DISCOVERED;
    }

    /** As shown to a user. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
