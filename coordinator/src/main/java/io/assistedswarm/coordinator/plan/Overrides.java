package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.coordinator.plan.YamlNode.Entry;
import io.assistedswarm.coordinator.plan.YamlNode.Mapping;
import io.assistedswarm.coordinator.plan.YamlNode.Scalar;
import io.assistedswarm.coordinator.plan.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values given on the command line, put into the plan's tree before it is checked: {@code --set pace.batch=5}. */
final class Overrides {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,6})]");
    private static final Pattern PATH = Pattern.compile("[^.\\[\\]]+(\\[\\d{1,6}])*(\\.[^.\\[\\]]+(\\[\\d{1,6}])*)*");
    private static final List<String> TOP = List.of("apiVersion", "kind", "metadata", "spec");

    private final Position position;
    private final String path;
    private final Problems problems;

    private Overrides(String override, Problems problems) {
        this.position = new Position("--set " + override, 0);
        this.path = override.substring(0, Math.max(0, override.indexOf('=')));
        this.problems = problems;
    }

    /** The tree with all of them applied in their order; those that cannot be applied are among the problems. */
    static YamlNode apply(YamlNode root, List<String> overrides, Problems problems) {
        YamlNode tree = root;
        for (String override : overrides) {
            tree = new Overrides(override, problems).apply(tree, override);
        }
        return tree;
    }

    private YamlNode apply(YamlNode root, String override) {
        if (!PATH.matcher(path).matches()) {
            problems.error(position, "", "is not of the form a.b[0].c=value", "");
            return root;
        }
        Optional<YamlNode> value = value(override.substring(path.length() + 1));
        return value.isEmpty() ? root : put(root, steps(root), value.get());
    }

    private Optional<YamlNode> value(String text) {
        return text.isEmpty()
                ? Optional.of(new Scalar(position, "", false))
                : YamlFile.parse(position.source(), text, problems).map(this::placed);
    }

    /** In our own format {@code spec.} may be left out. */
    private List<String> steps(YamlNode root) {
        List<String> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(path);
        while (matcher.find()) {
            steps.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        if (root instanceof Mapping mapping
                && mapping.entries().containsKey("spec")
                && !TOP.contains(steps.getFirst())) {
            steps.addFirst("spec");
        }
        return steps;
    }

    private YamlNode put(YamlNode node, List<String> steps, YamlNode value) {
        if (steps.isEmpty()) {
            return value;
        }
        String step = steps.getFirst();
        List<String> rest = steps.subList(1, steps.size());
        if (node instanceof Sequence list) {
            if (!Scalars.isWhole(step) || Integer.parseInt(step) >= list.items().size()) {
                problems.error(
                        position,
                        "",
                        "the list has no item '" + step + "'",
                        list.items().isEmpty()
                                ? "it is empty"
                                : "its items are 0 to " + (list.items().size() - 1));
                return node;
            }
            int index = Integer.parseInt(step);
            return list.with(index, put(list.items().get(index), rest, value));
        }
        Mapping mapping = node instanceof Mapping given ? given : new Mapping(position, new LinkedHashMap<>());
        if (node instanceof Scalar scalar && !scalar.isNull()) {
            problems.error(position, "", "there is " + scalar.kind() + " where '" + step + "' should go in", "");
            return node;
        }
        Entry entry = mapping.entries().get(step);
        YamlNode old = entry == null ? new Scalar(position, "", true) : entry.value();
        return mapping.with(step, new Entry(position, put(old, rest, value)));
    }

    private YamlNode placed(YamlNode node) {
        if (node instanceof Scalar scalar) {
            return new Scalar(position, scalar.text(), scalar.plain());
        }
        if (node instanceof Sequence list) {
            return new Sequence(
                    position, list.items().stream().map(this::placed).toList());
        }
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        ((Mapping) node)
                .entries()
                .forEach((key, entry) -> entries.put(key, new Entry(position, placed(entry.value()))));
        return new Mapping(position, entries);
    }
}
