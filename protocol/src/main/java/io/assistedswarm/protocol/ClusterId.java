package io.assistedswarm.protocol;

import java.util.Comparator;
import java.util.Optional;

/** One fake OpenShift cluster of a swarm, counted from 0 in the order of admission. */
public record ClusterId(SwarmId swarm, int index) implements Comparable<ClusterId> {
    private static final Comparator<ClusterId> ORDER =
            Comparator.comparing(ClusterId::swarm).thenComparingInt(ClusterId::index);

    public ClusterId {
        if (index < 0 || index > Identity.MAX_CLUSTERS - 1) {
            throw new IllegalArgumentException(
                    "cluster index " + index + " is not in 0.." + (Identity.MAX_CLUSTERS - 1));
        }
    }

    /** Name of the cluster, and of its namespace: {@code <swarm>-<index>}. */
    public String name() {
        return swarm.value() + "-" + index;
    }

    /** The cluster that a name written by {@link #name()} means; empty when it is no such name. */
    public static Optional<ClusterId> parse(String name) {
        int dash = name.lastIndexOf('-');
        return dash < 1 || !SwarmId.isValid(name.substring(0, dash))
                ? Optional.empty()
                : Identity.index(name.substring(dash + 1), Identity.MAX_CLUSTERS)
                        .map(index -> new ClusterId(new SwarmId(name.substring(0, dash)), index));
    }

    @Override
    public int compareTo(ClusterId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }
}
