package io.assistedswarm.coordinator.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** So many clusters in a time, as people write it: {@code 500/h}, {@code 10/m}, {@code 0.5/s}. */
public record Rate(double perHour) implements Comparable<Rate> {
    /** A swarm of the most clusters that one can have then comes in eleven minutes. */
    public static final Rate HIGHEST = new Rate(360_000);

    private static final Pattern WRITTEN = Pattern.compile("(-?\\d{1,9}(?:\\.\\d{1,9})?)/([hms])");
    private static final double SECONDS_PER_HOUR = 3_600;

    /** Empty when it is no rate. */
    public static Optional<Rate> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double perHour = Double.parseDouble(matcher.group(1))
                * switch (matcher.group(2)) {
                    case "s" -> SECONDS_PER_HOUR;
                    case "m" -> 60;
                    default -> 1;
                };
        return Optional.of(new Rate(perHour));
    }

    /** Of a swarm's start times. */
    boolean makesSense() {
        return perHour > 0 && perHour <= HIGHEST.perHour;
    }

    public double perSecond() {
        return perHour / SECONDS_PER_HOUR;
    }

    @Override
    public int compareTo(Rate other) {
        return Double.compare(perHour, other.perHour);
    }

    /** As it may be written. */
    @Override
    public String toString() {
        return perHour == Math.rint(perHour)
                ? String.format(Locale.ROOT, "%.0f/h", perHour)
                : String.format(Locale.ROOT, "%s/h", perHour);
    }
}
