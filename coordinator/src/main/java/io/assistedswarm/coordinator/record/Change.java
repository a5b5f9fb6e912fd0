package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the coordinator itself has to remember of a swarm. */
public sealed interface Change {
    SwarmId swarm();

    /** The pull secret is left out. */
    record SwarmAdded(SwarmSpec spec, SwarmPlan plan, Instant submittedAt) implements Change {
        @Override
        public SwarmId swarm() {
            return spec.id();
        }
    }

    record SwarmReached(
            SwarmId swarm, SwarmState state, Verdict verdict, List<String> verdictReasons, Optional<Instant> endedAt)
            implements Change {
        public SwarmReached {
            verdictReasons = List.copyOf(verdictReasons);
        }
    }

    record DeletionCounted(SwarmId swarm, DeletionView deletion) implements Change {}

    record ClusterPlaced(Assignment assignment, Instant at) implements Change {
        @Override
        public SwarmId swarm() {
            return assignment.cluster().id().swarm();
        }
    }
}
