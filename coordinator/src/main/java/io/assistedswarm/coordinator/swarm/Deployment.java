package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;

/** One admitted cluster: where it is, and how far its actors there have been brought up or down. */
final class Deployment {
    /** In the order in which they are passed. */
    enum Stage {
        MOORING,
        OPENING,
        STARTING,
        RUNNING,
        STOPPING,
        GONE
    }

    private final Assignment assignment;
    private final Map<WorkerName, Moored> workers;
    private final Set<WorkerName> lost = new HashSet<>();
    /** Sent their start, or about to be. */
    final Set<HostId> told = new HashSet<>();
    /** Have confirmed it. */
    final Set<HostId> live = new HashSet<>();
    /** Stops that are not confirmed. */
    final Set<Errand> stops = new HashSet<>();

    boolean clusterTold;
    Stage stage = Stage.MOORING;

    Deployment(Assignment assignment, Map<WorkerName, Moored> workers) {
        this.assignment = assignment;
        this.workers = workers;
    }

    Assignment assignment() {
        return assignment;
    }

    ClusterId id() {
        return assignment.cluster().id();
    }

    boolean isStopped() {
        return stage.compareTo(Stage.STOPPING) >= 0;
    }

    Map<BerthId, Address> berths() {
        return assignment.placements().stream()
                .collect(Collectors.toMap(
                        Placement::berth,
                        placement -> workers.get(placement.worker()).address()));
    }

    /** The workers that it is on. */
    Map<WorkerName, ActorRef<WorkerCommand>> nodes() {
        return assignment.placements().stream()
                .map(Placement::worker)
                .distinct()
                .collect(
                        Collectors.toMap(name -> name, name -> workers.get(name).worker()));
    }

    boolean isOn(WorkerName worker) {
        return assignment.placements().stream()
                .anyMatch(placement -> placement.worker().equals(worker));
    }

    List<HostId> hostsOn(WorkerName worker) {
        return assignment.placements().stream()
                .filter(placement -> placement.worker().equals(worker))
                .flatMap(placement -> placement.hosts(id()).stream())
                .toList();
    }

    void lose(WorkerName worker) {
        lost.add(worker);
        live.removeAll(hostsOn(worker));
    }

    /** Whether the worker of the cluster's own actor is still there. */
    boolean hasCluster() {
        return !lost.contains(workerOfCluster());
    }

    boolean has(HostId host) {
        return !lost.contains(assignment.placementOf(host).worker());
    }

    WorkerName workerOfCluster() {
        return assignment.placements().getFirst().worker();
    }
}
