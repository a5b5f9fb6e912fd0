package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.protocol.ServiceSpec;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What swarms ask about the hub's metrics. */
public interface HubMetrics {
    /**
     * What a Prometheus says of a run.
     *
     * @param metrics in the order of the queries
     * @param alerts likewise
     */
    record Collected(List<KeptMetric> metrics, List<AlertResult> alerts) {
        public Collected {
            metrics = List.copyOf(metrics);
            alerts = List.copyOf(alerts);
        }
    }

    /** Asks the plan's Prometheus; what cannot be answered says why. Blocks, for not much longer than the metrics' deadline. */
    Collected collect(Metrics metrics, List<Alert> alerts, Instant from, Instant to);

    /** Reads the service's own page; one that cannot be had says why. */
    CompletionStage<Scrape> scrape(ServiceSpec service, Metrics.Scrape wanted);
}
