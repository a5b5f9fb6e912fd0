package io.assistedswarm.coordinator.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which metrics of the hub are kept with a run.
 *
 * @param prometheus that is asked at the end; empty without one: then the service's own page is read while the swarm runs
 * @param step from one point of a series to the next; empty for what suits the length of the run
 * @param deadline for all questions to the Prometheus together
 * @param profiles files of queries, as they are named by the user; empty once they are read, and all shipped ones when absent
 */
public record Metrics(
        Optional<Endpoint> prometheus,
        Optional<Duration> step,
        Duration deadline,
        Optional<List<String>> profiles,
        List<MetricQuery> queries,
        Optional<Scrape> scrape) {
    public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(3);
    public static final Metrics DEFAULT = new Metrics(
            Optional.empty(), Optional.empty(), DEFAULT_DEADLINE, Optional.empty(), List.of(), Optional.empty());

    public Metrics {
        profiles = profiles.map(List::copyOf);
        queries = List.copyOf(queries);
    }

    /**
     * A Prometheus, as the coordinator reaches it.
     *
     * @param tokenFile on the coordinator's machine; empty when it wants none
     * @param caFile likewise; empty for the authorities that Java knows
     * @param insecure do not check its certificate
     */
    public record Endpoint(String url, String tokenFile, String caFile, boolean insecure) {}

    /**
     * One line of a metric profile of kube-burner (docs/observability/metrics.md there).
     *
     * @param query PromQL, with {@code {{.elapsed}}} for the length of the run
     * @param instant asked for the end of the run only
     * @param captureStart then for its beginning, too
     */
    public record MetricQuery(String metricName, String query, boolean instant, boolean captureStart) {}

    /**
     * The service's page, read by the coordinator itself.
     *
     * @param url empty for {@code /metrics} of the service under test
     * @param families names of families; one that ends with {@code *} stands for all that begin so
     */
    public record Scrape(boolean enabled, String url, Duration interval, List<String> families) {
        /** The real service's (internal/metrics/metricsManager.go there), and of its process. */
        public static final List<String> DEFAULT_FAMILIES = List.of(
                "http_request_duration_seconds",
                "http_requests_inflight",
                "service_assisted_installer_*",
                "assisted_installer_*",
                "process_cpu_seconds_total",
                "process_resident_memory_bytes",
                "process_open_fds",
                "go_goroutines");

        public static final Scrape DEFAULT = new Scrape(true, "", Duration.ofSeconds(15), DEFAULT_FAMILIES);

        public Scrape {
            families = List.copyOf(families);
        }

        public boolean wants(String family) {
            return families.stream()
                    .anyMatch(name -> name.endsWith("*")
                            ? family.startsWith(name.substring(0, name.length() - 1))
                            : family.equals(name));
        }
    }

    /** With a Prometheus only when it is asked for. */
    public Optional<Scrape> scraping() {
        return scrape.or(() -> prometheus.isPresent() ? Optional.empty() : Optional.of(Scrape.DEFAULT))
                .filter(Scrape::enabled);
    }

    /** The same, with the queries that its profiles hold. */
    Metrics withQueries(List<MetricQuery> read) {
        return new Metrics(prometheus, step, deadline, Optional.of(List.of()), read, scrape);
    }
}
