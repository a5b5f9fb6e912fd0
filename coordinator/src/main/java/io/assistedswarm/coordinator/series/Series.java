package io.assistedswarm.coordinator.series;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values of one metric over time.
 *
 * @param labels in the order of their names, without the metric's own name
 * @param times seconds since 1970, in their order
 * @param values as many; every one is a number
 */
public record Series(Map<String, String> labels, List<Double> times, List<Double> values) {
    public Series {
        labels = new TreeMap<>(labels);
        times = List.copyOf(times);
        values = List.copyOf(values);
    }

    /** Of its values. */
    public double highest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NEGATIVE_INFINITY);
    }
}
