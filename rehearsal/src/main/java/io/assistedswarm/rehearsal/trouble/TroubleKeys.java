package io.assistedswarm.rehearsal.trouble;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping that is being read: a value of the wrong type is a problem and reads as absent, so that the next one is found too. */
final class TroubleKeys {
    private static final Pattern DURATION =
            Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?(?:(\\d{1,9})ms)?");
    private final String path;
    private final int line;
    private final Problems problems;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    /** One line each, in the order of the file. */
    static final class Problems {
        private final String source;
        private final List<Map.Entry<Integer, String>> found = new ArrayList<>();

        Problems(String source) {
            this.source = source;
        }

        /** @param line 0 for the whole file */
        void add(int line, String path, String message) {
            String place = line > 0 ? source + ":" + line : source;
            found.add(Map.entry(line, place + ": " + (path.isEmpty() ? "" : path + ": ") + message));
        }

        List<String> found() {
            return found.stream()
                    .sorted(Comparator.comparingInt(Map.Entry::getKey))
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    private TroubleKeys(MappingNode mapping, String path, Problems problems) {
        this.path = path;
        this.line = line(mapping);
        this.problems = problems;
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(line(tuple.getKeyNode()), path, "a key is a list or a mapping");
            } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problems.add(line(key), path(key.getValue()), "is there twice");
            } else {
                lines.put(key.getValue(), line(key));
            }
        }
    }

    static Optional<TroubleKeys> of(Node node, String path, Problems problems) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new TroubleKeys(mapping, path, problems));
        }
        problems.add(line(node), path, "is no mapping; write 'key: value' lines");
        return Optional.empty();
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    void require(String... keys) {
        for (String key : keys) {
            if (!has(key)) {
                problems.add(line, path(key), "is missing");
            }
        }
    }

    void wrong(String key, String message) {
        problems.add(lines.getOrDefault(key, line), path(key), message);
    }

    List<Node> list(String key) {
        Optional<Node> node = value(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (node.get() instanceof SequenceNode list) {
            return list.getValue();
        }
        wrong(key, "is no list; write lines that begin with '- '");
        return List.of();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Node item : list(key)) {
            if (item instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
                texts.add(scalar.getValue());
            } else {
                problems.add(line(item), path(key), "has an entry that is no text");
            }
        }
        return texts;
    }

    <T> Optional<T> oneOf(String key, List<T> choices) {
        Optional<String> text = text(key);
        Optional<T> chosen = text.flatMap(name -> choices.stream()
                .filter(choice -> choice.toString().equals(name))
                .findFirst());
        if (text.isPresent() && chosen.isEmpty()) {
            wrong(
                    key,
                    "'" + text.get() + "' is not known; one of "
                            + choices.stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    Optional<Duration> duration(String key, Duration longest) {
        Optional<String> text = text(key);
        Optional<Duration> duration = text.flatMap(TroubleKeys::parsed);
        if (text.isPresent() && duration.isEmpty()) {
            wrong(key, "'" + text.get() + "' is no duration; write for example '90s', '5m' or '250ms'");
        }
        return within(key, duration, Duration.ZERO, longest);
    }

    Optional<Double> number(String key, double least, double most) {
        Optional<String> text = text(key);
        Optional<Double> number =
                text.filter(is -> is.matches("[-+]?\\d{1,15}(\\.\\d{1,15})?")).map(Double::valueOf);
        if (text.isPresent() && number.isEmpty()) {
            wrong(key, "'" + text.get() + "' is no number");
        }
        return within(key, number, least, most);
    }

    Optional<Long> wholeNumber(String key, long least, long most) {
        Optional<String> text = text(key);
        Optional<Long> number = text.filter(is -> is.matches("[-+]?\\d{1,18}")).map(Long::valueOf);
        if (text.isPresent() && number.isEmpty()) {
            wrong(key, "'" + text.get() + "' is no whole number");
        }
        return within(key, number, least, most);
    }

    /** Names what nobody asked for. */
    void close() {
        values.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> wrong(key, "is not a known key; known here: " + String.join(", ", known)));
    }

    private <T extends Comparable<T>> Optional<T> within(String key, Optional<T> value, T least, T most) {
        if (value.isPresent()
                && (value.get().compareTo(least) < 0 || value.get().compareTo(most) > 0)) {
            wrong(key, "'" + text(key).orElse("") + "' is not between " + least + " and " + most);
            return Optional.empty();
        }
        return value;
    }

    private Optional<String> text(String key) {
        Optional<Node> node = value(key);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get() instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return Optional.of(scalar.getValue());
        }
        wrong(key, "has no value, or a list or mapping for one");
        return Optional.empty();
    }

    private Optional<Node> value(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    private static Optional<Duration> parsed(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofHours(number(matcher, 1))
                .plusMinutes(number(matcher, 2))
                .plusSeconds(number(matcher, 3))
                .plusMillis(number(matcher, 4)));
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
