package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A swarm as the record knows it.
 *
 * @param spec with an empty pull secret
 * @param assignments the newest of each cluster that was ever placed
 * @param transitions in the order in which they were recorded
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
        List<Assignment> assignments,
        List<Transition> transitions) {}
