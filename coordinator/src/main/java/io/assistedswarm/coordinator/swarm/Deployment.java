package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;

/** One admitted cluster: where it is, and how far its actors there have been brought up or down. */
final class Deployment {
    /** In the order in which they are passed. */
    enum Stage {
        /** Of an earlier coordinator: its workers have not been heard of yet. */
        RECALLED,
        MOORING,
        OPENING,
        STARTING,
        RUNNING,
        STOPPING,
        GONE
    }

    private Assignment assignment;
    private Map<WorkerName, Moored> workers;
    private final Set<BerthId> lost = new HashSet<>();
    /** Sent their start, or about to be. */
    final Set<HostId> told = new HashSet<>();
    /** Have confirmed it. */
    final Set<HostId> live = new HashSet<>();
    /** Places that its hosts are to leave for others, with the stops there that are not confirmed. */
    final Map<Placement, Set<Errand>> leaving = new HashMap<>();
    /** Stops that are not confirmed. */
    final Set<Errand> stops = new HashSet<>();

    boolean clusterTold;
    boolean clusterLive;
    Stage stage = Stage.MOORING;

    Deployment(Assignment assignment, Map<WorkerName, Moored> workers) {
        this.assignment = assignment;
        this.workers = workers;
    }

    /** As an earlier coordinator left it: every actor may have been started. */
    static Deployment recalled(Assignment assignment) {
        Deployment deployment = new Deployment(assignment, Map.of());
        deployment.stage = Stage.RECALLED;
        deployment.clusterTold = true;
        deployment.told.addAll(assignment.cluster().hosts());
        return deployment;
    }

    /** Its workers are there again. */
    void found(Map<WorkerName, Moored> found) {
        workers = found;
        stage = Stage.MOORING;
    }

    /** What was lost is somewhere else now: it has to be brought up there, and the others told. */
    void move(Assignment next, Map<WorkerName, Moored> found) {
        assignment = next;
        workers = found;
        stage = Stage.MOORING;
    }

    Assignment assignment() {
        return assignment;
    }

    ClusterId id() {
        return assignment.cluster().id();
    }

    boolean isStarting() {
        return stage == Stage.MOORING || stage == Stage.OPENING || stage == Stage.STARTING;
    }

    boolean isStopped() {
        return stage.compareTo(Stage.STOPPING) >= 0;
    }

    /** Those that are lost with their worker, and wait for other ones. */
    private Stream<Placement> afloat() {
        return assignment.placements().stream().filter(placement -> !lost.contains(placement.berth()));
    }

    Map<BerthId, Address> berths() {
        return afloat().filter(placement -> workers.containsKey(placement.worker()))
                .collect(Collectors.toMap(
                        Placement::berth,
                        placement -> workers.get(placement.worker()).address()));
    }

    /** The workers that it is on. */
    Map<WorkerName, ActorRef<WorkerCommand>> nodes() {
        return afloat().map(Placement::worker)
                .distinct()
                .filter(workers::containsKey)
                .collect(
                        Collectors.toMap(name -> name, name -> workers.get(name).worker()));
    }

    /** A worker, as it is reached. */
    record Node(WorkerName name, ActorRef<WorkerCommand> worker) {}

    /** Where the cluster's own actor is. */
    Optional<Node> node() {
        return node(assignment.placements().getFirst());
    }

    Optional<Node> node(HostId host) {
        return node(assignment.placementOf(host));
    }

    private Optional<Node> node(Placement place) {
        return Optional.ofNullable(workers.get(place.worker()))
                .map(moored -> new Node(place.worker(), moored.worker()));
    }

    boolean isOn(WorkerName worker) {
        return afloat().anyMatch(placement -> placement.worker().equals(worker));
    }

    /** Its places there are gone; says which. */
    List<Placement> lose(WorkerName worker) {
        List<Placement> there =
                afloat().filter(placement -> placement.worker().equals(worker)).toList();
        there.forEach(this::lose);
        return there;
    }

    void lose(Placement place) {
        lost.add(place.berth());
        live.removeAll(place.hosts(id()));
        told.removeAll(place.hosts(id()));
        if (!hasCluster()) {
            clusterLive = false;
            clusterTold = false;
        }
    }

    /** Whether the cluster's own actor is to stay where it is. */
    boolean hasCluster() {
        return isKept(assignment.placements().getFirst());
    }

    boolean has(HostId host) {
        return isKept(assignment.placementOf(host));
    }

    /** Those that have lost their place or are to leave it, until they have another one. */
    List<HostId> away() {
        return assignment.cluster().hosts().stream().filter(host -> !has(host)).toList();
    }

    private boolean isKept(Placement place) {
        return !lost.contains(place.berth()) && !leaving.containsKey(place);
    }
}
