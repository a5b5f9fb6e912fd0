package io.assistedswarm.worker.host;

import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A host's fault, and how far it is with it.
 *
 * @param since when it was injected
 * @param answered the service has held it against the host
 */
record Injection(Fault fault, State state, Optional<Instant> since, boolean answered) {
    enum State {
        /** To come. */
        AHEAD,
        /** The host misbehaves. */
        UNDER_WAY,
        /** It has done so for long enough. */
        TIME_UP,
        /** Done with. */
        OVER,
        /** Never done: the host has gone on before. */
        MISSED
    }

    static Injection of(Fault fault) {
        return new Injection(fault, State.AHEAD, Optional.empty(), false);
    }

    Injection after(FaultEvent event, Instant now) {
        return switch (event) {
            case INJECTED -> new Injection(fault, lasts() ? State.UNDER_WAY : State.OVER, Optional.of(now), answered);
            case MISSED -> new Injection(fault, State.MISSED, since, answered);
            case ANSWERED -> new Injection(fault, state, since, true);
            case OVER -> new Injection(fault, State.OVER, since, answered);
        };
    }

    Injection timeUp() {
        return state == State.UNDER_WAY ? new Injection(fault, State.TIME_UP, since, answered) : this;
    }

    /** What has been done to the host is to be undone one day. */
    boolean ends() {
        return fault.kind() == Fault.Kind.VANISH || fault.kind() == Fault.Kind.RESTART;
    }

    boolean injected() {
        return since.isPresent();
    }

    /** The agent is kept from what it would do. */
    boolean holdsAgent() {
        return ends() && (state == State.UNDER_WAY || state == State.TIME_UP);
    }

    boolean is(Fault.Kind kind) {
        return fault.kind() == kind;
    }

    /** For {@code describe}; empty before it happens. */
    String text() {
        return switch (state) {
            case AHEAD -> "";
            case MISSED -> FaultEvent.MISSED.label() + ": " + fault;
            case UNDER_WAY, TIME_UP, OVER ->
                FaultEvent.INJECTED.label() + ": " + fault + " since "
                        + since.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                                .orElse("its start")
                        + (ends() && state == State.OVER ? ", over" : "");
        };
    }

    /** A host without an agent, or with a bad name, is so to its end. */
    private boolean lasts() {
        return fault.kind() != Fault.Kind.FAIL_INSTALLER;
    }
}
