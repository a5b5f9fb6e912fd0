package io.assistedswarm.protocol;

/**
 * Why a worker does not do what it was told. Of an error only the text crosses the wire, so it is the text that says whether it is
 * worth asking again.
 *
 * @param forGood whether it cannot be done however often it is tried
 */
public record Refusal(String reason, boolean forGood) {
    private static final String MARK = "for good: ";

    /** What {@link #text} was made of; other errors may heal. */
    public static Refusal read(String text) {
        return text.startsWith(MARK) ? new Refusal(text.substring(MARK.length()), true) : new Refusal(text, false);
    }

    public String text() {
        return forGood ? MARK + reason : reason;
    }
}
