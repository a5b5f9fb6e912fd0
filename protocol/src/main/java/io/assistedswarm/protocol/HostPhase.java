package io.assistedswarm.protocol;

import java.util.Locale;

/** Where a host stands; in the order in which a host passes them, then the ends. Each one's time is recorded when it is reached. */
public enum HostPhase {
    /** Its actor has been started on a worker. */
    PLACED,
    /** BareMetalHost applied and its status {@code ready}: waits for the image URL. */
    CREATED,
    /** {@code spec.image.url} is set: the ISO is being downloaded. */
    DOWNLOADING,
    /** BareMetalHost {@code provisioned}, agent process started. */
    BOOTED,
    /** The service has made its Agent CR. */
    REGISTERED,
    /** Late binding: Agent state {@code known-unbound}; from here the swarm binds the host, whose agent then registers again. */
    UNBOUND,
    /** Agent state {@code known}. */
    KNOWN,
    /** Agent state {@code preparing-for-installation} or {@code preparing-successful}. */
    PREPARING,
    /** Agent state {@code installing} or {@code installing-in-progress}. */
    INSTALLING,
    /** The installer has made the reboot marker, or the service says {@code Rebooting}. */
    REBOOTING,
    /** Agent stage {@code Joined}. */
    JOINED,
    /** End: Agent state {@code installed} (or {@code added-to-existing-cluster}). */
    INSTALLED,
    /**
     * End of a host without a cluster: Agent state {@code known-unbound}; its agent goes on polling. The one end that a host may leave:
     * when the user binds it to a cluster, its phases follow what comes, and none of it is held against it.
     */
    DISCOVERED,
    /**
     * End of a day-2 host: it has rebooted into the installed cluster. With custom resources the service then waits for its node in the
     * cluster's own API, which a fake cluster does not have, so the Agent stays at stage {@code Rebooting}; elsewhere this is Agent state
     * {@code added-to-existing-cluster}.
     */
    ADDED,
    /** End. */
    FAILED,
    /** End: its processes were stopped before it reached another end. */
    STOPPED,
    /** End: it was lost with a worker or with its agent, or its cluster was. Last, as the record keeps the places of those before it. */
    LOST;

    /** The end of a host that has failed so. */
    public static HostPhase endBy(Failure failure) {
        return failure.isLoss() ? LOST : FAILED;
    }

    public boolean isEnd() {
        return compareTo(INSTALLED) >= 0;
    }

    /** An end that was wanted. */
    public boolean endsWell() {
        return this == INSTALLED || this == DISCOVERED || this == ADDED;
    }

    /** An end that was not wanted. */
    public boolean endsBadly() {
        return isEnd() && !endsWell();
    }

    /** As shown to a user. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
