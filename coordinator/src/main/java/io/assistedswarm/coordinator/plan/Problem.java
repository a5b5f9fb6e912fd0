package io.assistedswarm.coordinator.plan;

/**
 * One thing that is wrong (or only odd) in what a user wrote.
 *
 * @param path of the value, as the user wrote it: {@code spec.clusters[0].amount}; empty when the file as a whole is meant
 * @param hint what to do about it; may be empty
 */
public record Problem(Position position, String path, String message, String hint) {
    /**
     * Where it was written.
     *
     * @param source file as the user named it, or the option
     * @param line from 1; 0 when there is none
     */
    public record Position(String source, int line) {
        @Override
        public String toString() {
            return line > 0 ? source + ":" + line : source;
        }
    }

    /** One line: {@code plan.yaml:7: spec.shufle: is not a known key; did you mean 'shuffle'?} */
    @Override
    public String toString() {
        return position + ": " + (path.isEmpty() ? "" : path + ": ") + message + (hint.isEmpty() ? "" : "; " + hint);
    }
}
