package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the things of one kind stand in a table.
 *
 * @param type of the API's answer
 * @param header of the narrow table
 * @param wide what {@code -o wide} adds
 */
record Rows<T>(Kind kind, Class<T> type, List<String> header, List<String> wide, Cells<T> cells) {
    /** Gives all cells, those of the wide table last. */
    @FunctionalInterface
    interface Cells<T> {
        List<String> of(T view, Instant now);
    }

    private static final Rows<SwarmView> SWARMS = new Rows<>(
            Kind.SWARM,
            SwarmView.class,
            List.of("NAME", "STATE", "VERDICT", "CLUSTERS", "HOSTS", "FAILED", "LOST", "AGE"),
            List.of("RUNTIME", "RATE/H", "ETA", "WAITING"),
            Rows::swarm);

    private static final Rows<ClusterView> CLUSTERS = new Rows<>(
            Kind.CLUSTER,
            ClusterView.class,
            List.of("NAME", "PHASE", "PROGRESS", "HOSTS", "SINCE", "REASON"),
            List.of("RUNTIME", "WORKERS", "GENERATION", "MESSAGE"),
            Rows::cluster);

    private static final Rows<HostView> HOSTS = new Rows<>(
            Kind.HOST,
            HostView.class,
            List.of("NAME", "PHASE", "ROLE", "WORKER", "SINCE", "REASON"),
            List.of("RUNTIME", "UUID", "MAC", "INSTALLER", "MESSAGE"),
            Rows::host);

    private static final Rows<WorkerView> WORKERS = new Rows<>(
            Kind.WORKER,
            WorkerView.class,
            List.of("NAME", "STATE", "PLACES", "PROCESSES", "AGE"),
            List.of("CORES", "MEMORY", "HEAP", "THREADS", "HUB-REQUESTS", "VERSION", "ADDRESS"),
            Rows::worker);

    static Rows<?> of(Kind kind) {
        return switch (kind) {
            case SWARM -> SWARMS;
            case CLUSTER -> CLUSTERS;
            case HOST -> HOSTS;
            case WORKER -> WORKERS;
        };
    }

    List<String> header(boolean isWide) {
        if (!isWide) {
            return header;
        }
        List<String> all = new ArrayList<>(header);
        all.addAll(wide);
        return all;
    }

    List<String> row(T view, boolean isWide, Instant now) {
        List<String> all = cells.of(view, now);
        return isWide ? all : all.subList(0, header.size());
    }

    String name(T view) {
        return cells.of(view, Instant.EPOCH).getFirst();
    }

    private static List<String> swarm(SwarmView view, Instant now) {
        return List.of(
                view.id(),
                view.state().label(),
                view.verdict() == Verdict.NONE ? "" : view.verdict().label(),
                Phases.atEnd(view.clusters()) + "/" + view.clusterCount(),
                Phases.atEnd(view.hosts()) + "/" + view.hostCount(),
                String.valueOf(view.clusters().getOrDefault(ClusterPhase.FAILED.label(), 0)),
                String.valueOf(view.clusters().getOrDefault(ClusterPhase.LOST.label(), 0)),
                age(view.submittedAt(), now),
                view.runtime(),
                String.format(Locale.ROOT, "%.1f", view.endsPerHour()),
                view.etaSeconds().map(eta -> Ages.of(Duration.ofSeconds(eta))).orElse(""),
                view.waiting());
    }

    private static List<String> cluster(ClusterView view, Instant now) {
        return List.of(
                view.name(),
                view.phase(),
                view.percent() + "%",
                view.hostsAtEnd() + "/" + view.hosts(),
                age(view.since(), now),
                reason(view.failure()),
                runtime(view.runtime()),
                String.join(",", view.workers()),
                String.valueOf(view.generation()),
                message(view.failure()));
    }

    private static List<String> host(HostView view, Instant now) {
        return List.of(
                view.name(),
                view.phase(),
                view.role(),
                view.worker(),
                age(view.since(), now),
                reason(view.failure()),
                runtime(view.runtime()),
                view.uuid(),
                view.mac(),
                view.standInInstaller() ? "stand-in" : "",
                message(view.failure()));
    }

    private static List<String> worker(WorkerView view, Instant now) {
        return List.of(
                view.name(),
                view.disk().trouble().isEmpty() ? view.state() : view.state() + ", cannot write",
                view.used() + "/" + view.capacity(),
                String.valueOf(view.processes()),
                age(view.since(), now),
                String.valueOf(view.cores()),
                mebibytes(view.memoryBytes()),
                mebibytes(view.heapUsedBytes()),
                String.valueOf(view.threads()),
                String.valueOf(view.hubRequests()),
                view.version(),
                view.address());
    }

    /** A coordinator of an earlier version does not say. */
    private static String runtime(String said) {
        return said == null ? "" : said;
    }

    static String age(Instant since, Instant now) {
        return Ages.of(Duration.between(since, now));
    }

    static String mebibytes(long bytes) {
        return (bytes >> 20) + "Mi";
    }

    private static String reason(Optional<Failure> failure) {
        return failure.map(of -> of.side().name().toLowerCase(Locale.ROOT) + "/" + of.reason())
                .orElse("");
    }

    private static String message(Optional<Failure> failure) {
        return failure.map(of -> of.message().replaceAll("\\s+", " ").strip()).orElse("");
    }

    /** By name, numbers as numbers: {@code a-2} before {@code a-10}. */
    static Comparator<String> byName() {
        return Comparator.comparing((String name) -> name.replaceAll("\\d+$", ""))
                .thenComparingInt(String::length)
                .thenComparing(Comparator.naturalOrder());
    }
}
