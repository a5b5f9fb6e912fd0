package io.assistedswarm.coordinator.search;

import io.assistedswarm.coordinator.report.plot.Line;
import io.assistedswarm.coordinator.report.plot.Plot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The plot of a search: the load to the right, the time that clusters took upwards, and a line for each outcome. A step without a time stands on the axis. */
public final class SearchPlot {
    private static final int GREEN = 0x2da44e;
    private static final int RED = 0xcf222e;
    private static final int GREY = 0x848d97;

    private SearchPlot() {}

    public static Plot of(SearchReport report) {
        List<Line> lines = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            List<Step> steps = report.steps().stream()
                    .filter(step -> step.outcome() == outcome)
                    .sorted(Comparator.comparingDouble(Step::load))
                    .toList();
            if (!steps.isEmpty()) {
                lines.add(new Line(
                        outcome.label(),
                        steps.stream().map(Step::load).toList(),
                        steps.stream()
                                .map(step -> step.p95Seconds().orElse(0.0))
                                .toList(),
                        colour(outcome)));
            }
        }
        return new Plot(
                "search",
                report.conclusion(),
                "the time that clusters took, by the load",
                report.key().path() + (report.key().isRate() ? ", an hour" : ""),
                "P95 of a cluster's time to its end, s",
                Plot.Kind.POINTS,
                lines);
    }

    private static int colour(Outcome outcome) {
        return switch (outcome) {
            case MET -> GREEN;
            case NOT_MET -> RED;
            case NOT_VALID -> GREY;
        };
    }
}
