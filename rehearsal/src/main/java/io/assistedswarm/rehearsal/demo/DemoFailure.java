package io.assistedswarm.rehearsal.demo;

/** The demo cannot go on; the message is for the user. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoFailure(String message) {
        super(message, null, false, false);
    }
}
