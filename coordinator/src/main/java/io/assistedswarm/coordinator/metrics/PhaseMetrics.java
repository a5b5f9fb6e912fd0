package io.assistedswarm.coordinator.metrics;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * How long hosts and clusters stay in each phase, and why they fail, from the transitions as they are recorded: since this coordinator started,
 * as Prometheus wants its counters. May be used from several threads.
 */
public final class PhaseMetrics {
    /** From a second to ten hours, which a slow installation of a large cluster comes near to. */
    private static final double[] SECONDS = {
        1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 2_700, 3_600, 5_400, 7_200, 10_800, 18_000, 36_000
    };

    private final Histogram clusterSeconds;
    private final Histogram hostSeconds;
    private final Counter failures;
    private final Map<ClusterId, Stay> clusters = new HashMap<>();
    private final Map<HostId, Stay> hosts = new HashMap<>();
    private final Map<SwarmId, Set<Failed>> failed = new HashMap<>();
    private final Map<SwarmId, Set<String>> clusterPhases = new HashMap<>();
    private final Map<SwarmId, Set<String>> hostPhases = new HashMap<>();

    private record Stay(String phase, Instant since, int generation) {}

    private record Failed(String kind, String side, String reason) {}

    public PhaseMetrics(PrometheusRegistry registry) {
        clusterSeconds = seconds("assisted_swarm_cluster_phase_duration_seconds", "clusters", registry);
        hostSeconds = seconds("assisted_swarm_host_phase_duration_seconds", "hosts", registry);
        failures = Counter.builder()
                .name("assisted_swarm_failures_total")
                .help(
                        "Clusters and hosts that failed or were lost, and downloads that failed for good, by the side that it is put down to and the reason.")
                .labelNames("swarm", "kind", "side", "reason")
                .register(registry);
    }

    private static Histogram seconds(String name, String whose, PrometheusRegistry registry) {
        return Histogram.builder()
                .name(name)
                .help("How long " + whose + " were in a phase that they have left.")
                .labelNames("swarm", "phase")
                .classicOnly()
                .classicUpperBounds(SECONDS)
                .register(registry);
    }

    /** What has been recorded, each once. */
    public synchronized void written(List<Change> changes, List<Transition> transitions) {
        reached(transitions);
        changes.forEach(change -> {
            if (change instanceof Change.SwarmReached reached && reached.state() == SwarmState.DELETED) {
                end(reached.swarm()::equals);
            } else if (change instanceof Change.SwarmForgotten forgotten) {
                // A worker that was cut off may have told of it after its deletion.
                end(forgotten.swarm()::equals);
            }
        });
    }

    private void reached(List<Transition> transitions) {
        transitions.forEach(transition -> {
            switch (transition) {
                case Transition.OfCluster of -> {
                    Stay stay = new Stay(of.phase().label(), of.at(), of.generation());
                    leave(
                            clusters.put(of.cluster(), stay),
                            stay,
                            of.clusterId().swarm(),
                            clusterSeconds,
                            clusterPhases);
                    if (of.phase().isEnd()) {
                        clusters.remove(of.cluster());
                    }
                    count("cluster", of.clusterId().swarm(), of.failure());
                }
                case Transition.OfHost of -> {
                    Stay stay = new Stay(of.phase().label(), of.at(), of.generation());
                    leave(hosts.put(of.host(), stay), stay, of.clusterId().swarm(), hostSeconds, hostPhases);
                    if (of.phase().isEnd()) {
                        hosts.remove(of.host());
                    }
                    count("host", of.clusterId().swarm(), of.failure());
                }
                // It stays in its phase.
                case Transition.OfFault of -> {}
                case Transition.OfDownload of ->
                    count("download", of.clusterId().swarm(), of.failure());
            }
        });
    }

    private static void leave(
            Stay left, Stay entered, SwarmId swarm, Histogram seconds, Map<SwarmId, Set<String>> phases) {
        // One that begins anew on another worker has not gone through the phase.
        if (left != null && left.generation() == entered.generation()) {
            phases.computeIfAbsent(swarm, first -> new HashSet<>()).add(left.phase());
            // Clocks of two workers may differ by more than it took.
            long millis =
                    Math.max(0, Duration.between(left.since(), entered.since()).toMillis());
            seconds.labelValues(swarm.value(), left.phase()).observe(millis / 1e3);
        }
    }

    private void count(String kind, SwarmId swarm, Optional<Failure> failure) {
        failure.ifPresent(why -> {
            Failed label = new Failed(kind, why.side().name().toLowerCase(Locale.ROOT), why.reason());
            failed.computeIfAbsent(swarm, first -> new HashSet<>()).add(label);
            failures.labelValues(swarm.value(), kind, label.side(), label.reason())
                    .inc();
        });
    }

    /** The others are deleted. */
    synchronized void keepOnly(Set<SwarmId> swarms) {
        end(swarm -> !swarms.contains(swarm));
    }

    /** Their series end. */
    private void end(Predicate<SwarmId> deleted) {
        clusters.keySet().removeIf(cluster -> deleted.test(cluster.swarm()));
        hosts.keySet().removeIf(host -> deleted.test(host.cluster().swarm()));
        gone(clusterPhases, deleted, (swarm, phase) -> clusterSeconds.remove(swarm.value(), phase));
        gone(hostPhases, deleted, (swarm, phase) -> hostSeconds.remove(swarm.value(), phase));
        gone(
                failed,
                deleted,
                (swarm, label) -> failures.remove(swarm.value(), label.kind(), label.side(), label.reason()));
    }

    private static <L> void gone(
            Map<SwarmId, Set<L>> labels, Predicate<SwarmId> deleted, BiConsumer<SwarmId, L> remove) {
        for (SwarmId swarm : List.copyOf(labels.keySet())) {
            if (deleted.test(swarm)) {
                labels.remove(swarm).forEach(label -> remove.accept(swarm, label));
            }
        }
    }
}
