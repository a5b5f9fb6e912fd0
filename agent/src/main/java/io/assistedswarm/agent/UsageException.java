package io.assistedswarm.agent;

/** A wrong flag, variable or file: the process ends with this message and exit code before it sends anything. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    public UsageException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
