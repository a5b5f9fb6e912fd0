package io.assistedswarm.rehearsal.service.rest;

/** Credentials that the service does not take, or not for this. */
final class Denied extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final boolean known;

    private Denied(int status, String message, boolean known) {
        super(message, null, false, false);
        this.status = status;
        this.known = known;
    }

    /** Another way to say who one is may still do. */
    static Denied unauthenticated(String message) {
        return new Denied(401, message, false);
    }

    /** As {@link #unauthenticated}, but where the service forgot to say which status it is. */
    static Denied unnamed(String message) {
        return new Denied(500, message, false);
    }

    /** It is known who it is, and he may not. */
    static Denied forbidden(String message) {
        return new Denied(403, message, true);
    }

    /** As {@link #forbidden}, for what he is not to know of. */
    static Denied notFound() {
        return new Denied(404, "Object Not Found", true);
    }

    int status() {
        return status;
    }

    boolean known() {
        return known;
    }
}
