package io.assistedswarm.agent;

/** The installer cannot go on: its message becomes the info of stage Failed. */
final class InstallationException extends Exception {
    private static final long serialVersionUID = 1L;

    InstallationException(String message) {
        super(message);
    }
}
