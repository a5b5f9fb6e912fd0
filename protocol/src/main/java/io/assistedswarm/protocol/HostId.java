package io.assistedswarm.protocol;

import java.util.Comparator;
import java.util.Optional;

/** One fake machine of a cluster, counted from 0; the control planes come first. */
public record HostId(ClusterId cluster, int index) implements Comparable<HostId> {
    private static final Comparator<HostId> ORDER =
            Comparator.comparing(HostId::cluster).thenComparingInt(HostId::index);

    public HostId {
        if (index < 0 || index > Identity.MAX_HOSTS - 1) {
            throw new IllegalArgumentException("host index " + index + " is not in 0.." + (Identity.MAX_HOSTS - 1));
        }
    }

    /** Host name, and name of the BareMetalHost: {@code <cluster>-<index>}. */
    public String name() {
        return cluster.name() + "-" + index;
    }

    /** The host that a name written by {@link #name()} means; empty when it is no such name. */
    public static Optional<HostId> parse(String name) {
        int dash = name.lastIndexOf('-');
        return dash < 1
                ? Optional.empty()
                : ClusterId.parse(name.substring(0, dash))
                        .flatMap(cluster -> Identity.index(name.substring(dash + 1), Identity.MAX_HOSTS)
                                .map(index -> new HostId(cluster, index)));
    }

    @Override
    public int compareTo(HostId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name();
    }
}
