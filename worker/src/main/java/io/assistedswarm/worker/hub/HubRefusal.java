package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.Failure;

/** The hub refuses, and will again: a manifest it does not accept, a kind it does not know, a right that is missing. */
public final class HubRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Failure.Side side;
    private final String reason;

    /** @param reason a short fixed word for counting */
    public HubRefusal(Failure.Side side, String reason, String message) {
        super(message);
        this.side = side;
        this.reason = reason;
    }

    public Failure failure() {
        return new Failure(side, reason, getMessage());
    }
}
