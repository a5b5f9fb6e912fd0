package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a user wrote in YAML, with the line of every key and value. Never changed; {@code with…} make a copy. */
sealed interface YamlNode {
    Position position();

    /** In words, for errors. */
    String kind();

    /** @param entries in the order of the file */
    record Mapping(Position position, Map<String, Entry> entries) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }

        Mapping with(String key, Entry entry) {
            Map<String, Entry> copy = new LinkedHashMap<>(entries);
            copy.put(key, entry);
            return new Mapping(position, copy);
        }
    }

    record Entry(Position keyPosition, YamlNode value) {}

    record Sequence(Position position, List<YamlNode> items) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }

        Sequence with(int index, YamlNode item) {
            List<YamlNode> copy = new ArrayList<>(items);
            copy.set(index, item);
            return new Sequence(position, copy);
        }
    }

    /** @param plain written without quotes, so that it may be a number, a boolean or nothing */
    record Scalar(Position position, String text, boolean plain) implements YamlNode {
        @Override
        public String kind() {
            return isNull() ? "nothing" : "'" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "'";
        }

        boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }
    }
}
