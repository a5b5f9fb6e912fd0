package io.assistedswarm.worker.metrics;

import io.assistedswarm.protocol.WorkerState;
import io.assistedswarm.worker.hub.RequestTimes;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * What Prometheus reads from a worker: what only it knows, and its own figures of what it reports. {@code node} in the names tells them from what the
 * coordinator shows of each worker. Never of single hosts. Thread-safe.
 */
public final class WorkerMetrics implements RequestTimes {
    private static final double NANOS = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram requests;
    private volatile Optional<WorkerState> last = Optional.empty();

    /** @param version of this build */
    public WorkerMetrics(String version) {
        JvmMetrics.builder().register(registry);
        Info.builder()
                .name("assisted_swarm_build_info")
                .help("Version of the worker.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
        requests = Histogram.builder()
                .name("assisted_swarm_node_hub_request_duration_seconds")
                .help("How long the Kubernetes API took to answer, by verb and status; status 0 for none.")
                .labelNames("verb", "status")
                .classicOnly()
                .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
                .register(registry);
        gauge("assisted_swarm_node_capacity", "Hosts that the worker has places for.", state ->
                (double) state.capacity());
        gauge("assisted_swarm_node_hosts", "Host actors.", state -> (double) state.hosts());
        gauge("assisted_swarm_node_processes", "Child processes.", state -> (double) state.processes());
        gauge(
                "assisted_swarm_node_data_free_bytes",
                "Room for the worker's data folder.",
                state -> state.disk().isKnown() ? (double) state.disk().freeBytes() : Double.NaN);
        gauge(
                "assisted_swarm_node_data_unwritable",
                "1 when the data folder could not be written to when that was last tried, else 0.",
                state -> state.disk().trouble().isEmpty() ? 0.0 : 1.0);
        gauge(
                "assisted_swarm_node_cpu_wait_ratio",
                "Share of the last 10 s in which something on the machine waited for a processor.",
                state -> state.health().cpuWait().orElse(Double.NaN));
        gauge(
                "assisted_swarm_node_timer_stall_seconds",
                "By how much a timer came late in the last 10 s at most.",
                state -> seconds(state.health().longestStall()));
        gauge(
                "assisted_swarm_node_clock_ahead_seconds",
                "How far the clock is ahead of the coordinator's, negative when it is behind.",
                state -> state.health().ahead().map(WorkerMetrics::seconds).orElse(Double.NaN));
        CounterWithCallback.builder()
                .name("assisted_swarm_node_hub_requests_total")
                .help("Requests sent to the Kubernetes API.")
                .labelNames("worker")
                .callback(callback -> last.ifPresent(state ->
                        callback.call((double) state.hubRequests(), state.name().value())))
                .register(registry);
    }

    /** What the worker reports from time to time is what is shown until the next time. */
    public void reported(WorkerState state) {
        last = Optional.of(state);
    }

    @Override
    public void answered(String verb, int status, Duration took) {
        requests.labelValues(verb, String.valueOf(status)).observe(seconds(took));
    }

    /** The page as things stand. */
    public byte[] page() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return text.toByteArray();
    }

    private void gauge(String name, String help, Function<WorkerState, Double> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("worker")
                .callback(callback -> last.ifPresent(
                        state -> callback.call(value.apply(state), state.name().value())))
                .register(registry);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
