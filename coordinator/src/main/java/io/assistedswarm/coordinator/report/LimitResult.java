package io.assistedswarm.coordinator.report;

/**
 * One of a plan's limits, and what was measured.
 *
 * @param limit what it bounds, in words
 * @param bound such as {@code at most 1%}
 * @param measured such as {@code 0.4% (2 of 500)}
 */
public record LimitResult(String limit, Party party, String bound, String measured, boolean met) {
    /** Of whom the limit speaks. */
    public enum Party {
        SERVICE,
        /** When it is broken, nothing is known of the service. */
        GENERATOR,
        /** It could not be measured: nothing is known of it. */
        MEASUREMENT
    }

    /** In one line. */
    public String why() {
        return limit + ": " + measured + ", " + bound + " is wanted";
    }
}
