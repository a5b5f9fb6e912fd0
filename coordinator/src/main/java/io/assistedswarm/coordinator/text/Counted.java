package io.assistedswarm.coordinator.text;

/** A number with the word for what it counts. */
public final class Counted {
    private Counted() {}

    /** @param word of one, to which an s is added for any other number */
    public static String of(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }
}
