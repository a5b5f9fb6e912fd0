package io.assistedswarm.rehearsal.standin;

/** The value of {@code X-Secret-Key}; shown by no log and no error. */
final class Token {
    private final String value;

    Token(String value) {
        // A pull secret file ends with a newline more often than not; a header cannot hold one.
        this.value = value.replace("\r", "").replace("\n", "");
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
