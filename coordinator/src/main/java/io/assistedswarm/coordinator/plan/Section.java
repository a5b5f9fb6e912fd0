package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.coordinator.plan.YamlNode.Mapping;
import io.assistedswarm.coordinator.plan.YamlNode.Scalar;
import io.assistedswarm.coordinator.plan.YamlNode.Sequence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A mapping that is being read: knows which keys were asked for, so that {@link #close()} can name the others. A value of the wrong
 * type is a problem and reads as absent, so that reading goes on and finds the next one.
 */
final class Section {
    private final Mapping mapping;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Section(Mapping mapping, String path, Problems problems) {
        this.mapping = mapping;
        this.path = path;
        this.problems = problems;
        problems.stands(path, mapping.position());
    }

    /** The top of a file. */
    static Optional<Section> top(YamlNode root, Problems problems) {
        if (root instanceof Mapping mapping) {
            return Optional.of(new Section(mapping, "", problems));
        }
        problems.error(root.position(), "", "is " + root.kind() + " and not a mapping", "write 'key: value' lines");
        return Optional.empty();
    }

    /**
     * Reads a file that is a mapping, and checks what it says once that could be read.
     *
     * @return empty when it is no mapping
     */
    static <T> Optional<T> file(
            Path file, Problems problems, Function<Section, T> read, Function<T, List<Violation>> rules) {
        return YamlFile.read(file, problems).flatMap(tree -> tree(tree, problems, read, rules));
    }

    static <T> Optional<T> tree(
            YamlNode tree, Problems problems, Function<Section, T> read, Function<T, List<Violation>> rules) {
        return top(tree, problems).map(top -> {
            T value = read.apply(top);
            if (problems.isEmpty()) {
                rules.apply(value).forEach(broken -> problems.errorAt(broken.path(), broken.message(), broken.hint()));
            }
            return value;
        });
    }

    /** Reads a file that is a list of mappings. */
    static <T> Optional<List<T>> list(Path file, Problems problems, Function<Section, T> read) {
        return YamlFile.read(file, problems).flatMap(tree -> list(tree, problems, read));
    }

    static <T> Optional<List<T>> list(YamlNode tree, Problems problems, Function<Section, T> read) {
        if (tree instanceof Sequence list) {
            return Optional.of(items(list, "", problems, (section, index) -> read.apply(section)));
        }
        problems.error(
                tree.position(), "", "is " + tree.kind() + " and not a list", "write lines that begin with '- '");
        return Optional.empty();
    }

    Position position() {
        return mapping.position();
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean has(String key) {
        return mapping.entries().containsKey(key);
    }

    Position positionOf(String key) {
        return has(key) ? mapping.entries().get(key).keyPosition() : mapping.position();
    }

    Section require(String key) {
        known.add(key);
        if (!has(key)) {
            problems.error(mapping.position(), path(key), "is missing", "");
        }
        return this;
    }

    /** Known, and of no interest. */
    void ignore(String key) {
        known.add(key);
    }

    Optional<String> text(String key) {
        return scalar(key, "a text").flatMap(scalar -> {
            if (scalar.plain()
                    && (Scalars.isNumber(scalar.text())
                            || Scalars.bool(scalar.text(), false).isPresent())) {
                return wrong(key, scalar, "a text", "put it in quotes: \"" + scalar.text() + "\"");
            }
            return Optional.of(scalar.text());
        });
    }

    /** A text for which quotes may be forgotten, such as a version. */
    Optional<String> anyText(String key) {
        return scalar(key, "a text").map(Scalar::text);
    }

    /** An http or https address, without slashes at its end. */
    Optional<String> address(String key) {
        return text(key).map(text -> text.replaceAll("/+$", "")).filter(url -> {
            Optional<Addresses.Fault> fault = Addresses.problem(url);
            fault.ifPresent(wrong -> error(key, wrong.message(), wrong.hint()));
            return fault.isEmpty();
        });
    }

    Optional<Boolean> bool(String key) {
        return scalar(key, "true or false").flatMap(scalar -> {
            Optional<Boolean> value = scalar.plain() ? Scalars.bool(scalar.text(), true) : Optional.empty();
            return value.isPresent() ? value : wrong(key, scalar, "true or false", "");
        });
    }

    Optional<Integer> integer(String key) {
        return whole(key, Integer.MIN_VALUE, Integer.MAX_VALUE).map(Math::toIntExact);
    }

    Optional<Long> longInteger(String key) {
        return whole(key, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    Optional<Double> number(String key) {
        return scalar(key, "a number").flatMap(scalar -> {
            if (!scalar.plain() || !Scalars.isNumber(scalar.text())) {
                return wrong(key, scalar, "a number", scalar.plain() ? "" : "leave out the quotes");
            }
            return Optional.of(Double.valueOf(scalar.text()));
        });
    }

    Optional<Duration> duration(String key) {
        return parsed(
                key,
                "a duration",
                Durations::parse,
                text -> Scalars.isNumber(text)
                        ? "say the unit: '" + text + "s'"
                        : "write for example '90s', '5m' or '1h30m'");
    }

    /**
     * A value that is written in a way of its own.
     *
     * @param wanted in words
     * @param parse empty when it is none
     * @param hint for a text that is none
     */
    <T> Optional<T> parsed(String key, String wanted, Function<String, Optional<T>> parse, UnaryOperator<String> hint) {
        return scalar(key, wanted).flatMap(scalar -> {
            Optional<T> value = parse.apply(scalar.text());
            return value.isPresent() ? value : wrong(key, scalar, wanted, hint.apply(scalar.text()));
        });
    }

    /** Looks at what may also be of another kind; says nothing of what is not so. */
    Optional<String> textEnding(String key, String end) {
        return has(key)
                        && mapping.entries().get(key).value() instanceof Scalar scalar
                        && scalar.text().endsWith(end)
                ? anyText(key)
                : Optional.empty();
    }

    Optional<Section> section(String key) {
        return value(key)
                .flatMap(node -> node instanceof Mapping inner
                        ? Optional.of(new Section(inner, path(key), problems))
                        : wrong(key, node, "a mapping", "write 'key: value' lines under it"));
    }

    /** The mappings of a list. */
    <T> Optional<List<T>> sections(String key, BiFunction<Section, Integer, T> read) {
        return list(key).map(list -> items(list, path(key), problems, read));
    }

    private static <T> List<T> items(
            Sequence list, String path, Problems problems, BiFunction<Section, Integer, T> read) {
        List<T> values = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
            String itemPath = path + "[" + i + "]";
            YamlNode item = list.items().get(i);
            if (item instanceof Mapping inner) {
                values.add(read.apply(new Section(inner, itemPath, problems), i));
            } else {
                problems.error(item.position(), itemPath, "is " + item.kind() + " and not a mapping", "");
            }
        }
        return values;
    }

    /** The texts of a list; numbers and booleans are taken as they are written. */
    Optional<List<String>> texts(String key) {
        return list(key).map(list -> {
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < list.items().size(); i++) {
                if (list.items().get(i) instanceof Scalar scalar && !scalar.isNull()) {
                    texts.add(scalar.text());
                } else {
                    YamlNode item = list.items().get(i);
                    problems.error(
                            item.position(), path(key) + "[" + i + "]", "is " + item.kind() + " and not a text", "");
                }
            }
            return texts;
        });
    }

    /**
     * Names and their texts.
     *
     * @param numbersToo take an unquoted number or boolean as the text that was written
     */
    Optional<Map<String, String>> textMap(String key, boolean numbersToo) {
        return section(key).map(inner -> {
            Map<String, String> texts = new LinkedHashMap<>();
            for (String name : inner.mapping.entries().keySet()) {
                (numbersToo ? inner.anyText(name) : inner.text(name)).ifPresent(text -> texts.put(name, text));
            }
            return texts;
        });
    }

    /** Names what nobody asked for. */
    void close() {
        mapping.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                problems.error(
                        entry.keyPosition(),
                        path(key),
                        "is not a known key",
                        Suggestion.closest(key, known)
                                .map(meant -> "did you mean '" + meant + "'?")
                                .orElse("known here: " + String.join(", ", known)));
            }
        });
    }

    void error(String key, String message, String hint) {
        Position position = has(key) ? mapping.entries().get(key).value().position() : mapping.position();
        problems.error(position, path(key), message, hint);
    }

    void warn(String key, String message, String hint) {
        problems.warn(positionOf(key), path(key), message, hint);
    }

    private Optional<Long> whole(String key, long least, long most) {
        return scalar(key, "a whole number").flatMap(scalar -> {
            if (!scalar.plain() || !Scalars.isWhole(scalar.text())) {
                return wrong(key, scalar, "a whole number", scalar.plain() ? "" : "leave out the quotes");
            }
            Optional<Long> value = Scalars.whole(scalar.text());
            if (value.isEmpty() || value.get() < least || value.get() > most) {
                return wrong(key, scalar, "a number that fits", "it is between " + least + " and " + most);
            }
            return value;
        });
    }

    private Optional<Sequence> list(String key) {
        return value(key)
                .flatMap(node -> node instanceof Sequence list
                        ? Optional.of(list)
                        : wrong(key, node, "a list", "write lines that begin with '- ', or [a, b]"));
    }

    private Optional<Scalar> scalar(String key, String wanted) {
        return value(key)
                .flatMap(node -> node instanceof Scalar scalar ? Optional.of(scalar) : wrong(key, node, wanted, ""));
    }

    private Optional<YamlNode> value(String key) {
        known.add(key);
        if (!has(key)) {
            return Optional.empty();
        }
        YamlNode node = mapping.entries().get(key).value();
        problems.stands(path(key), node.position());
        if (node instanceof Scalar scalar && scalar.isNull()) {
            problems.error(positionOf(key), path(key), "has no value", "write one, or leave out the key");
            return Optional.empty();
        }
        return Optional.of(node);
    }

    private <T> Optional<T> wrong(String key, YamlNode node, String wanted, String hint) {
        problems.error(node.position(), path(key), "is " + node.kind() + " and not " + wanted, hint);
        return Optional.empty();
    }
}
