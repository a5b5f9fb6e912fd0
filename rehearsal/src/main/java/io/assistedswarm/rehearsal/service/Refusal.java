package io.assistedswarm.rehearsal.service;

/** A request that the service refuses, with the HTTP status that tells why. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    private Refusal(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    public static Refusal badRequest(String reason) {
        return new Refusal(400, reason);
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

    public int status() {
        return status;
    }
}
