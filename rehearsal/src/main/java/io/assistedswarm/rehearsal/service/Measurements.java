package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.model.HostStage;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The families of {@code /metrics} that a load test reads (reference, cr-lifecycle.md 12). Times are real, not scaled back. */
public final class Measurements {
    private static final String PREFIX = "service_assisted_installer_";
    private static final double[] CYCLE_MILLIS = {1, 10, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000};
    private static final double[] INSTALLATION_SECONDS = {1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600};
    private final PrometheusRegistry registry = new PrometheusRegistry();

    private final Histogram requests = Histogram.builder()
            .name("http_request_duration_seconds")
            .help("The latency of the HTTP requests.")
            .labelNames("service", "handler", "method", "code")
            .classicOnly()
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
            .register(registry);
    private final Histogram sizes = Histogram.builder()
            .name("http_response_size_bytes")
            .help("The size of the HTTP responses.")
            .labelNames("service", "handler", "method", "code")
            .classicOnly()
            .classicUpperBounds(100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
            .register(registry);
    private final Gauge inFlight = Gauge.builder()
            .name("http_requests_inflight")
            .help("The number of requests being handled at the same time.")
            .labelNames("service", "handler", "method")
            .register(registry);
    private final Counter clusters = Counter.builder()
            .name(PREFIX + "cluster_creations")
            .help("Number of cluster resources created.")
            .register(registry);
    private final Counter installations = Counter.builder()
            .name(PREFIX + "cluster_installation_started")
            .help("Number of clusters that entered installation state.")
            .register(registry);
    private final Histogram installationSeconds = Histogram.builder()
            .name(PREFIX + "cluster_installation_seconds")
            .help("Histogram of installation times.")
            .labelNames("result")
            .classicOnly()
            .classicUpperBounds(INSTALLATION_SECONDS)
            .register(registry);
    private final Histogram stageSeconds = Histogram.builder()
            .name(PREFIX + "host_installation_phase_seconds")
            .help("Histogram of times of a host's installation stages.")
            .labelNames("phase", "result")
            .classicOnly()
            .classicUpperBounds(INSTALLATION_SECONDS)
            .register(registry);
    private final Histogram hostCycle = cycle("monitored_hosts_cycle_duration_ms");
    private final Histogram clusterCycle = cycle("monitored_clusters_cycle_duration_ms");
    private final Gauge goroutines = Gauge.builder()
            .name("go_goroutines")
            .help("Number of platform threads; there are no goroutines here.")
            .register(registry);
    private final Gauge memory = Gauge.builder()
            .name("process_resident_memory_bytes")
            .help("Heap in use, bytes.")
            .register(registry);

    private Histogram cycle(String name) {
        return Histogram.builder()
                .name(PREFIX + name)
                .help("Duration of one pass of the monitor.")
                .labelNames("fullscan")
                .classicOnly()
                .classicUpperBounds(CYCLE_MILLIS)
                .register(registry);
    }

    public void requestStarted(String handler, String method) {
        inFlight.labelValues("assisted-installer", handler, method).inc();
    }

    public void requestEnded(String handler, String method, int status, Duration took, long bytes) {
        String code = String.valueOf(status);
        inFlight.labelValues("assisted-installer", handler, method).dec();
        requests.labelValues("assisted-installer", handler, method, code).observe(took.toNanos() / 1e9);
        sizes.labelValues("assisted-installer", handler, method, code).observe((double) bytes);
    }

    void clusterCreated() {
        clusters.inc();
    }

    void installationStarted() {
        installations.inc();
    }

    void installationEnded(String result, Duration took) {
        installationSeconds.labelValues(result).observe(took.toNanos() / 1e9);
    }

    void stageEnded(HostStage stage, Duration took) {
        stageSeconds.labelValues(stage.wireName(), "success").observe(took.toNanos() / 1e9);
    }

    void hostsMonitored(Duration took) {
        hostCycle.labelValues("true").observe(took.toNanos() / 1e6);
    }

    void clustersMonitored(Duration took) {
        clusterCycle.labelValues("true").observe(took.toNanos() / 1e6);
    }

    /** In Prometheus' text format. */
    public byte[] text() {
        goroutines.set(ManagementFactory.getThreadMXBean().getThreadCount());
        memory.set((double)
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return out.toByteArray();
    }
}
