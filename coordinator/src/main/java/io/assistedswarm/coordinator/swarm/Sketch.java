package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.SwarmMap;
import io.assistedswarm.coordinator.api.SwarmMap.FailureGroup;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Draws the map of a swarm; takes a millisecond or two for 10,000 hosts. */
final class Sketch {
    private static final int EXAMPLES = 5;

    private final StringBuilder clusters = new StringBuilder();
    private final StringBuilder hosts = new StringBuilder();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<Kind, Group> failures = new LinkedHashMap<>();

    private record Kind(String of, Failure.Side side, String reason) {}

    private static final class Group {
        private final String message;
        private final List<String> examples = new ArrayList<>();
        private int count;

        private Group(String message) {
            this.message = message;
        }
    }

    private Sketch() {}

    static SwarmMap of(SwarmId swarm, List<ClusterProgress> clusters) {
        Sketch sketch = new Sketch();
        clusters.forEach(sketch::draw);
        return new SwarmMap(
                swarm.value(),
                sketch.sizes,
                sketch.clusters.toString(),
                sketch.hosts.toString(),
                sketch.failures.entrySet().stream()
                        .map(entry -> new FailureGroup(
                                entry.getKey().of(),
                                entry.getKey().side(),
                                entry.getKey().reason(),
                                entry.getValue().count,
                                entry.getValue().message,
                                List.copyOf(entry.getValue().examples)))
                        .sorted(Comparator.comparingInt((FailureGroup group) -> -group.count()))
                        .toList());
    }

    private void draw(ClusterProgress cluster) {
        sizes.add(cluster.spec().hostCount());
        clusters.append(SwarmMap.letter(cluster.phase()));
        count("cluster", cluster.spec().id().name(), cluster.failure());
        for (HostId host : cluster.spec().hosts()) {
            hosts.append(cluster.hostPhase(host).map(SwarmMap::letter).orElse(SwarmMap.NO_PLACE));
            count("host", host.name(), cluster.hostFailure(host));
        }
    }

    private void count(String of, String name, Optional<Failure> failure) {
        if (failure.isPresent()) {
            Failure why = failure.get();
            Group group =
                    failures.computeIfAbsent(new Kind(of, why.side(), why.reason()), kind -> new Group(why.message()));
            group.count++;
            if (group.examples.size() < EXAMPLES) {
                group.examples.add(name);
            }
        }
    }
}
