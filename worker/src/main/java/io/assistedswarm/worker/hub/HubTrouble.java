package io.assistedswarm.worker.hub;

import java.time.Duration;
import java.util.Optional;

/** The hub did not do what it was asked, and may if asked again: a conflict, too many requests, an error of its own, no answer. */
public final class HubTrouble extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Optional<Duration> retryAfter;

    /**
     * @param status of HTTP; 0 without an answer
     * @param retryAfter how long the hub asks us to wait
     */
    public HubTrouble(String message, int status, Optional<Duration> retryAfter, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
