package io.assistedswarm.protocol;

/**
 * Why a host or cluster failed, taken from what was observed.
 *
 * @param reason a short fixed word for counting, for example {@code RegistrationTimeout} or the service's own condition reason
 * @param message for people: what happened, to what, and what was seen last
 */
public record Failure(Side side, String reason, String message) {
    /** Reason of a failure that came of the loss of a worker. */
    public static final String WORKER_LOST = "WorkerLost";

    /** Who is to blame: a failure of ours is never counted against the service. */
    public enum Side {
        SERVICE,
        GENERATOR,
        PLAN,
        UNKNOWN
    }

    /** The same, seen of hosts that were taken from a lost worker to another one: the service may only have had enough of their silence. */
    public Failure afterWorkerLost() {
        return side == Side.SERVICE || side == Side.UNKNOWN
                ? new Failure(Side.GENERATOR, WORKER_LOST, "after a worker was lost: " + reason + ": " + message)
                : this;
    }

    /** The generator lost what failed. */
    public boolean isWorkerLost() {
        return side == Side.GENERATOR && reason.equals(WORKER_LOST);
    }
}
