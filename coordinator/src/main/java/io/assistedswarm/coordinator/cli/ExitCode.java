package io.assistedswarm.coordinator.cli;

/** What a command's end means to a script. */
final class ExitCode {
    static final int PASSED = 0;
    static final int COULD_NOT_RUN = 1;

    /** Wrong usage, or an invalid plan. */
    static final int INVALID = 2;

    /** It ran, and the verdict is not "passed". */
    static final int NOT_PASSED = 3;

    static final int TIMED_OUT = 4;

    /** It ran, and the generator was short by the plan's limits: nothing is known of the service. */
    static final int NOT_VALID = 5;

    private ExitCode() {}
}
