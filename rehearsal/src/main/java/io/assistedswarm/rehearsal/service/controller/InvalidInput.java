package io.assistedswarm.rehearsal.service.controller;

/** What a user wrote into an object cannot be used; the message says what is wrong and ends up in a condition. */
final class InvalidInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidInput(String message) {
        super(message, null, false, false);
    }
}
