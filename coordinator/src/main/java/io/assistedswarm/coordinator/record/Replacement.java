package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A fresh cluster that has taken the place of a lost one.
 *
 * @param lost may be a replacement itself
 * @param fresh follows those of the plan and the replacements before it
 */
public record Replacement(ClusterId lost, ClusterId fresh, Instant at) {
    /** The clusters of the plan, and after them those that have replaced lost ones, in this order: each at its index. */
    public static List<ClusterSpec> addedTo(List<ClusterSpec> planned, List<Replacement> replacements) {
        List<ClusterSpec> all = new ArrayList<>(planned);
        replacements.forEach(
                replacement -> all.add(all.get(replacement.lost().index()).withId(replacement.fresh())));
        return all;
    }
}
