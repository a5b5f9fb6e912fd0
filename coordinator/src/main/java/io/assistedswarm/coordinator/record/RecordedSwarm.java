package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A swarm as the record knows it.
 *
 * @param assignments the newest of each cluster that was ever placed
 * @param replacements of lost clusters, in their order
 * @param released clusters of which no process is left, and whose places are free
 * @param holdsReleased the user has let all held installations go
 * @param deletionWanted the user wants it deleted once it is cancelled
 * @param deletionForced what holds the deletion up that is under way is to be freed
 * @param timetable empty as long as clusters do not start, and of a swarm of an earlier version
 * @param arrivals of clusters that had a time to start
 * @param transitions in the order in which they were recorded
 * @param stages in the order in which they were recorded
 */
public record RecordedSwarm(
        SwarmSpec spec,
        SwarmPlan plan,
        SwarmState state,
        Verdict verdict,
        List<String> verdictReasons,
        Instant submittedAt,
        Optional<Instant> endedAt,
        Optional<DeletionView> deletion,
        List<Replacement> replacements,
        List<Assignment> assignments,
        Set<ClusterId> released,
        boolean holdsReleased,
        boolean deletionWanted,
        boolean deletionForced,
        Optional<Timetable> timetable,
        List<Arrival> arrivals,
        List<Transition> transitions,
        List<Change.StageSeen> stages) {
    /** Those of the plan, and those that have replaced lost ones: each at its index. */
    public List<ClusterSpec> clusters() {
        return Replacement.addedTo(plan.expand(spec.id()), replacements);
    }

    /** Clusters that may still have processes. */
    public List<Assignment> afloat() {
        return assignments.stream()
                .filter(assignment -> !released.contains(assignment.cluster().id()))
                .toList();
    }
}
