package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.series.KeptMetric;
import java.util.List;
import java.util.Optional;

/**
 * Some of the metrics that are kept with a run.
 *
 * @param next from where on there may be more; empty behind the last one
 */
public record MetricChunk(List<KeptMetric> metrics, Optional<Integer> next) {
    public MetricChunk {
        metrics = List.copyOf(metrics);
    }
}
