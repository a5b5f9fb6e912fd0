package io.assistedswarm.coordinator.series;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A metric in one line.
 *
 * @param series how many are kept
 * @param leftOut how many are not
 * @param highest labels of the series that has the highest value; the figures are of that
 * @param error why there is nothing; empty when it was answered
 */
public record MetricSummary(
        String name,
        String query,
        boolean instant,
        int series,
        int leftOut,
        String highest,
        Optional<Figures> figures,
        Optional<String> error) {
    /** Of one series. */
    public record Figures(double min, double p95, double max, double last) {
        private static Figures of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            int rank = (int) Math.ceil(0.95 * sorted.size()) - 1;
            return new Figures(sorted.getFirst(), sorted.get(rank), sorted.getLast(), values.getLast());
        }
    }

    public static MetricSummary of(KeptMetric metric) {
        Optional<Series> highest = metric.series().stream().max(Comparator.comparingDouble(Series::highest));
        return new MetricSummary(
                metric.name(),
                metric.query(),
                metric.instant(),
                metric.series().size(),
                metric.leftOut(),
                highest.map(series -> labels(series)).orElse(""),
                highest.map(series -> Figures.of(series.values())),
                metric.error());
    }

    private static String labels(Series series) {
        return series.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(" "));
    }

    /** In words. */
    public String seriesCount() {
        return series + (leftOut > 0 ? " of " + (series + leftOut) : "");
    }

    /** For tables: big ones without places behind the point, small ones by their power. */
    public static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1e5) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return size == 0 || size >= 0.001
                ? String.format(Locale.ROOT, "%.3f", value)
                : String.format(Locale.ROOT, "%.2e", value);
    }
}
