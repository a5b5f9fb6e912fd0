package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A fresh cluster that was not planned: it has taken the place of a lost one, or the user has added it.
 *
 * @param lost may be a replacement itself; where the user has added one it is not lost, but of the same kind
 * @param fresh follows those of the plan and the fresh ones before it
 * @param extra the user has added it
 */
public record Replacement(ClusterId lost, ClusterId fresh, Instant at, boolean extra) {
    /** Of a lost cluster. */
    public Replacement(ClusterId lost, ClusterId fresh, Instant at) {
        this(lost, fresh, at, false);
    }

    /** The clusters of the plan, and after them the fresh ones, in this order: each at its index. */
    public static List<ClusterSpec> addedTo(List<ClusterSpec> planned, List<Replacement> replacements) {
        List<ClusterSpec> all = new ArrayList<>(planned);
        replacements.forEach(replacement ->
                all.add(replacement.like(all.get(replacement.lost().index()))));
        return all;
    }

    /** Faults were drawn for the clusters of the plan: one that takes the place of another has its faults, one that is added has none. */
    public ClusterSpec like(ClusterSpec other) {
        ClusterSpec same = other.withId(fresh);
        return extra ? same.withFaults(Map.of()) : same;
    }
}
