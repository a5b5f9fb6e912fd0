package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.Timetable;
import io.assistedswarm.coordinator.series.HubMetrics;
import io.assistedswarm.coordinator.series.Scrape;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the coordinator itself has to remember of a swarm. */
public sealed interface Change {
    /** The pull secret is sealed. */
    record SwarmAdded(SwarmSpec spec, SwarmPlan plan, Instant submittedAt) implements Change {
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
        public SwarmId swarm() {
            return assignment.cluster().id().swarm();
        }
    }

    /** A fresh cluster is let in for a lost one. */
    record ClusterReplaced(Replacement replacement) implements Change {}

    /** When clusters are due from now on. */
    record TimetableSet(SwarmId swarm, Timetable timetable) implements Change {}

    /** A cluster has its places that had a time to start. */
    record ClusterArrived(Arrival arrival) implements Change {}

    /** Its processes have ended and its places are free. */
    record ClusterReleased(ClusterId cluster) implements Change {}

    /** What the user has said that goes on to hold: held installations are let go. */
    record HoldsReleased(SwarmId swarm) implements Change {}

    /** The user wants it deleted once it is cancelled. */
    record DeletionWanted(SwarmId swarm) implements Change {}

    /** What holds the deletion up that is under way is to be freed, or not any more. */
    record DeletionForced(SwarmId swarm, boolean forced) implements Change {}

    /** A user has said so. */
    record OrderGiven(Order order) implements Change {}

    /** It is deleted, and so is what the record knows of it. */
    record SwarmForgotten(SwarmId swarm) implements Change {}

    /**
     * A worker has joined, or joined anew.
     *
     * @param incarnation differs for each start of a worker
     * @param coordinators {@code HOST:PORT} of those that it knows
     */
    record WorkerJoined(WorkerName worker, String address, String incarnation, List<String> coordinators)
            implements Change {
        public WorkerJoined {
            coordinators = List.copyOf(coordinators);
        }
    }

    /** Others have the worker's hosts, or wait for them: this incarnation never gets any again. */
    record WorkerDismissed(WorkerName worker, String incarnation) implements Change {}

    /**
     * The worker gets nothing new until it is uncordoned, or has left in order.
     *
     * @param moveAt from then on what can leave it does; empty for never
     */
    record WorkerDrained(WorkerName worker, Optional<Instant> moveAt) implements Change {}

    record WorkerUncordoned(WorkerName worker) implements Change {}

    /**
     * The service names another stage of a host's installation.
     *
     * @param at when the coordinator saw it
     */
    record StageSeen(HostId host, String stage, Instant at) implements Change {}

    /**
     * How a node fared.
     *
     * @param node the worker's name, or {@link HealthRecorder#COORDINATOR}
     */
    record HealthSampled(String node, Instant at, NodeHealth health) implements Change {}

    /** What a Prometheus said of the run, instead of what was there before. */
    record MetricsCollected(SwarmId swarm, HubMetrics.Collected collected) implements Change {}

    /** What the service's own page showed. */
    record MetricsScraped(SwarmId swarm, Scrape scrape) implements Change {}

    /** Where this coordinator's node is. */
    record CoordinatorListens(String address) implements Change {}
}
