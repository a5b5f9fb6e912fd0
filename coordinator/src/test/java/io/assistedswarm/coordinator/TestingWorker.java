package io.assistedswarm.coordinator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.assistedswarm.protocol.BerthExtractor;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SpawnProtocol;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.pattern.StatusReply;

/** A node with a worker's wiring and none of its work: its hosts and clusters are installed as soon as they are started. */
public final class TestingWorker implements AutoCloseable {
    private static final Set<String> SHARDS = ConcurrentHashMap.newKeySet();

    private final ActorSystem<SpawnProtocol.Command> system;
    private final WorkerName name;
    private final ActorRef<Uplinked> uplink;

    /** Whether clusters reach their end by themselves. */
    volatile boolean installs = true;

    /** Whether a cluster whose own actor comes from a lost worker can go on here. */
    volatile boolean saves = true;

    public final Set<ClusterId> clustersHere = ConcurrentHashMap.newKeySet();
    final Set<HostId> hostsHere = ConcurrentHashMap.newKeySet();
    final List<String> stopped = new CopyOnWriteArrayList<>();

    private sealed interface Uplinked {}

    private record Reached(Transition transition) implements Uplinked {}

    private record Found(Set<ActorRef<CoordinatorCommand>> coordinators) implements Uplinked {}

    private enum Report implements Uplinked {
        INSTANCE
    }

    private record Told(WorkerCommand command) implements Uplinked {}

    public TestingWorker(String name, int capacity, Address coordinator) {
        this.name = new WorkerName(name);
        Config config = ConfigFactory.parseMap(Map.of(
                        "pekko.cluster.roles",
                        List.of("worker"),
                        "pekko.remote.artery.canonical.port",
                        0,
                        "pekko.coordinated-shutdown.exit-jvm",
                        false))
                .withFallback(ConfigFactory.parseResources("swarm-cluster.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
        system = ActorSystem.create(SpawnProtocol.create(), "assisted-swarm", config);
        Cluster.get(system).manager().tell(Join.create(coordinator));
        uplink = AskPattern.<SpawnProtocol.Command, ActorRef<Uplinked>>ask(
                        system,
                        replyTo -> new SpawnProtocol.Spawn<>(uplink(capacity), "uplink", Props.empty(), replyTo),
                        Duration.ofSeconds(10),
                        system.scheduler())
                .toCompletableFuture()
                .join();
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(ClusterCommand.TYPE_KEY, entity -> {
                    SHARDS.add(BerthId.ofEntity(entity.getEntityId()).shard());
                    return cluster();
                })
                .withRole("worker")
                .withMessageExtractor(new BerthExtractor<>())
                .withAllocationStrategy(ExternalShardAllocationStrategy.create(
                        system, ClusterCommand.TYPE_KEY.name(), Duration.ofSeconds(5))));
        sharding.init(Entity.of(HostCommand.TYPE_KEY, entity -> host())
                .withRole("worker")
                .withMessageExtractor(new BerthExtractor<>())
                .withAllocationStrategy(ExternalShardAllocationStrategy.create(
                        system, HostCommand.TYPE_KEY.name(), Duration.ofSeconds(5))));
    }

    Address address() {
        return Cluster.get(system).selfMember().address();
    }

    /** That clusters of any worker in this JVM have ever been in. */
    static int shards() {
        return SHARDS.size();
    }

    /** What has been here, so that it does not pile up. */
    void forget() {
        clustersHere.clear();
        hostsHere.clear();
        stopped.clear();
    }

    /** Says so to the coordinator. */
    void install(ClusterId cluster) {
        install(cluster, 1);
    }

    void install(ClusterId cluster, int generation) {
        uplink.tell(new Reached(new Transition.OfCluster(
                cluster, ClusterPhase.INSTALLED, Instant.now(), generation, "", Optional.empty())));
    }

    private void lose(ClusterId cluster, int generation) {
        Failure failure = new Failure(Failure.Side.GENERATOR, Failure.WORKER_LOST, "it was installing");
        uplink.tell(new Reached(new Transition.OfCluster(
                cluster, ClusterPhase.LOST, Instant.now(), generation, "", Optional.of(failure))));
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    private Behavior<ClusterCommand> cluster() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ClusterCommand.Start start -> {
                    start.replyTo().tell(StatusReply.ack());
                    ClusterId cluster = start.assignment().cluster().id();
                    clustersHere.add(cluster);
                    if (start.assignment().clusterGeneration() > 1 && !saves) {
                        lose(cluster, start.assignment().clusterGeneration());
                    } else if (installs) {
                        install(cluster, start.assignment().clusterGeneration());
                    }
                }
                case ClusterCommand.Stop stop -> {
                    stop.replyTo().tell(StatusReply.ack());
                    stopped.add(stop.why());
                    return Behaviors.stopped();
                }
                default -> {}
            }
            return Behaviors.same();
        });
    }

    private Behavior<HostCommand> host() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case HostCommand.Start start -> {
                    start.replyTo().tell(StatusReply.ack());
                    hostsHere.add(start.host());
                    uplink.tell(new Reached(new Transition.OfHost(
                            start.host(),
                            HostPhase.INSTALLED,
                            Instant.now(),
                            start.assignment().generationOf(start.host()),
                            "",
                            Optional.empty())));
                }
                case HostCommand.Stop stop -> {
                    stop.replyTo().tell(StatusReply.ack());
                    return Behaviors.stopped();
                }
                default -> {}
            }
            return Behaviors.same();
        });
    }

    private Behavior<Uplinked> uplink(int capacity) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            List<ActorRef<CoordinatorCommand>> coordinators = new ArrayList<>();
            ActorRef<WorkerCommand> self = context.messageAdapter(WorkerCommand.class, Told::new);
            long[] sequence = {1};
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.subscribe(
                            CoordinatorCommand.SERVICE_KEY,
                            context.messageAdapter(
                                    Receptionist.Listing.class,
                                    listing ->
                                            new Found(listing.getServiceInstances(CoordinatorCommand.SERVICE_KEY)))));
            timers.startTimerWithFixedDelay(Report.INSTANCE, Duration.ofSeconds(2));
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case Found found -> {
                        coordinators.clear();
                        coordinators.addAll(found.coordinators());
                        report(coordinators, self, capacity);
                    }
                    case Report report -> report(coordinators, self, capacity);
                    case Reached reached ->
                        coordinators.forEach(coordinator -> coordinator.tell(new CoordinatorCommand.TransitionsReached(
                                name, "1", sequence[0]++, List.of(reached.transition()), self)));
                    case Told told -> {
                        switch (told.command()) {
                            case WorkerCommand.OpenSwarm open -> open.replyTo().tell(StatusReply.ack());
                            case WorkerCommand.CloseSwarm close ->
                                close.replyTo()
                                        .tell(StatusReply.success(new WorkerCommand.SwarmClosed(Map.of(), Map.of())));
                            default -> {}
                        }
                    }
                }
                return Behaviors.same();
            });
        }));
    }

    private void report(List<ActorRef<CoordinatorCommand>> coordinators, ActorRef<WorkerCommand> self, int capacity) {
        WorkerState state = new WorkerState(
                name,
                address().toString(),
                "test",
                List.of(),
                capacity,
                2,
                1L << 30,
                hostsHere.size(),
                0,
                1L << 20,
                10,
                0);
        coordinators.forEach(coordinator -> coordinator.tell(new CoordinatorCommand.WorkerReported(state, 0, self)));
    }
}
