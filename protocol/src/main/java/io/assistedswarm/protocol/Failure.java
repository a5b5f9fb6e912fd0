package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Why a host or cluster failed, taken from what was observed.
 *
 * @param reason a short fixed word for counting, for example {@code RegistrationTimeout} or the service's own condition reason
 * @param message for people: what happened, to what, and what was seen last
 */
public record Failure(Side side, String reason, String message) {
    /** Reason of a failure that came of the loss of a worker. */
    public static final String WORKER_LOST = "WorkerLost";

    /** Reason of a failure that came of an agent's process that ended by itself. */
    public static final String AGENT_LOST = "AgentLost";

    /** Reason of a failure of a host that the service holds to be in error. */
    public static final String HOST_ERROR = "HostError";

    /** Reason of a failure that came of a token that the service, or a sign-on, does not accept. */
    public static final String UNAUTHORIZED = "Unauthorized";

    /** Reason of a failure that came of a right that the user has not. */
    public static final String FORBIDDEN = "Forbidden";

    /** Reason of a failure: the service does not take what it is asked, or not in the state that something is in. */
    public static final String REQUEST_REFUSED = "RequestRefused";

    /** Who is to blame: a failure of ours is never counted against the service. */
    public enum Side {
        SERVICE,
        GENERATOR,
        PLAN,
        UNKNOWN
    }

    /** What the service holds against a host or cluster, as what came of a failure of ours. */
    public Failure causedBy(Failure ours) {
        return isOurs() || side == Side.PLAN
                ? this
                : new Failure(ours.side, ours.reason, ours.message + "; then " + reason + ": " + message);
    }

    /** The generator is to blame. */
    @JsonIgnore
    public boolean isOurs() {
        return side == Side.GENERATOR;
    }

    /** The generator lost what failed. */
    public boolean isLoss() {
        return isOurs() && (reason.equals(WORKER_LOST) || reason.equals(AGENT_LOST));
    }
}
