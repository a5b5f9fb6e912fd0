package io.assistedswarm.coordinator.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Go's templates, as far as the profiles of kube-burner go: {@code {{.elapsed}}} and variables of the environment in queries, labels and value
 * in descriptions. Whatever else it may say is refused.
 */
public final class GoTemplate {
    private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.([A-Za-z_][A-Za-z0-9_]*)");
    private static final String ELAPSED = ".elapsed";
    private static final String VALUE = "$value";

    private GoTemplate() {}

    /**
     * A query with the values of the environment in it; {@code {{.elapsed}}} stays.
     *
     * @param unknown receives what stands in braces and cannot be filled in
     */
    static String query(String text, Function<String, Optional<String>> environment, List<String> unknown) {
        return filled(text, action -> {
            Matcher variable = VARIABLE.matcher(action);
            if (action.equals(ELAPSED)) {
                return Optional.of("{{.elapsed}}");
            }
            Optional<String> value = variable.matches() ? environment.apply(variable.group(1)) : Optional.empty();
            if (value.isEmpty()) {
                unknown.add(action);
            }
            return value;
        });
    }

    /** What stands in a description's braces and means nothing. */
    static List<String> unknownInDescription(String text) {
        List<String> unknown = new ArrayList<>();
        filled(text, action -> {
            if (!action.equals(VALUE) && !LABEL.matcher(action).matches()) {
                unknown.add(action);
            }
            return Optional.empty();
        });
        return unknown;
    }

    /** A query for a run of that length. */
    public static String elapsed(String query, Duration run) {
        return filled(
                query,
                action -> action.equals(ELAPSED) ? Optional.of(Math.max(1, run.toSeconds()) + "s") : Optional.empty());
    }

    /** A description for one series; a label that this does not have is empty, as with kube-burner. */
    public static String described(String description, Map<String, String> labels, double value) {
        return filled(description, action -> {
            Matcher label = LABEL.matcher(action);
            if (action.equals(VALUE)) {
                return Optional.of(rounded(value));
            }
            return label.matches() ? Optional.of(labels.getOrDefault(label.group(1), "")) : Optional.empty();
        });
    }

    /** To three places, as kube-burner does it. */
    private static String rounded(double value) {
        double three = Math.round(value * 1000) / 1000.0;
        return three == Math.rint(three) && Math.abs(three) < 1e15
                ? String.valueOf((long) three)
                : String.valueOf(three);
    }

    /** @param meaning of an action; empty to leave it as it is */
    private static String filled(String text, Function<String, Optional<String>> meaning) {
        return ACTION.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(meaning.apply(match.group(1)).orElse(match.group())));
    }
}
