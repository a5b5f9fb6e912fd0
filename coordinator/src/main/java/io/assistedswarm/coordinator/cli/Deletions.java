package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Shows that as much is gone as was made. */
final class Deletions {
    private Deletions() {}

    /** One line a kind, and one for each thing that is stuck. */
    static List<String> lines(DeletionView deletion) {
        Set<String> kinds = new TreeSet<>(deletion.created().keySet());
        kinds.addAll(deletion.deleted().keySet());
        kinds.addAll(deletion.left().keySet());
        int width = kinds.stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (String kind : kinds) {
            lines.add(String.format(
                    "%-" + width + "s  created %d, deleted %d, left %d",
                    kind,
                    deletion.created().getOrDefault(kind, 0L),
                    deletion.deleted().getOrDefault(kind, 0L),
                    deletion.left().getOrDefault(kind, 0L)));
        }
        deletion.notCounted().forEach(what -> lines.add("not counted: " + what));
        deletion.stuck().forEach(stuck -> lines.add("stuck: " + stuck));
        return lines;
    }

    static long left(DeletionView deletion) {
        return deletion.left().values().stream().mapToLong(Long::longValue).sum();
    }
}
