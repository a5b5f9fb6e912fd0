package io.assistedswarm.rehearsal.service.machine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is worked out once for all hosts of a cluster before each is checked; it costs the square of their number. */
public final class ClusterView {
    final Connectivity connectivity;
    final Map<String, Set<String>> collisions;
    final Map<String, Long> hostnames;
    final int hosts;

    private ClusterView(
            Connectivity connectivity, Map<String, Set<String>> collisions, Map<String, Long> hostnames, int hosts) {
        this.connectivity = connectivity;
        this.collisions = collisions;
        this.hostnames = hostnames;
        this.hosts = hosts;
    }

    public static ClusterView of(Cluster cluster) {
        return new ClusterView(
                Connectivity.of(cluster),
                Networks.collisions(cluster),
                cluster.hosts.values().stream()
                        .map(Host::hostname)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())),
                cluster.hosts.size());
    }

    /** As in the cluster's {@code connectivity_majority_groups}. */
    public ObjectNode majorityGroups() {
        return connectivity.toJson();
    }
}
