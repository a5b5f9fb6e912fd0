package io.assistedswarm.protocol;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A misbehaviour that the plan asks of a host.
 *
 * @param phase where the host must have come to for it
 * @param length how long it takes; zero where that means nothing, or not at all
 */
public record Fault(Kind kind, HostPhase phase, Duration length) {
    private static final String REASON = "FaultInjected/";

    public enum Kind {
        /** The machine is on, and no agent runs on it. */
        NEVER_REGISTER("neverRegister"),
        /** The agent and all that it has started stand still for a while. */
        VANISH("vanish"),
        /** The agent and all that it has started are killed; a new agent registers. */
        RESTART("restart"),
        /** The installer is killed, and the agent has to report it. */
        FAIL_INSTALLER("failInstaller"),
        /** The host has a name that the service refuses (validation {@code hostname-valid}). */
        FAIL_VALIDATION("failValidation");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** As a plan and a report spell it. */
        public String label() {
            return label;
        }

        public static Optional<Kind> of(String label) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label.equals(label))
                    .findFirst();
        }
    }

    /** Whether a host that has come as far as this has it behind itself, or is in the middle of it. */
    public boolean reachedBy(HostPhase reached) {
        return reached.compareTo(phase) >= 0 && !reached.endsBadly();
    }

    /** What a failure becomes that this fault explains: what was seen stays in the message. */
    public Failure explains(HostId faulted, Failure seen) {
        return new Failure(
                Failure.Side.PLAN,
                REASON + kind.label(),
                "the plan asked host " + faulted + " for '" + this + "'; " + seen.message());
    }

    /** Whether a failure is one that a fault explains. */
    public static boolean explained(Failure failure) {
        return failure.side() == Failure.Side.PLAN && failure.reason().startsWith(REASON);
    }

    /** In words, for example {@code vanish at known for 120s}. */
    @Override
    public String toString() {
        return switch (kind) {
            case NEVER_REGISTER, FAIL_INSTALLER, FAIL_VALIDATION -> kind.label();
            case VANISH, RESTART ->
                kind.label() + " at " + phase.label() + (length.isZero() ? "" : " for " + seconds(length));
        };
    }

    private static String seconds(Duration length) {
        return length.toMillisPart() == 0 ? length.toSeconds() + "s" : length.toMillis() + "ms";
    }
}
