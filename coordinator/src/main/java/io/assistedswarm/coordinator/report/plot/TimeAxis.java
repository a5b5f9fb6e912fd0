package io.assistedswarm.coordinator.report.plot;

import java.time.Duration;
import java.time.Instant;

/** Time of a run, from its submission on: in seconds where it is brief, else in minutes. */
record TimeAxis(Instant from, double unitSeconds) {
    private static final Duration IN_SECONDS_UP_TO = Duration.ofMinutes(10);

    static TimeAxis of(Instant from, Instant to) {
        return new TimeAxis(from, Duration.between(from, to).compareTo(IN_SECONDS_UP_TO) <= 0 ? 1 : 60);
    }

    String unit() {
        return (unitSeconds == 1 ? "seconds" : "minutes") + " after the submission";
    }

    /** @param seconds since 1970 */
    double position(double seconds) {
        return (seconds - from.toEpochMilli() / 1000.0) / unitSeconds;
    }
}
