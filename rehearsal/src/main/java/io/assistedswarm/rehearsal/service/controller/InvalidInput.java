package io.assistedswarm.rehearsal.service.controller;

/** What a user wrote into an object cannot be used; the message says what is wrong and ends up in a condition. */
final class InvalidInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean takenForItsOwn;

    InvalidInput(String message) {
        this(message, false);
    }

    private InvalidInput(String message, boolean takenForItsOwn) {
        super(message, null, false, false);
        this.takenForItsOwn = takenForItsOwn;
    }

    /** The service takes it for an error of its own, as it wraps what it was told (assisted-service, internal/controller/controllers/error_utils.go). */
    static InvalidInput takenForItsOwn(String message) {
        return new InvalidInput(message, true);
    }

    boolean isTakenForItsOwn() {
        return takenForItsOwn;
    }

    /** That something went wrong about it. */
    InvalidInput about(String what) {
        return new InvalidInput(what + ": " + getMessage(), takenForItsOwn);
    }
}
