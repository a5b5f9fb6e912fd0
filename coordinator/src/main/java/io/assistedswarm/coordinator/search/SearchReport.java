package io.assistedswarm.coordinator.search;

import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.coordinator.text.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a search came to: a table of its steps, and a plot of the time that clusters took against the load.
 *
 * @param steps in the order in which they were tried
 */
public record SearchReport(SearchedKey key, List<Step> steps, String conclusion) {
    private static final int BAR = 40;

    public SearchReport {
        steps = List.copyOf(steps);
    }

    /** For a terminal and for a file. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!steps.isEmpty()) {
            lines.addAll(table().lines());
            lines.add("");
            lines.addAll(plot());
            lines.add("");
        }
        lines.add(conclusion);
        return lines;
    }

    private Table table() {
        Table table = Table.of(List.of("STEP", key.path(), "LIMITS", "P95", "LATE-P95", "CLUSTERS", "SWARM", "WHY"));
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            table.add(List.of(
                    String.valueOf(i + 1),
                    key.text(step.load()),
                    step.outcome().label(),
                    seconds(step.p95Seconds()),
                    seconds(step.lateP95Seconds()),
                    Phases.counts(step.clusters()),
                    step.swarm(),
                    step.why().replaceAll("\\s+", " ").strip()));
        }
        return table;
    }

    private List<String> plot() {
        double longest = steps.stream()
                .flatMap(step -> step.p95Seconds().stream())
                .max(Double::compare)
                .orElse(0.0);
        Table table = Table.of(List.of(key.path(), "P95 of a cluster's time to its end", ""));
        steps.stream().sorted(Comparator.comparingDouble(Step::load)).forEach(step -> {
            int length = longest == 0 ? 0 : (int) Math.round(step.p95Seconds().orElse(0.0) / longest * BAR);
            table.add(List.of(
                    key.text(step.load()),
                    "#".repeat(length),
                    seconds(step.p95Seconds())
                            + (step.outcome() == Outcome.MET
                                    ? ""
                                    : "  " + step.outcome().label())));
        });
        return table.lines();
    }

    private static String seconds(Optional<Double> seconds) {
        return seconds.map(value -> String.format(Locale.ROOT, "%.1f s", value)).orElse("");
    }
}
