package io.assistedswarm.coordinator.metrics;

import io.assistedswarm.coordinator.api.Version;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Prometheus reads from the coordinator. Labels are of swarms, phases and workers, never of single hosts. */
public final class MetricsPage {
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final List<String> CLUSTER_PHASES =
            Arrays.stream(ClusterPhase.values()).map(ClusterPhase::label).toList();
    private static final List<String> HOST_PHASES =
            Arrays.stream(HostPhase.values()).map(HostPhase::label).toList();

    private final PrometheusRegistry counted;
    private final PhaseMetrics phases;

    /** @param counted holds what is counted over time, {@code phases} among it */
    public MetricsPage(PrometheusRegistry counted, PhaseMetrics phases) {
        this.counted = counted;
        this.phases = phases;
    }

    /** The page as things stand. Of a deleted swarm it shows nothing. */
    public byte[] at(List<SwarmView> swarms, List<WorkerView> workers) {
        List<SwarmView> shown = swarms.stream()
                .filter(swarm -> swarm.state() != SwarmState.DELETED)
                .toList();
        phases.keepOnly(shown.stream().map(swarm -> new SwarmId(swarm.id())).collect(Collectors.toSet()));
        PrometheusRegistry now = new PrometheusRegistry();
        Info.builder()
                .name("assisted_swarm_build_info")
                .help("Version of the coordinator.")
                .labelNames("version")
                .register(now)
                .setLabelValues(Version.current());
        ofSwarms(shown, now);
        ofWorkers(workers, now);
        List<MetricSnapshot> all = Stream.of(counted, now)
                .flatMap(registry -> registry.scrape().stream())
                .toList();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(all));
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written to", e);
        }
        return text.toByteArray();
    }

    private static void ofSwarms(List<SwarmView> swarms, PrometheusRegistry registry) {
        Gauge clusters =
                gauge("assisted_swarm_clusters", "Clusters by the phase that they are in.", registry, "swarm", "phase");
        Gauge hosts = gauge("assisted_swarm_hosts", "Hosts by the phase that they are in.", registry, "swarm", "phase");
        Gauge state = gauge("assisted_swarm_state", "1 for the state that a swarm is in.", registry, "swarm", "state");
        Gauge verdict = gauge("assisted_swarm_verdict", "1 for the verdict on a swarm.", registry, "swarm", "verdict");
        Gauge rate = gauge(
                "assisted_swarm_cluster_ends_per_hour",
                "Clusters that reached their end, over the last ten minutes.",
                registry,
                "swarm");
        Gauge hub = gauge(
                "assisted_swarm_hub_troubles",
                "Sorts of requests to the Kubernetes API that the coordinator has no good answer to now.",
                registry,
                "swarm");
        Gauge late = gauge(
                "assisted_swarm_start_lateness_seconds",
                "How late clusters started by the generator's own doing.",
                registry,
                "swarm",
                "quantile");
        for (SwarmView swarm : swarms) {
            byPhase(clusters, swarm.id(), CLUSTER_PHASES, swarm.clusters());
            byPhase(hosts, swarm.id(), HOST_PHASES, swarm.hosts());
            state.labelValues(swarm.id(), swarm.state().label()).set(1);
            verdict.labelValues(swarm.id(), swarm.verdict().label()).set(1);
            rate.labelValues(swarm.id()).set(swarm.endsPerHour());
            hub.labelValues(swarm.id()).set(swarm.hub().size());
            swarm.punctuality().ifPresent(punctuality -> {
                late.labelValues(swarm.id(), "0.5").set(punctuality.late().p50Seconds());
                late.labelValues(swarm.id(), "0.95").set(punctuality.late().p95Seconds());
                late.labelValues(swarm.id(), "1").set(punctuality.late().maxSeconds());
            });
        }
    }

    /** A phase that nothing is in is 0 and not absent: changes() and rate() see nothing of a series that comes and goes. */
    private static void byPhase(Gauge gauge, String swarm, List<String> phases, Map<String, Integer> counts) {
        phases.forEach(phase -> gauge.labelValues(swarm, phase).set(0));
        counts.forEach((phase, count) -> gauge.labelValues(swarm, phase).set(count));
    }

    private static void ofWorkers(List<WorkerView> workers, PrometheusRegistry registry) {
        Gauge state = gauge("assisted_swarm_workers", "Workers by their state.", registry, "state");
        Gauge capacity =
                gauge("assisted_swarm_worker_capacity", "Hosts that a worker has places for.", registry, "worker");
        Gauge used = gauge("assisted_swarm_worker_places_used", "Places that are taken.", registry, "worker");
        Gauge processes = gauge("assisted_swarm_worker_processes", "Processes that a worker runs.", registry, "worker");
        Gauge heap = gauge("assisted_swarm_worker_heap_bytes", "Heap that a worker uses.", registry, "worker");
        Gauge threads = gauge("assisted_swarm_worker_threads", "Threads of a worker's JVM.", registry, "worker");
        Gauge requests = gauge(
                "assisted_swarm_worker_hub_requests",
                "Requests to the Kubernetes API that a worker has sent since it started.",
                registry,
                "worker");
        Gauge free =
                gauge("assisted_swarm_worker_data_free_bytes", "Room for a worker's data folder.", registry, "worker");
        Gauge unwritable = gauge(
                "assisted_swarm_worker_data_unwritable",
                "1 for a worker that cannot write to its data folder, else 0.",
                registry,
                "worker");
        for (WorkerView worker : workers) {
            if (worker.disk().isKnown()) {
                free.labelValues(worker.name()).set((double) worker.disk().freeBytes());
            }
            unwritable.labelValues(worker.name()).set(worker.disk().trouble().isEmpty() ? 0 : 1);
            state.labelValues(worker.state()).inc();
            capacity.labelValues(worker.name()).set(worker.capacity());
            used.labelValues(worker.name()).set(worker.used());
            processes.labelValues(worker.name()).set(worker.processes());
            heap.labelValues(worker.name()).set((double) worker.heapUsedBytes());
            threads.labelValues(worker.name()).set(worker.threads());
            requests.labelValues(worker.name()).set((double) worker.hubRequests());
        }
    }

    private static Gauge gauge(String name, String help, PrometheusRegistry registry, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }
}
