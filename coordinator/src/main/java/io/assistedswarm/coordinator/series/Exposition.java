package io.assistedswarm.coordinator.series;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Prometheus' text format (prometheus.io/docs/instrumenting/exposition_formats), as far as values go. A line that cannot be read is left out
 * and counted: a page is of use without it.
 */
final class Exposition {
    private static final String TYPE = "# TYPE ";

    private final Map<String, Type> types = new HashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private int unread;

    /** What a family's values are. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        SUMMARY,
        UNTYPED;

        private static Type of(String word) {
            return switch (word) {
                case "counter" -> COUNTER;
                case "gauge" -> GAUGE;
                case "histogram" -> HISTOGRAM;
                case "summary" -> SUMMARY;
                default -> UNTYPED;
            };
        }
    }

    /** @param name with the ending that tells buckets, sum and count apart */
    record Sample(String name, Map<String, String> labels, double value) {}

    private Exposition() {}

    static Exposition parse(String text) {
        Exposition page = new Exposition();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(page::line);
        return page;
    }

    List<Sample> samples() {
        return samples;
    }

    /** Of a family, by its name; what the page does not say is untyped. */
    Type type(String family) {
        return types.getOrDefault(family, Type.UNTYPED);
    }

    int unread() {
        return unread;
    }

    /** A value as it is written there, and in the API's answers; empty for none. */
    static OptionalDouble number(String text) {
        return switch (text) {
            case "+Inf", "Inf" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-Inf" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> {
                try {
                    yield OptionalDouble.of(Double.parseDouble(text));
                } catch (NumberFormatException e) {
                    yield OptionalDouble.empty();
                }
            }
        };
    }

    private void line(String line) {
        if (line.startsWith(TYPE)) {
            String[] words = line.substring(TYPE.length()).strip().split("\\s+", -1);
            if (words.length == 2) {
                types.put(words[0], Type.of(words[1]));
            }
        } else if (!line.startsWith("#")) {
            sample(new Cursor(line));
        }
    }

    private void sample(Cursor cursor) {
        String name = cursor.word();
        Map<String, String> labels = new TreeMap<>();
        boolean whole = !name.isEmpty() && cursor.labels(labels);
        OptionalDouble value = whole ? number(cursor.rest()) : OptionalDouble.empty();
        if (value.isPresent()) {
            samples.add(new Sample(name, labels, value.getAsDouble()));
        } else {
            unread++;
        }
    }

    /** Goes through one line. */
    private static final class Cursor {
        private final String line;
        private int at;

        private Cursor(String line) {
            this.line = line;
        }

        private boolean isAt(char wanted) {
            return at < line.length() && line.charAt(at) == wanted;
        }

        private void skipSpace() {
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
        }

        /** A name: letters, digits, {@code _} and {@code :}. */
        private String word() {
            skipSpace();
            int from = at;
            while (at < line.length()
                    && (Character.isLetterOrDigit(line.charAt(at)) || "_:.".indexOf(line.charAt(at)) >= 0)) {
                at++;
            }
            return line.substring(from, at);
        }

        /** Whether they end, or there are none. */
        private boolean labels(Map<String, String> labels) {
            skipSpace();
            if (!isAt('{')) {
                return true;
            }
            at++;
            while (true) {
                skipSpace();
                if (isAt('}')) {
                    at++;
                    return true;
                }
                String name = word();
                skipSpace();
                if (name.isEmpty() || !isAt('=')) {
                    return false;
                }
                at++;
                skipSpace();
                StringBuilder value = new StringBuilder();
                if (!quoted(value)) {
                    return false;
                }
                labels.put(name, value.toString());
                skipSpace();
                if (isAt(',')) {
                    at++;
                } else if (!isAt('}')) {
                    return false;
                }
            }
        }

        private boolean quoted(StringBuilder value) {
            if (!isAt('"')) {
                return false;
            }
            at++;
            while (at < line.length()) {
                char next = line.charAt(at++);
                if (next == '"') {
                    return true;
                }
                if (next == '\\' && at < line.length()) {
                    char escaped = line.charAt(at++);
                    value.append(escaped == 'n' ? '\n' : escaped);
                } else {
                    value.append(next);
                }
            }
            return false;
        }

        /** The value; a time behind it is of no interest, nor is an exemplar. */
        private String rest() {
            String rest = line.substring(at).strip();
            int space = 0;
            while (space < rest.length() && !Character.isWhitespace(rest.charAt(space))) {
                space++;
            }
            return rest.substring(0, space);
        }
    }
}
