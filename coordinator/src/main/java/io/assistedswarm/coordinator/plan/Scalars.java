package io.assistedswarm.coordinator.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an unquoted word in YAML may mean. */
final class Scalars {
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    private Scalars() {}

    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** Empty when it is none or too big. */
    static Optional<Long> whole(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** @param oldWords also the words of YAML 1.1, by which the original tool reads its files: yes, no, on, off */
    static Optional<Boolean> bool(String text, boolean oldWords) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            case "yes", "on" -> oldWords ? Optional.of(true) : Optional.empty();
            case "no", "off" -> oldWords ? Optional.of(false) : Optional.empty();
            default -> Optional.empty();
        };
    }
}
