package io.assistedswarm.coordinator.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a swarm's clusters and hosts, one by one, and of the generator's nodes meanwhile; for the files of a report.
 *
 * @param clusters those that have been admitted
 */
public record Lives(List<Life> clusters, List<Life> hosts, List<Sample> samples) {
    public Lives {
        clusters = List.copyOf(clusters);
        hosts = List.copyOf(hosts);
        samples = List.copyOf(samples);
    }

    /** Of a node. */
    public record Sample(String node, Instant at, Optional<Double> cpuWait, double stallSeconds) {}
}
