package io.assistedswarm.coordinator.preflight;

/**
 * What one check came to.
 *
 * @param check what was looked at, in a word or two
 * @param found what is there
 * @param remedy what to do about it; empty when it is all right
 */
public record Finding(Outcome outcome, String check, String found, String remedy) {
    public enum Outcome {
        OK,
        /** It may work all the same, or will be slow. */
        WARNING,
        /** It cannot work. */
        FAILURE
    }

    static Finding ok(String check, String found) {
        return new Finding(Outcome.OK, check, found, "");
    }

    static Finding warning(String check, String found, String remedy) {
        return new Finding(Outcome.WARNING, check, found, remedy);
    }

    static Finding failure(String check, String found, String remedy) {
        return new Finding(Outcome.FAILURE, check, found, remedy);
    }

    /** Both in one line. */
    public String text() {
        return remedy.isEmpty() ? found : found + "; " + remedy;
    }
}
