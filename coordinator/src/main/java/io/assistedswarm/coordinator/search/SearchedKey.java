package io.assistedswarm.coordinator.search;

import io.assistedswarm.coordinator.plan.Rate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key of a plan whose value is searched.
 *
 * @param path without {@code spec}
 */
public record SearchedKey(String path, boolean isRate) {
    public static final String KNOWN =
            "pace.rate, pace.maxInstalling, pace.maxPerWorker, pace.batch, clusters[0].amount";

    private static final String RATE = "pace.rate";
    private static final Pattern WHOLE =
            Pattern.compile("pace\\.(maxInstalling|maxPerWorker|batch)|clusters\\[\\d{1,5}]\\.amount");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,7}");

    /** Empty when it is no number of a plan that means load. */
    public static Optional<SearchedKey> parse(String text) {
        String path = text.startsWith("spec.") ? text.substring("spec.".length()) : text;
        return path.equals(RATE) || WHOLE.matcher(path).matches()
                ? Optional.of(new SearchedKey(path, path.equals(RATE)))
                : Optional.empty();
    }

    /** A value of it, in clusters an hour when it is a rate; empty when it is none, or not more than 0. */
    public Optional<Double> value(String text) {
        Optional<Double> value = isRate
                ? Rate.parse(text).map(Rate::perHour)
                : Optional.of(text).filter(NUMBER.asMatchPredicate()).map(Double::valueOf);
        return value.filter(number -> number > 0);
    }

    /** An example of one, for errors. */
    public String example() {
        return isRate ? "500/h" : "50";
    }

    /** As a user writes it. */
    public String text(double value) {
        return isRate ? new Rate(value).toString() : String.format(Locale.ROOT, "%.0f", value);
    }

    /** For {@code --set}. */
    public String override(double value) {
        return path + "=" + text(value);
    }

    /** A tenth of the first value, in steps that can be written. */
    public double resolution(double from) {
        return isRate ? from / 10 : Math.max(1, Math.rint(from / 10));
    }
}
