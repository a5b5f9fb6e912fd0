package io.assistedswarm.coordinator.report.plot;

import io.assistedswarm.coordinator.series.DistinctNames;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Metrics of the hub, on the time axis of the other plots. */
final class MetricPlots {
    private static final int MOST_LINES = 8;
    private static final int LONGEST_NAME = 48;

    /** Of which a line alone would show little, or nothing. */
    private static final int FEW_POINTS = 30;

    private final TimeAxis axis;
    private final int[] colours;
    private final DistinctNames ids = new DistinctNames();

    MetricPlots(TimeAxis axis, int[] colours) {
        this.axis = axis;
        this.colours = colours;
    }

    /** Of those that have a course: not of one that was asked for at a moment. */
    List<Plot> of(List<KeptMetric> metrics) {
        List<Plot> plots = new ArrayList<>();
        for (KeptMetric metric : metrics) {
            if (!metric.instant() && !metric.series().isEmpty()) {
                plots.add(plot(metric));
            }
        }
        return plots;
    }

    private Plot plot(KeptMetric metric) {
        boolean anything = metric.series().stream().anyMatch(MetricPlots::isSomething);
        List<Series> shown = metric.series().stream()
                .filter(series -> !anything || isSomething(series))
                .sorted(Comparator.comparingDouble((Series series) -> -series.highest()))
                .limit(MOST_LINES)
                .toList();
        int all = metric.series().size() + metric.leftOut();
        Set<String> telling = telling(shown);
        DistinctNames names = new DistinctNames();
        List<Line> lines = new ArrayList<>();
        for (Series series : shown) {
            lines.add(new Line(
                    names.of(name(series, telling, metric.name())),
                    series.times().stream().map(axis::position).toList(),
                    series.values(),
                    colours[lines.size() % colours.length]));
        }
        return new Plot(
                ids.of("metric-" + KeptMetric.fileName(metric.name())),
                metric.name(),
                metric.query() + (all > shown.size() ? "; the " + shown.size() + " highest of " + all + " series" : ""),
                axis.unit(),
                "value",
                shown.stream().allMatch(series -> series.times().size() < FEW_POINTS)
                        ? Plot.Kind.POINTS
                        : Plot.Kind.LINES,
                lines);
    }

    /** What is 0 all the time only takes lines of the legend from the others. */
    private static boolean isSomething(Series series) {
        return series.values().stream().anyMatch(value -> value != 0);
    }

    /** Labels by which they differ. */
    private static Set<String> telling(List<Series> all) {
        Set<String> labels = new TreeSet<>();
        all.forEach(series -> labels.addAll(series.labels().keySet()));
        labels.removeIf(label -> all.stream()
                        .map(series -> series.labels().getOrDefault(label, ""))
                        .distinct()
                        .count()
                == 1);
        return labels;
    }

    private static String name(Series series, Set<String> telling, String metric) {
        String name = series.labels().entrySet().stream()
                .filter(label -> telling.contains(label.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(" "));
        if (name.isBlank()) {
            return metric;
        }
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }
}
