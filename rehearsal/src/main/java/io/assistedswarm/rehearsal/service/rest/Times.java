package io.assistedswarm.rehearsal.service.rest;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Points in time as the service writes them: some columns in milliseconds, some in nanoseconds, none as the year one. */
final class Times {
    static final String NEVER = "0001-01-01T00:00:00Z";
    private static final String NEVER_MILLIS = "0001-01-01T00:00:00.000Z";
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    static String millis(Instant time) {
        return MILLIS.format(time);
    }

    static String millis(Optional<Instant> time) {
        return time.map(Times::millis).orElse(NEVER_MILLIS);
    }

    static String exact(Instant time) {
        return time.toString();
    }
}
