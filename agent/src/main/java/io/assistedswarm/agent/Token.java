package io.assistedswarm.agent;

/** The value of {@code X-Secret-Key}; shown by no log and no error. */
public final class Token {
    private final String value;

    public Token(String value) {
        // A pull secret file ends with a newline more often than not; a header cannot hold one.
        this.value = value.replace("\r", "").replace("\n", "");
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
