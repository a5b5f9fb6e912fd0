package io.assistedswarm.protocol;

/** No token can be got, and asking again will not help; the message says why and what to do. */
public final class NoToken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoToken(String message) {
        super(message, null, false, false);
    }
}
