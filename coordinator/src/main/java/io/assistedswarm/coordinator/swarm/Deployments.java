package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * The admitted clusters of a swarm and how far their actors on the workers have been brought up or down: berths are moored, the swarm is
 * opened on each worker, then the cluster's actor is started, then its hosts'. Not thread-safe: it belongs to one actor.
 */
final class Deployments {
    /** A worker that answers nothing for so long is as good as lost to the cluster that was to start there. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final SwarmSpec swarm;
    private final Fleet fleet;
    private final Sightings sightings;
    private final Post post;
    private final Errands errands = new Errands();
    private final Map<ClusterId, Deployment> deployments = new LinkedHashMap<>();
    private final Map<WorkerName, ActorRef<WorkerCommand>> opened = new HashMap<>();

    /** How messages leave; the actor's own edge. */
    interface Post {
        /** The answer comes back by {@link #confirmed}, {@link #timedOut} or {@link #refused}. */
        <M> void ask(
                Errand errand,
                RecipientRef<M> target,
                Function<ActorRef<StatusReply<Done>>, M> message,
                Duration patience);

        /** The answer comes back by {@link #moored} or {@link #moor}. */
        void moor(ClusterId cluster, Map<BerthId, Address> berths);
    }

    private enum Stage {
        MOORING,
        OPENING,
        STARTING,
        RUNNING,
        STOPPING,
        GONE
    }

    private static final class Deployment {
        private final Assignment assignment;
        private final Map<WorkerName, Moored> workers;
        private final Set<HostId> told = new HashSet<>();
        private final Set<HostId> live = new HashSet<>();
        private final Set<WorkerName> lost = new HashSet<>();
        private final Set<Errand> stops = new HashSet<>();
        private boolean clusterTold;
        private Stage stage = Stage.MOORING;

        private Deployment(Assignment assignment, Map<WorkerName, Moored> workers) {
            this.assignment = assignment;
            this.workers = workers;
        }

        private WorkerName workerOfCluster() {
            return assignment.placements().getFirst().worker();
        }

        private boolean isOn(WorkerName worker) {
            return assignment.placements().stream()
                    .anyMatch(placement -> placement.worker().equals(worker));
        }

        private boolean onLostWorker(HostId host) {
            return lost.contains(assignment.placementOf(host).worker());
        }
    }

    /** @param why what came back last */
    record NotStarted(ClusterId cluster, String why) {}

    Deployments(SwarmSpec swarm, Fleet fleet, Sightings sightings, Post post) {
        this.swarm = swarm;
        this.fleet = fleet;
        this.sightings = sightings;
        this.post = post;
    }

    void deploy(Assignment assignment, Map<WorkerName, Moored> workers) {
        deployments.put(assignment.cluster().id(), new Deployment(assignment, workers));
        moor(assignment.cluster().id());
    }

    void moor(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        if (deployment.stage == Stage.MOORING) {
            post.moor(
                    cluster,
                    deployment.assignment.placements().stream()
                            .collect(Collectors.toMap(
                                    Placement::berth,
                                    placement -> deployment
                                            .workers
                                            .get(placement.worker())
                                            .address())));
        }
    }

    void moored(ClusterId cluster, Instant now) {
        Deployment deployment = deployments.get(cluster);
        if (deployment.stage == Stage.MOORING) {
            deployment.stage = Stage.OPENING;
            open(deployment, now);
        }
    }

    void confirmed(Errand errand, Instant now) {
        if (!errands.confirmed(errand)) {
            return;
        }
        switch (errand) {
            case Errand.OpenSwarm open -> onOpened(open.worker(), now);
            case Errand.CloseSwarm close -> opened.remove(close.worker());
            case Errand.StartCluster start -> onClusterStarted(deployments.get(start.cluster()), now);
            case Errand.StartHost start ->
                onHostStarted(deployments.get(start.host().cluster()), start.host());
            case Errand.StopCluster stop -> onStopped(deployments.get(stop.cluster()), stop);
            case Errand.StopHost stop -> onStopped(deployments.get(stop.host().cluster()), stop);
        }
    }

    void timedOut(Errand errand) {
        errands.timedOut(errand);
    }

    void refused(Errand errand, Instant now, String error) {
        errands.refused(errand, now, error);
    }

    void resendDue(Instant now) {
        errands.resendDue(now);
    }

    /** Clusters that could not be started in time. */
    List<NotStarted> overdue(Instant now) {
        return errands.olderThan(START_LIMIT, now).stream()
                .flatMap(this::notStarted)
                .toList();
    }

    /** Ends every process of the cluster. Does nothing when that is under way. */
    void stop(ClusterId cluster, String why, Instant now) {
        Deployment deployment = deployments.get(cluster);
        if (deployment == null || deployment.stage.compareTo(Stage.STOPPING) >= 0) {
            return;
        }
        deployment.stage = Stage.STOPPING;
        Set<Errand> moot = new HashSet<>();
        moot.add(new Errand.StartCluster(cluster));
        deployment.told.forEach(host -> moot.add(new Errand.StartHost(host)));
        errands.drop(moot::contains);
        for (HostId host : deployment.told) {
            if (!deployment.onLostWorker(host)) {
                Errand errand = new Errand.StopHost(host);
                deployment.stops.add(errand);
                send(
                        errand,
                        fleet.host(deployment.assignment.hostEntity(host)),
                        replyTo -> new HostCommand.Stop(why, replyTo),
                        now);
            }
        }
        if (deployment.clusterTold && !deployment.lost.contains(deployment.workerOfCluster())) {
            Errand errand = new Errand.StopCluster(cluster);
            deployment.stops.add(errand);
            send(
                    errand,
                    fleet.cluster(deployment.assignment.clusterEntity()),
                    replyTo -> new ClusterCommand.Stop(why, replyTo),
                    now);
        }
        endWhenStopped(deployment);
    }

    /** Nothing more is asked of the worker for this cluster. */
    void lost(ClusterId cluster, WorkerName worker) {
        opened.remove(worker);
        errands.drop(errand -> errand.equals(new Errand.OpenSwarm(worker)));
        Deployment deployment = deployments.get(cluster);
        if (deployment == null) {
            return;
        }
        deployment.lost.add(worker);
        List<HostId> there = deployment.assignment.placements().stream()
                .filter(placement -> placement.worker().equals(worker))
                .flatMap(placement -> placement.hosts(cluster).stream())
                .toList();
        Set<Errand> moot = new HashSet<>();
        there.forEach(host -> {
            moot.add(new Errand.StartHost(host));
            moot.add(new Errand.StopHost(host));
        });
        if (deployment.workerOfCluster().equals(worker)) {
            moot.add(new Errand.StartCluster(cluster));
            moot.add(new Errand.StopCluster(cluster));
        }
        errands.drop(moot::contains);
        deployment.stops.removeAll(moot);
        deployment.live.removeAll(there);
        endWhenStopped(deployment);
    }

    /** Whether no process of the cluster is left. */
    boolean isGone(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return deployment == null || deployment.stage == Stage.GONE;
    }

    boolean isStopping(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return deployment == null || deployment.stage.compareTo(Stage.STOPPING) >= 0;
    }

    /** Its actor can be asked. */
    Optional<RecipientRef<ClusterCommand>> live(ClusterId cluster) {
        return Optional.ofNullable(deployments.get(cluster))
                .filter(deployment ->
                        deployment.stage == Stage.RUNNING && !deployment.lost.contains(deployment.workerOfCluster()))
                .map(deployment -> fleet.cluster(deployment.assignment.clusterEntity()));
    }

    Optional<RecipientRef<HostCommand>> live(HostId host) {
        return Optional.ofNullable(deployments.get(host.cluster()))
                .filter(deployment -> deployment.stage == Stage.RUNNING && deployment.live.contains(host))
                .map(deployment -> fleet.host(deployment.assignment.hostEntity(host)));
    }

    /** Clusters that still have processes, or may have. */
    List<ClusterId> afloat() {
        return deployments.values().stream()
                .filter(deployment -> deployment.stage != Stage.GONE)
                .map(deployment -> deployment.assignment.cluster().id())
                .toList();
    }

    long unconfirmedStops() {
        return errands.count(errand -> errand instanceof Errand.StopHost || errand instanceof Errand.StopCluster);
    }

    void see(InfraEnvState state) {
        if (sightings.see(state)) {
            live(state.cluster()).ifPresent(ref -> ref.tell(new ClusterCommand.InfraEnvSeen(state)));
            Deployment deployment = deployments.get(state.cluster());
            if (deployment != null) {
                deployment.live.forEach(
                        host -> live(host).ifPresent(ref -> ref.tell(new HostCommand.InfraEnvSeen(state))));
            }
        }
    }

    void see(AgentClusterInstallState state) {
        if (sightings.see(state)) {
            live(state.cluster()).ifPresent(ref -> ref.tell(new ClusterCommand.AgentClusterInstallSeen(state)));
        }
    }

    void see(BareMetalHostState state) {
        if (sightings.see(state)) {
            live(state.host()).ifPresent(ref -> ref.tell(new HostCommand.BareMetalHostSeen(state)));
        }
    }

    void see(AgentState state) {
        if (sightings.see(state)) {
            live(state.host()).ifPresent(ref -> ref.tell(new HostCommand.AgentSeen(state)));
        }
    }

    /** For actors that missed something while their worker was out of reach. */
    void tellAgain() {
        deployments.values().stream()
                .filter(deployment -> deployment.stage == Stage.RUNNING)
                .forEach(deployment -> {
                    tell(deployment.assignment.cluster().id());
                    deployment.live.forEach(this::tell);
                });
    }

    /** The swarm is deleted: these workers may remove its files. */
    void close(Map<WorkerName, Moored> workers, Instant now) {
        workers.forEach((name, moored) -> send(
                new Errand.CloseSwarm(name),
                moored.worker(),
                replyTo -> new WorkerCommand.CloseSwarm(swarm.id(), replyTo),
                now));
    }

    /** Workers that have not confirmed that, each with what it said last. */
    List<String> notClosed(Duration after, Instant now) {
        return errands.olderThan(after, now).stream()
                .filter(overdue -> overdue.errand() instanceof Errand.CloseSwarm)
                .map(overdue -> ((Errand.CloseSwarm) overdue.errand()).worker() + ": " + overdue.lastError())
                .toList();
    }

    boolean closed() {
        return !errands.anyOf(Errand.CloseSwarm.class::isInstance);
    }

    void giveUpClosing() {
        errands.drop(Errand.CloseSwarm.class::isInstance);
    }

    private Stream<NotStarted> notStarted(Errands.Overdue overdue) {
        return switch (overdue.errand()) {
            case Errand.OpenSwarm open ->
                deployments.values().stream()
                        .filter(deployment -> deployment.stage == Stage.OPENING && deployment.isOn(open.worker()))
                        .map(deployment -> new NotStarted(
                                deployment.assignment.cluster().id(),
                                "worker " + open.worker() + " did not open the swarm: " + overdue.lastError()));
            case Errand.StartCluster start ->
                Stream.of(new NotStarted(start.cluster(), "its actor was not started: " + overdue.lastError()));
            case Errand.StartHost start ->
                Stream.of(new NotStarted(
                        start.host().cluster(), "host " + start.host() + " was not started: " + overdue.lastError()));
            default -> Stream.empty();
        };
    }

    private void open(Deployment deployment, Instant now) {
        boolean all = true;
        for (Placement placement : deployment.assignment.placements()) {
            ActorRef<WorkerCommand> worker =
                    deployment.workers.get(placement.worker()).worker();
            if (!worker.equals(opened.get(placement.worker()))) {
                all = false;
                send(
                        new Errand.OpenSwarm(placement.worker()),
                        worker,
                        replyTo -> new WorkerCommand.OpenSwarm(swarm, replyTo),
                        now);
            }
        }
        if (all) {
            startCluster(deployment, now);
        }
    }

    private void onOpened(WorkerName worker, Instant now) {
        List<Deployment> waiting = deployments.values().stream()
                .filter(deployment -> deployment.stage == Stage.OPENING && deployment.isOn(worker))
                .toList();
        waiting.stream()
                .findFirst()
                .ifPresent(deployment ->
                        opened.put(worker, deployment.workers.get(worker).worker()));
        waiting.forEach(deployment -> open(deployment, now));
    }

    private void startCluster(Deployment deployment, Instant now) {
        deployment.stage = Stage.STARTING;
        deployment.clusterTold = true;
        send(
                new Errand.StartCluster(deployment.assignment.cluster().id()),
                fleet.cluster(deployment.assignment.clusterEntity()),
                replyTo -> new ClusterCommand.Start(deployment.assignment, replyTo),
                now);
    }

    private void onClusterStarted(Deployment deployment, Instant now) {
        deployment.stage = Stage.RUNNING;
        tell(deployment.assignment.cluster().id());
        for (HostId host : deployment.assignment.cluster().hosts()) {
            deployment.told.add(host);
            send(
                    new Errand.StartHost(host),
                    fleet.host(deployment.assignment.hostEntity(host)),
                    replyTo -> new HostCommand.Start(host, deployment.assignment, replyTo),
                    now);
        }
    }

    private void onHostStarted(Deployment deployment, HostId host) {
        deployment.live.add(host);
        tell(host);
    }

    private void onStopped(Deployment deployment, Errand errand) {
        deployment.stops.remove(errand);
        endWhenStopped(deployment);
    }

    private void endWhenStopped(Deployment deployment) {
        if (deployment.stage == Stage.STOPPING && deployment.stops.isEmpty()) {
            deployment.stage = Stage.GONE;
            deployment.live.clear();
            sightings.forget(deployment.assignment.cluster());
        }
    }

    private void tell(ClusterId cluster) {
        live(cluster).ifPresent(ref -> sightings.forCluster(cluster).forEach(ref::tell));
    }

    private void tell(HostId host) {
        live(host).ifPresent(ref -> sightings.forHost(host).forEach(ref::tell));
    }

    private <M> void send(
            Errand errand, RecipientRef<M> target, Function<ActorRef<StatusReply<Done>>, M> message, Instant now) {
        errands.send(errand, now, patience -> post.ask(errand, target, message, patience));
    }
}
