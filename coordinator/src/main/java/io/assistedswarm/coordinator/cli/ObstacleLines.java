package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How {@code describe} shows what holds something up. */
final class ObstacleLines {
    private ObstacleLines() {}

    /** @param at shows a time */
    static List<String> of(ObstacleView obstacle, Function<Instant, String> at) {
        List<String> lines = new ArrayList<>();
        String what = obstacle.condition().equals("state")
                ? obstacle.object() + " is '" + obstacle.reason() + "'"
                : obstacle.object() + " condition " + obstacle.condition()
                        + (obstacle.reason().isEmpty() ? "" : " (" + obstacle.reason() + ")");
        lines.add(what
                + obstacle.since().map(since -> " since " + at.apply(since)).orElse("")
                + (obstacle.message().isBlank()
                        ? ""
                        : ": " + obstacle.message().replaceAll("\\s+", " ").strip()));
        int others = obstacle.inSwarm() - obstacle.count();
        String those = obstacle.count() == 1
                ? obstacle.kind() + " " + obstacle.examples().getFirst()
                : obstacle.count() + " " + obstacle.kind() + "s, such as " + String.join(", ", obstacle.examples());
        lines.add("  " + those + (others == 0 ? "" : "; " + others + " more in the swarm"));
        return lines;
    }
}
