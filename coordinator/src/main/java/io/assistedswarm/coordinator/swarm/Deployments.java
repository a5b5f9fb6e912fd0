package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.swarm.Deployment.Stage;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.RecipientRef;

/**
 * The admitted clusters of a swarm and how far their actors on the workers have been brought up or down: berths are moored, the swarm is
 * opened on each worker, then the cluster's actor is started, then its hosts'. Not thread-safe: it belongs to one actor.
 */
final class Deployments {
    /** A worker that answers nothing for so long is as good as lost to the cluster that was to start there. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    /** Actors that broke are noticed by then. Of hosts that wait for hours this is all that they cost the coordinator. */
    private static final Duration ROLL_CALL_INTERVAL = Duration.ofSeconds(20);

    private final Progress progress;
    private final Fleet fleet;
    private final Sightings sightings = new Sightings();
    private final Relays relays;
    private final Post post;
    private final Errands errands;
    private final OpenWorkers openWorkers;
    private boolean haveStarted;
    private Instant rollCall = Instant.EPOCH;
    private final Map<ClusterId, Deployment> deployments = new LinkedHashMap<>();

    /** @param why what came back last */
    record NotStarted(ClusterId cluster, String why) {}

    Deployments(SwarmSpec swarm, Progress progress, Fleet fleet, Post post, Relays relays) {
        this.progress = progress;
        this.fleet = fleet;
        this.relays = relays;
        this.post = post;
        this.errands = new Errands(post);
        this.openWorkers = new OpenWorkers(swarm, errands);
    }

    void deploy(Assignment assignment, Map<WorkerName, Moored> workers) {
        deployments.put(assignment.cluster().id(), new Deployment(assignment, workers));
        moor(assignment.cluster().id(), assignment.generation());
    }

    /** A cluster of an earlier coordinator; {@link #found} goes on with it. */
    void recall(Assignment assignment) {
        deployments.put(assignment.cluster().id(), Deployment.recalled(assignment));
    }

    /** The workers of a recalled cluster are there: everything is started again, which changes nothing for those that run. */
    void found(ClusterId cluster, Map<WorkerName, Moored> workers) {
        Deployment deployment = deployments.get(cluster);
        if (deployment.stage == Stage.RECALLED) {
            deployment.found(workers);
            moor(cluster, deployment.assignment().generation());
        }
    }

    /** Hosts that were lost with their worker have other places now. */
    void move(Assignment assignment, Map<WorkerName, Moored> workers) {
        Deployment deployment = deployments.get(assignment.cluster().id());
        deployment.move(assignment, workers);
        dropStarts(deployment.id());
        moor(deployment.id(), assignment.generation());
    }

    /** Clusters and hosts that have places and have not confirmed their start. */
    int starting() {
        return (int)
                (deployments.values().stream().filter(Deployment::isStarting).count()
                        + errands.count(Errand.StartHost.class::isInstance));
    }

    /** Does nothing when the cluster has been placed again since, or is stopped. */
    void moor(ClusterId cluster, int generation) {
        Deployment deployment = deployments.get(cluster);
        if (deployment.stage == Stage.MOORING && deployment.assignment().generation() == generation) {
            post.moor(cluster, generation, deployment.berths());
        }
    }

    void moored(ClusterId cluster, int generation, Instant now) {
        Deployment deployment = deployments.get(cluster);
        if (deployment.stage == Stage.MOORING && deployment.assignment().generation() == generation) {
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
            case Errand.CloseSwarm close -> openWorkers.closed(close.worker());
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
        if (deployment == null || deployment.isStopped()) {
            return;
        }
        deployment.stage = Stage.STOPPING;
        dropStarts(cluster);
        for (HostId host : deployment.told) {
            if (deployment.has(host)) {
                Errand errand = new Errand.StopHost(host);
                deployment.stops.add(errand);
                errands.send(
                        errand,
                        fleet.host(deployment.assignment().hostEntity(host)),
                        replyTo -> new HostCommand.Stop(why, true, replyTo),
                        now);
            }
        }
        if (deployment.clusterTold && deployment.hasCluster()) {
            Errand errand = new Errand.StopCluster(cluster);
            deployment.stops.add(errand);
            errands.send(
                    errand,
                    fleet.cluster(deployment.assignment().clusterEntity()),
                    replyTo -> new ClusterCommand.Stop(why, true, replyTo),
                    now);
        }
        endWhenStopped(deployment);
    }

    /** Whether all that it is to have been started has been told so. */
    boolean isRunning(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return deployment != null && deployment.stage == Stage.RUNNING;
    }

    /** Ends what is at the place, so that it can go on at another one; the place itself stays taken. Nothing of it is at an end by that. */
    void vacate(ClusterId cluster, Placement place, String why, Instant now) {
        Deployment deployment = deployments.get(cluster);
        Assignment assignment = deployment.assignment();
        Set<Errand> stops = new HashSet<>();
        for (HostId host : place.hosts(cluster)) {
            errands.drop(errand ->
                    errand instanceof Errand.StartHost start && start.host().equals(host));
            if (deployment.told.remove(host)) {
                deployment.live.remove(host);
                stops.add(new Errand.StopHost(host));
                errands.send(
                        new Errand.StopHost(host),
                        fleet.host(assignment.hostEntity(host)),
                        replyTo -> new HostCommand.Stop(why, false, replyTo),
                        now);
            }
        }
        if (assignment.placements().getFirst().equals(place) && deployment.clusterTold) {
            deployment.clusterTold = false;
            deployment.clusterLive = false;
            stops.add(new Errand.StopCluster(cluster));
            errands.send(
                    new Errand.StopCluster(cluster),
                    fleet.cluster(assignment.clusterEntity()),
                    replyTo -> new ClusterCommand.Stop(why, false, replyTo),
                    now);
        }
        deployment.leaving.put(place, stops);
    }

    /** Whether nothing is left at a place that is being vacated; if so it counts as lost from now on. */
    boolean vacated(ClusterId cluster, Placement place) {
        Deployment deployment = deployments.get(cluster);
        boolean gone = deployment.leaving.getOrDefault(place, Set.of()).isEmpty();
        if (gone) {
            deployment.leaving.remove(place);
            deployment.lose(place);
        }
        return gone;
    }

    /**
     * Nothing more is asked of the worker for this cluster.
     *
     * @return the places that its hosts had there
     */
    List<Placement> lost(ClusterId cluster, WorkerName worker, Instant now) {
        openWorkers.lost(worker);
        relays.lost(worker);
        Deployment deployment = deployments.get(cluster);
        if (deployment == null) {
            return List.of();
        }
        List<Placement> there = deployment.lose(worker);
        Set<HostId> hosts = there.stream()
                .flatMap(placement -> placement.hosts(cluster).stream())
                .collect(Collectors.toSet());
        boolean own = there.contains(deployment.assignment().placements().getFirst());
        Predicate<Errand> moot = errand -> switch (errand) {
            case Errand.StartHost start -> hosts.contains(start.host());
            case Errand.StopHost stop -> hosts.contains(stop.host());
            case Errand.StartCluster start -> own && start.cluster().equals(cluster);
            case Errand.StopCluster stop -> own && stop.cluster().equals(cluster);
            default -> false;
        };
        errands.drop(moot);
        tell(cluster);
        deployment.stops.removeIf(moot);
        deployment.leaving.values().forEach(stops -> stops.removeIf(moot));
        endWhenStopped(deployment);
        if (deployment.stage == Stage.OPENING) {
            // It may have waited for nobody else.
            open(deployment, now);
        }
        return there;
    }

    /** Why a cluster whose own actor has no place is lost, if the service has failed it meanwhile: no place would help it any more. */
    Optional<Failure> failedWithoutPlace(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return sightings
                .install(cluster)
                .filter(install -> install.failed() && !install.completed())
                .filter(install -> !deployment.isStopped() && !deployment.hasCluster())
                .map(install -> new Failure(
                        Failure.Side.GENERATOR,
                        Failure.WORKER_LOST,
                        "its worker was lost, and the service failed it before it had another place: "
                                + install.stateInfo()));
    }

    Sightings sightings() {
        return sightings;
    }

    /** Whether no process of the cluster is left. */
    boolean isGone(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return deployment == null || deployment.stage == Stage.GONE;
    }

    boolean isStopping(ClusterId cluster) {
        Deployment deployment = deployments.get(cluster);
        return deployment == null || deployment.isStopped();
    }

    /** Its actor can be asked. */
    Optional<RecipientRef<ClusterCommand>> live(ClusterId cluster) {
        return Optional.ofNullable(deployments.get(cluster))
                .filter(deployment -> deployment.clusterLive && !deployment.isStopped())
                .map(deployment -> fleet.cluster(deployment.assignment().clusterEntity()));
    }

    Optional<RecipientRef<HostCommand>> live(HostId host) {
        return Optional.ofNullable(deployments.get(host.cluster()))
                .filter(deployment -> deployment.live.contains(host) && !deployment.isStopped())
                .map(deployment -> fleet.host(deployment.assignment().hostEntity(host)));
    }

    /** Clusters that still have processes, or may have. */
    List<ClusterId> afloat() {
        return deployments.values().stream()
                .filter(deployment -> deployment.stage != Stage.GONE)
                .map(deployment -> deployment.id())
                .toList();
    }

    long unconfirmedStops() {
        return errands.count(errand -> errand instanceof Errand.StopHost || errand instanceof Errand.StopCluster);
    }

    void see(InfraEnvState state) {
        if (!isOver(state.cluster()) && sightings.see(state)) {
            tellAll(state.cluster(), state);
        }
    }

    void see(UserRefused state) {
        if (!isOver(state.cluster()) && sightings.see(state)) {
            tellAll(state.cluster(), state);
        }
    }

    /** The cluster and its hosts, wherever they are. */
    private void tellAll(ClusterId cluster, Observation seen) {
        Deployment deployment = deployments.get(cluster);
        if (deployment != null && !deployment.isStopped()) {
            deployment.nodes().forEach((name, worker) -> relays.tell(name, worker, seen));
        }
    }

    void see(AgentClusterInstallState state) {
        if (!isOver(state.cluster()) && sightings.see(state)) {
            nodeOf(state.cluster()).ifPresent(node -> relays.tell(node.name(), node.worker(), state));
        }
    }

    void see(BareMetalHostState state) {
        if (!isOver(state.host().cluster()) && sightings.see(state)) {
            tell(state.host(), state);
        }
    }

    void see(PreprovisioningImageState state) {
        if (!isOver(state.host().cluster()) && sightings.see(state)) {
            tell(state.host(), state);
        }
    }

    void see(AgentState state) {
        if (!isOver(state.host().cluster()) && sightings.see(state)) {
            tell(state.host(), state);
        }
    }

    /** Its installation is not held any longer. */
    void release(ClusterId cluster) {
        live(cluster).ifPresent(ref -> ref.tell(new ClusterCommand.Release(cluster)));
    }

    /** What was not taken is told again, and now and then it is asked whether all actors are there. */
    void tellAgain(Instant now) {
        if (!now.isBefore(rollCall)) {
            rollCall = now.plus(ROLL_CALL_INTERVAL);
            deployments.values().forEach(this::call);
        }
        relays.send(now);
    }

    private void call(Deployment deployment) {
        if (wantsToHear(deployment.id())) {
            nodeOf(deployment.id()).ifPresent(node -> relays.call(node.name(), node.worker(), deployment.id()));
        }
        for (HostId host : deployment.live) {
            if (wantsToHear(host)) {
                nodeOf(host).ifPresent(node -> relays.call(node.name(), node.worker(), host));
            }
        }
    }

    /** An actor that is not there though it should be, as it broke, is started again, and then looks where its cluster or host stands. */
    void taken(ObservedTaken taken, Instant now) {
        Optional<WorkerName> from = relays.taken(taken, now);
        for (ClusterId cluster : taken.noClusters()) {
            if (nodeOf(cluster)
                    .filter(node -> from.equals(Optional.of(node.name())))
                    .isPresent()) {
                Deployment deployment = deployments.get(cluster);
                deployment.clusterLive = false;
                sendStart(deployment, now);
            }
        }
        for (HostId host : taken.noHosts()) {
            if (nodeOf(host)
                    .filter(node -> from.equals(Optional.of(node.name())))
                    .isPresent()) {
                Deployment deployment = deployments.get(host.cluster());
                deployment.live.remove(host);
                sendStart(deployment, host, now);
            }
        }
    }

    /** Sends what has been gathered. */
    void send(Instant now) {
        relays.send(now);
    }

    OpenWorkers openWorkers() {
        return openWorkers;
    }

    private Stream<NotStarted> notStarted(Errands.Overdue overdue) {
        return switch (overdue.errand()) {
            case Errand.OpenSwarm open ->
                deployments.values().stream()
                        .filter(deployment -> deployment.stage == Stage.OPENING && deployment.isOn(open.worker()))
                        .map(deployment -> new NotStarted(
                                deployment.id(),
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
        if (!openWorkers.open(deployment.nodes(), now)) {
            return;
        }
        if (deployment.hasCluster()) {
            startCluster(deployment, now);
        } else {
            startHosts(deployment, now);
        }
    }

    private void onOpened(WorkerName worker, Instant now) {
        openWorkers.opened(worker);
        deployments.values().stream()
                .filter(deployment -> deployment.stage == Stage.OPENING && deployment.isOn(worker))
                .toList()
                .forEach(deployment -> open(deployment, now));
    }

    /** Whether anything was ever started of any cluster. */
    boolean haveStarted() {
        return haveStarted;
    }

    private void startCluster(Deployment deployment, Instant now) {
        haveStarted = true;
        deployment.stage = Stage.STARTING;
        deployment.clusterTold = true;
        sendStart(deployment, now);
    }

    private void sendStart(Deployment deployment, Instant now) {
        errands.send(
                new Errand.StartCluster(deployment.id(), deployment.assignment().generation()),
                fleet.cluster(deployment.assignment().clusterEntity()),
                replyTo -> new ClusterCommand.Start(deployment.assignment(), replyTo),
                now);
    }

    private void onClusterStarted(Deployment deployment, Instant now) {
        deployment.clusterLive = true;
        tell(deployment.id());
        startHosts(deployment, now);
    }

    private void startHosts(Deployment deployment, Instant now) {
        haveStarted = true;
        deployment.stage = Stage.RUNNING;
        List<HostId> hosts = deployment.assignment().cluster().hosts().stream()
                .filter(deployment::has)
                .toList();
        for (HostId host : hosts) {
            deployment.told.add(host);
            sendStart(deployment, host, now);
        }
    }

    private void sendStart(Deployment deployment, HostId host, Instant now) {
        errands.send(
                new Errand.StartHost(host, deployment.assignment().generation()),
                fleet.host(deployment.assignment().hostEntity(host)),
                replyTo -> new HostCommand.Start(host, deployment.assignment(), replyTo),
                now);
    }

    private void onHostStarted(Deployment deployment, HostId host) {
        deployment.live.add(host);
        nodeOf(host)
                .ifPresent(
                        node -> sightings.forHost(host).forEach(seen -> relays.tell(node.name(), node.worker(), seen)));
    }

    private void dropStarts(ClusterId cluster) {
        errands.drop(errand -> switch (errand) {
            case Errand.StartCluster start -> start.cluster().equals(cluster);
            case Errand.StartHost start -> start.host().cluster().equals(cluster);
            default -> false;
        });
    }

    private void onStopped(Deployment deployment, Errand errand) {
        deployment.stops.remove(errand);
        deployment.leaving.values().forEach(stops -> stops.remove(errand));
        endWhenStopped(deployment);
    }

    private void endWhenStopped(Deployment deployment) {
        if (deployment.stage == Stage.STOPPING && deployment.stops.isEmpty()) {
            deployment.stage = Stage.GONE;
            deployment.live.clear();
            deployment.clusterLive = false;
            sightings.forget(deployment.assignment().cluster());
        }
    }

    /** What is seen of it now is of no use. */
    private boolean isOver(ClusterId cluster) {
        return deployments.containsKey(cluster) && isGone(cluster);
    }

    /** Objects of a cluster that has no place yet may be there all the same, as an earlier coordinator or a user has left them. */
    private boolean wantsToHear(ClusterId cluster) {
        return deployments.containsKey(cluster) && !progress.phase(cluster).isEnd();
    }

    /** Those of an InfraEnv without a cluster go on polling after they were discovered. */
    private boolean wantsToHear(HostId host) {
        Deployment deployment = deployments.get(host.cluster());
        return deployment != null && (deployment.assignment().cluster().infraEnvOnly() || !progress.hostEnded(host));
    }

    private void tell(ClusterId cluster) {
        nodeOf(cluster).ifPresent(node -> {
            List<HostId> away = deployments.get(cluster).away();
            if (!away.isEmpty()) {
                relays.tell(node.name(), node.worker(), new ClusterCommand.HostsAway(cluster, away));
            }
            sightings.forCluster(cluster).forEach(seen -> relays.tell(node.name(), node.worker(), seen));
        });
    }

    private void tell(HostId host, Observation seen) {
        nodeOf(host).ifPresent(node -> relays.tell(node.name(), node.worker(), seen));
    }

    /** Where its actor is, if it can be told. */
    private Optional<Deployment.Node> nodeOf(ClusterId cluster) {
        return Optional.ofNullable(deployments.get(cluster))
                .filter(deployment -> deployment.clusterLive && !deployment.isStopped())
                .flatMap(Deployment::node);
    }

    private Optional<Deployment.Node> nodeOf(HostId host) {
        return Optional.ofNullable(deployments.get(host.cluster()))
                .filter(deployment -> deployment.live.contains(host) && !deployment.isStopped())
                .flatMap(deployment -> deployment.node(host));
    }
}
