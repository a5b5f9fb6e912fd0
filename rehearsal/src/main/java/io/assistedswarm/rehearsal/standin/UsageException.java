package io.assistedswarm.rehearsal.standin;

/** A wrong flag, variable or file: the process ends with this message and exit code before it sends anything. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    UsageException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
