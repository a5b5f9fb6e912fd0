package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.series.HubMetrics;
import io.assistedswarm.coordinator.series.Scrape;
import io.assistedswarm.protocol.ServiceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Says what the test wants, and remembers over which times it was asked. */
final class TestingHubMetrics implements HubMetrics {
    /** Beginning and end, one after the other. */
    final List<Instant> asked = new ArrayList<>();

    /** How often the service's page was asked for. */
    final AtomicInteger pages = new AtomicInteger();

    /** Of the service; not answered unless the test wants that. */
    CompletionStage<Scrape> page = new CompletableFuture<>();

    Collected answer = new Collected(List.of(), List.of());

    @Override
    public Collected collect(Metrics metrics, List<Alert> alerts, Instant from, Instant to) {
        asked.add(from);
        asked.add(to);
        return answer;
    }

    @Override
    public CompletionStage<Scrape> scrape(ServiceSpec service, Metrics.Scrape wanted) {
        pages.incrementAndGet();
        return page;
    }
}
