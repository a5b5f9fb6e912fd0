package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.series.Scrape.Family;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Makes series of what was read from the service's page: of a counter its rate, of a histogram the rate of observations, their mean and the
 * 99th percentile, each between one reading and the next; of a gauge its values.
 */
public final class ScrapedMetrics {
    private static final double QUANTILE = 0.99;
    private static final String RATE = " per second";
    private static final String MEAN = " mean";
    private static final String P99 = " p99";

    private final Map<String, KeptSeries> kept = new TreeMap<>();

    private ScrapedMetrics() {}

    /** Points of one metric, by the labels of their series. */
    private static final class KeptSeries {
        private final String query;
        private final Map<String, List<Double>> times = new LinkedHashMap<>();
        private final Map<String, List<Double>> values = new LinkedHashMap<>();

        private KeptSeries(String query) {
            this.query = query;
        }

        private void add(String labels, Instant at, double value) {
            times.computeIfAbsent(labels, unused -> new ArrayList<>()).add(at.toEpochMilli() / 1000.0);
            values.computeIfAbsent(labels, unused -> new ArrayList<>()).add(value);
        }

        private KeptMetric metric(String name) {
            List<Series> series = new ArrayList<>();
            times.forEach((labels, at) -> series.add(new Series(labels(labels), at, values.get(labels))));
            return KeptMetric.of(name, query, false, series);
        }

        private static Map<String, String> labels(String text) {
            Map<String, String> labels = new TreeMap<>();
            Arrays.stream(text.split(",", -1))
                    .filter(label -> label.contains("="))
                    .forEach(label -> {
                        int equals = label.indexOf('=');
                        labels.put(label.substring(0, equals), label.substring(equals + 1));
                    });
            return labels;
        }
    }

    /** @param scrapes in the order of time */
    public static List<KeptMetric> of(List<Scrape> scrapes) {
        List<Scrape> read =
                scrapes.stream().filter(scrape -> scrape.error().isEmpty()).toList();
        ScrapedMetrics metrics = new ScrapedMetrics();
        for (int i = 0; i < read.size(); i++) {
            Optional<Scrape> before = i == 0 ? Optional.empty() : Optional.of(read.get(i - 1));
            metrics.add(before, read.get(i));
        }
        List<KeptMetric> all = new ArrayList<>();
        metrics.kept.forEach((name, series) -> all.add(series.metric(name)));
        failures(scrapes).ifPresent(all::add);
        return all;
    }

    /** In a line of its own: how often the page could not be read, and what was said the last time. */
    private static Optional<KeptMetric> failures(List<Scrape> scrapes) {
        List<Scrape> failed =
                scrapes.stream().filter(scrape -> scrape.error().isPresent()).toList();
        return failed.isEmpty()
                ? Optional.empty()
                : Optional.of(KeptMetric.failed(
                        "the service's page",
                        "GET /metrics",
                        false,
                        "could not be read " + failed.size() + " of " + scrapes.size() + " times, last: "
                                + failed.getLast().error().orElseThrow()));
    }

    private void add(Optional<Scrape> before, Scrape now) {
        now.families().forEach((name, family) -> {
            Optional<Family> earlier = before.map(scrape -> scrape.families().get(name));
            double seconds =
                    before.map(scrape -> Duration.between(scrape.at(), now.at()).toMillis())
                                    .orElse(0L)
                            / 1000.0;
            switch (family.kind()) {
                case GAUGE ->
                    family.values()
                            .forEach((labels, value) -> series(name, name).add(labels, now.at(), value));
                case COUNTER ->
                    earlier.filter(unused -> seconds > 0)
                            .ifPresent(old -> series(name + RATE, "rate of " + name)
                                    .add("", now.at(), increase(total(old), total(family)) / seconds));
                case HISTOGRAM ->
                    earlier.filter(unused -> seconds > 0)
                            .ifPresent(old -> observations(name, old, family, now.at(), seconds));
            }
        });
    }

    private void observations(String name, Family old, Family family, Instant at, double seconds) {
        boolean reset = family.count() < old.count();
        double count = increase(old.count(), family.count());
        series(name + RATE, "rate of observations of " + name).add("", at, count / seconds);
        if (count > 0) {
            double sum = reset ? family.sum() : family.sum() - old.sum();
            series(name + MEAN, "mean of observations of " + name).add("", at, sum / count);
            Map<String, Double> buckets = new TreeMap<>(family.buckets());
            if (!reset) {
                old.buckets().forEach((bound, observed) -> buckets.merge(bound, -observed, Double::sum));
            }
            quantile(buckets, QUANTILE)
                    .ifPresent(value -> series(name + P99, "99th percentile of observations of " + name)
                            .add("", at, value));
        }
    }

    private KeptSeries series(String name, String query) {
        return kept.computeIfAbsent(name, unused -> new KeptSeries(query));
    }

    private static double total(Family counter) {
        return counter.values().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** One that has become smaller began anew, with its process. */
    private static double increase(double old, double now) {
        return now < old ? now : now - old;
    }

    /**
     * As PromQL's {@code histogram_quantile} has it: evenly spread within a bucket, and for the last one its lower bound.
     *
     * @param buckets by their upper bounds, cumulative
     * @return empty without observations
     */
    static OptionalDouble quantile(Map<String, Double> buckets, double quantile) {
        List<Map.Entry<Double, Double>> sorted = buckets.entrySet().stream()
                .map(bucket -> Map.entry(Exposition.number(bucket.getKey()).orElse(Double.NaN), bucket.getValue()))
                .filter(bucket -> !Double.isNaN(bucket.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        if (sorted.isEmpty() || sorted.getLast().getValue() <= 0) {
            return OptionalDouble.empty();
        }
        double rank = quantile * sorted.getLast().getValue();
        double lower = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : sorted) {
            if (bucket.getValue() >= rank) {
                return OptionalDouble.of(
                        bucket.getKey().isInfinite()
                                ? lower
                                : lower + (bucket.getKey() - lower) * (rank - below) / (bucket.getValue() - below));
            }
            lower = bucket.getKey();
            below = bucket.getValue();
        }
        return OptionalDouble.of(lower);
    }
}
