package io.assistedswarm.protocol;

/**
 * Why a host or cluster failed, taken from what was observed.
 *
 * @param reason a short fixed word for counting, for example {@code RegistrationTimeout} or the service's own condition reason
 * @param message for people: what happened, to what, and what was seen last
 */
public record Failure(Side side, String reason, String message) {
    /** Who is to blame: a failure of ours is never counted against the service. */
    public enum Side {
        SERVICE,
        GENERATOR,
        PLAN,
        UNKNOWN
    }
}
