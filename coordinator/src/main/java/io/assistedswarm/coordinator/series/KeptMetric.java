package io.assistedswarm.coordinator.series;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One metric, as it is kept with a run.
 *
 * @param name as its profile calls it
 * @param query how it was asked for, or made from the service's page
 * @param instant it has one point a series
 * @param leftOut series that are not kept, as there were too many
 * @param error why there is nothing; empty when it was answered
 */
public record KeptMetric(
        String name, String query, boolean instant, List<Series> series, int leftOut, Optional<String> error) {
    /** Of one metric, those with the highest values. */
    static final int MOST_SERIES = 40;

    private static final int LONGEST_FILE_NAME = 100;

    public KeptMetric {
        series = List.copyOf(series);
    }

    static KeptMetric of(String name, String query, boolean instant, List<Series> series) {
        List<Series> kept = series.size() <= MOST_SERIES
                ? series
                : series.stream()
                        .sorted(Comparator.comparingDouble((Series one) -> -one.highest()))
                        .limit(MOST_SERIES)
                        .toList();
        return new KeptMetric(name, query, instant, kept, series.size() - kept.size(), Optional.empty());
    }

    /** A name as a file may have it. */
    public static String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[.-]+", "_");
        return safe.length() > LONGEST_FILE_NAME ? safe.substring(0, LONGEST_FILE_NAME) : safe;
    }

    static KeptMetric failed(String name, String query, boolean instant, String why) {
        return new KeptMetric(name, query, instant, List.of(), 0, Optional.of(why));
    }
}
