package io.assistedswarm.rehearsal.service.auth;

/** A token that the service does not take; the message is in its words. */
public final class InvalidToken extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidToken(String message) {
        super(message, null, false, false);
    }
}
