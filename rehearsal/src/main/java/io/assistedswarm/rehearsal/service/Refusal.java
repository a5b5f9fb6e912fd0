package io.assistedswarm.rehearsal.service;

/** A request that the service refuses, with the HTTP status that tells why. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final boolean unread;

    private Refusal(int status, String reason, boolean unread) {
        super(reason, null, false, false);
        this.status = status;
        this.unread = unread;
    }

    private Refusal(int status, String reason) {
        this(status, reason, false);
    }

    /** A request that does not fit the API's description: the service's framework refuses it before anything looks at it. */
    public static Refusal invalid(String reason) {
        return new Refusal(400, reason, true);
    }

    public static Refusal badRequest(String reason) {
        return new Refusal(400, reason);
    }

    public static Refusal unprocessable(String reason) {
        return new Refusal(422, reason);
    }

    public static Refusal notFound(String what, Object id) {
        return new Refusal(404, "%s %s was not found".formatted(what, id));
    }

    public static Refusal conflict(String reason) {
        return new Refusal(409, reason);
    }

    public static Refusal failed(String reason) {
        return new Refusal(500, reason);
    }

    /** Refused by the framework, which has a format of its own for errors. */
    public boolean unread() {
        return unread;
    }

    public int status() {
        return status;
    }
}
