package io.assistedswarm.worker;

import ch.qos.logback.classic.LoggerContext;
import io.assistedswarm.protocol.BerthExtractor;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Node;
import io.assistedswarm.protocol.NodeFlags;
import io.assistedswarm.protocol.Presence;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.UserAuthorizations;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerState;
import io.assistedswarm.worker.cluster.ClusterActor;
import io.assistedswarm.worker.host.HostActor;
import io.assistedswarm.worker.hub.HubsByApi;
import io.assistedswarm.worker.image.HttpImages;
import io.assistedswarm.worker.metrics.MetricsPoint;
import io.assistedswarm.worker.metrics.WorkerMetrics;
import io.assistedswarm.worker.node.DiskGauge;
import io.assistedswarm.worker.node.HealthGauge;
import io.assistedswarm.worker.node.OpenSwarms;
import io.assistedswarm.worker.node.Residents;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.node.WorkerNode;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.Belongings;
import io.assistedswarm.worker.process.CountedRuntime;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.Leftovers;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.OsProcesses;
import io.assistedswarm.worker.process.ProcessTools;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Workspace;
import io.assistedswarm.worker.runtime.RuntimeOfSwarm;
import io.assistedswarm.worker.runtime.hollow.HollowRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code swarm worker}: puts a worker together, joins the coordinator and stays until it is told to go. */
@Command(
        name = "swarm worker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a worker in the foreground: it joins the coordinator and runs the hosts that it is given.")
public final class WorkerMain implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(WorkerMain.class);
    private static final String SYSTEM_NAME = "assisted-swarm";
    private static final String ROLE = "worker";
    private static final Duration ALLOCATION_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration END_PATIENCE = Duration.ofSeconds(90);
    private static final Duration PRESENCE_PATIENCE = Duration.ofSeconds(1);
    private static final Executor VIRTUAL_THREADS = LogIds.carrying(Executors.newVirtualThreadPerTaskExecutor());

    @Option(
            names = "--join",
            paramLabel = "HOST:PORT[,…]",
            description = "the coordinator's address for workers, and those of coordinators that stand by")
    private Optional<String> join;

    @Mixin
    private NodeFlags node;

    @Option(names = "--port", description = "port to listen on, 0 for any free one (default: 0)")
    private Optional<Integer> port;

    @Option(
            names = "--http-host",
            description =
                    "address of /metrics, /health and /ready (default: 127.0.0.1); elsewhere than on loopback it needs --tls and --token-file")
    private Optional<String> httpHost;

    @Option(
            names = "--http-port",
            description = "port of them, 0 for any free one, which worker.json names (default: 0)")
    private Optional<Integer> httpPort;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "token that who reads /metrics must show (default: none)")
    private Optional<Path> tokenFile;

    @Option(names = "--name", description = "unique among the workers (default: the machine's name and the process id)")
    private Optional<String> name;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "hosts that it may hold at one time (default: from cores and memory)")
    private Optional<Integer> capacity;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "folder of the hosts' files and logs (default: ~/.local/state/assisted-swarm/worker-NAME)")
    private Optional<Path> data;

    private WorkerMain() {}

    public static void main(String[] arguments) {
        int exitCode = execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** @return the exit code; 0 of one that goes on */
    public static int execute(String... arguments) {
        return NodeFlags.execute(new WorkerMain(), arguments);
    }

    @Override
    public Integer call() throws IOException {
        try {
            run(WorkerSettings.read(flags()));
            return 0;
        } catch (Processes.ProcessFailed e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = node.given();
        join.ifPresent(value -> flags.put("join", value));
        port.ifPresent(value -> flags.put("port", value));
        httpHost.ifPresent(value -> flags.put("http-host", value));
        httpPort.ifPresent(value -> flags.put("http-port", value));
        tokenFile.ifPresent(value -> flags.put("token-file", value.toString()));
        name.ifPresent(value -> flags.put("name", value));
        capacity.ifPresent(value -> flags.put("capacity", value));
        data.ifPresent(value -> flags.put("data", value.toString()));
        return flags;
    }

    private static void run(WorkerSettings settings) throws IOException {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
            // Lines in JSON name it.
            logging.putProperty("worker", settings.name().value());
        }
        Node.checkAddress(settings.remoting().host(), settings.remoting().port(), "--port");
        FolderClaim claim = FolderClaim.take(settings.data());
        int left = new Leftovers(settings.data()).end();
        if (left > 0) {
            log.warn(
                    "an earlier worker with the folder [{}] had left [{}] processes: they are ended",
                    settings.data(),
                    left);
        }
        WorkerMetrics metrics = new WorkerMetrics(version());
        UserAuthorizations users = new UserAuthorizations();
        HubsByApi hubs = new HubsByApi(
                settings.kubeconfig(), users, settings.hub(), metrics, "assisted-swarm-worker/" + version());
        hubs.withoutKube().ifPresent(why -> log.info("only clusters with api: rest can be driven: {}", why));
        LogFiles logFiles = new LogFiles(settings.logLimitBytes());
        String incarnation = UUID.randomUUID().toString();
        OsProcesses processes = new OsProcesses(ProcessTools.find(), incarnation, settings.grace(), logFiles);
        HollowRuntime hollow =
                new HollowRuntime(settings.name(), new Workspace(settings.data()), logFiles, VIRTUAL_THREADS);
        HttpImages images = new HttpImages();
        ActorSystem<WorkerNode.Event> system = ActorSystem.create(
                WorkerNode.create(
                        settings.reportInterval(),
                        (context, self) -> assemble(
                                settings,
                                incarnation,
                                hubs,
                                processes,
                                hollow,
                                images,
                                logFiles,
                                metrics,
                                context,
                                self)),
                SYSTEM_NAME,
                settings.actorSystem());
        drainFirst(system, settings.drainGrace());
        stopInOrder(system, processes, hollow, images, hubs, claim);
        Node.endWellOnSignal(system, "worker", END_PATIENCE);
        MetricsPoint.open(system, settings.http(), settings.name(), settings.data(), metrics);
        join(system, settings);
    }

    private static WorkerNode.Parts assemble(
            WorkerSettings settings,
            String incarnation,
            HubsByApi hubs,
            OsProcesses processes,
            HollowRuntime hollow,
            HttpImages images,
            LogFiles logFiles,
            WorkerMetrics metrics,
            ActorContext<WorkerNode.Event> context,
            ActorRef<WorkerCommand> self) {
        Executor files = VIRTUAL_THREADS;
        ActorRef<Uplink.Command> uplink =
                context.spawn(Uplink.create(settings.name(), incarnation, self, settings.uplink()), "uplink");
        Workspace workspace = new Workspace(settings.data());
        OpenSwarms swarms = new OpenSwarms();
        Residents residents = new Residents();
        ShardRegions regions = new ShardRegions();
        Map<String, String> environment = System.getenv();
        Belongings belongings = new Belongings(settings.name(), workspace, hollow::count);
        AgentRuntime runtime = new CountedRuntime(
                RuntimeOfSwarm.create(
                        new ExecRuntime(settings.name(), workspace, processes, environment, files),
                        hollow,
                        environment,
                        files),
                belongings);
        Equipment equipment = new Equipment(
                settings.name(),
                self.path().uid(),
                hubs,
                images,
                runtime,
                hollow.markers(),
                swarms,
                residents,
                uplink,
                regions,
                settings.times(),
                files,
                Clock.systemUTC());
        regions.start(context.getSystem(), equipment);
        DiskGauge disk = new DiskGauge(settings.data(), files);
        HealthGauge health = new HealthGauge(Clock.systemUTC(), StrainGauge.start());
        String address = Cluster.get(context.getSystem()).selfMember().address().toString();
        return new WorkerNode.Parts(
                uplink,
                swarms,
                residents,
                runtime,
                workspace,
                belongings,
                logFiles,
                bootSeconds -> {
                    processes.mayRunUntil(bootSeconds);
                    hollow.mayRunUntil(bootSeconds);
                },
                () -> Presence.ofAny(coordinatorsOf(context.getSystem(), settings), PRESENCE_PATIENCE),
                Fencing.read(context.getSystem().settings().config()).holdLimit(),
                () -> CoordinatedShutdown.get(context.getSystem()).runAll(CoordinatedShutdown.clusterDowningReason()),
                health,
                () -> reporting(
                        metrics,
                        new WorkerState(
                                settings.name(),
                                address,
                                version(),
                                settings.join(),
                                settings.capacity(),
                                WorkerSettings.cores(),
                                WorkerSettings.memoryBytes(),
                                residents.hosts(),
                                processes.count(),
                                ManagementFactory.getMemoryMXBean()
                                        .getHeapMemoryUsage()
                                        .getUsed(),
                                ManagementFactory.getThreadMXBean().getThreadCount(),
                                hubs.requests(),
                                health.now(),
                                disk.now())),
                files);
    }

    private static WorkerState reporting(WorkerMetrics metrics, WorkerState state) {
        metrics.reported(state);
        return state;
    }

    /** The sharded actors of this node, and the way to all of them. */
    private static final class ShardRegions implements Entities {
        private ActorRef<ShardingEnvelope<ClusterCommand>> clusters;
        private ActorRef<ShardingEnvelope<HostCommand>> hosts;

        private void start(ActorSystem<?> system, Equipment equipment) {
            clusters =
                    start(system, ClusterCommand.TYPE_KEY, entity -> ClusterActor.create(clusterOf(entity), equipment));
            hosts = start(system, HostCommand.TYPE_KEY, entity -> HostActor.create(hostOf(entity), equipment));
        }

        @Override
        public void tellCluster(String entityId, ClusterCommand command) {
            clusters.tell(new ShardingEnvelope<>(entityId, command));
        }

        @Override
        public void tellHost(String entityId, HostCommand command) {
            hosts.tell(new ShardingEnvelope<>(entityId, command));
        }

        private static <M> ActorRef<ShardingEnvelope<M>> start(
                ActorSystem<?> system,
                EntityTypeKey<M> key,
                org.apache.pekko.japi.function.Function<EntityContext<M>, org.apache.pekko.actor.typed.Behavior<M>>
                        actor) {
            return ClusterSharding.get(system)
                    .init(Entity.of(key, actor)
                            .withRole(ROLE)
                            .withMessageExtractor(new BerthExtractor<>())
                            .withAllocationStrategy(
                                    ExternalShardAllocationStrategy.create(system, key.name(), ALLOCATION_TIMEOUT)));
        }

        private static ClusterId clusterOf(EntityContext<ClusterCommand> entity) {
            String id = entity.getEntityId();
            return ClusterId.parse(nameIn(id))
                    .orElseThrow(() -> new IllegalArgumentException("entity id '" + id + "' names no cluster"));
        }

        private static HostId hostOf(EntityContext<HostCommand> entity) {
            String id = entity.getEntityId();
            return HostId.parse(nameIn(id))
                    .orElseThrow(() -> new IllegalArgumentException("entity id '" + id + "' names no host"));
        }

        private static String nameIn(String entityId) {
            return entityId.substring(BerthId.ofEntity(entityId).value().length() + 1);
        }
    }

    private static List<Address> coordinatorsOf(ActorSystem<?> system, WorkerSettings settings) {
        String protocol = Cluster.get(system).selfMember().address().protocol();
        return settings.join().stream()
                .map(address -> AddressFromURIString.parse(protocol + "://" + SYSTEM_NAME + "@" + address))
                .toList();
    }

    private static void join(ActorSystem<?> system, WorkerSettings settings) {
        log.info(
                "worker [{}] with [{}] places joins the coordinator at [{}]",
                settings.name(),
                settings.capacity(),
                settings.join());
        Cluster.get(system).manager().tell(new JoinSeedNodes(coordinatorsOf(system, settings)));
        // Joining is tried again for ever; somebody who mistyped the address should hear of it.
        system.scheduler()
                .scheduleAtFixedRate(
                        JOIN_PATIENCE,
                        JOIN_PATIENCE,
                        () -> {
                            String status =
                                    Cluster.get(system).selfMember().status().toString();
                            if (status.equals("Removed")) {
                                log.warn(
                                        "no coordinator has answered at [{}] yet; trying on (is the address right, is it running, are both with --tls or both without?)",
                                        settings.join());
                            }
                        },
                        system.executionContext());
    }

    /** What can go on elsewhere leaves a worker that is told to end; not one that is cut off, or whose hosts others have already. */
    private static void drainFirst(ActorSystem<WorkerNode.Event> system, Duration grace) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "drain", () -> {
            boolean lost = shutdown.getShutdownReason()
                    .filter(CoordinatedShutdown.clusterDowningReason()::equals)
                    .isPresent();
            return lost || grace.isZero()
                    ? CompletableFuture.completedFuture(Done.getInstance())
                    : WorkerNode.leave(system)
                            .completeOnTimeout(Done.getInstance(), grace.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    /** Processes end first, while their actors can still be told; the hub's client last. */
    private static void stopInOrder(
            ActorSystem<?> system,
            OsProcesses processes,
            HollowRuntime hollow,
            HttpImages images,
            HubsByApi hubs,
            FolderClaim claim) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-processes", processes::close);
        shutdown.addTask(CoordinatedShutdown.PhaseServiceStop(), "stop-hollow-hosts", hollow::endAll);
        shutdown.addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "close-clients", () -> {
            images.close();
            hubs.close();
            try {
                claim.close();
                return CompletableFuture.completedFuture(Done.getInstance());
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    private static String version() {
        return Optional.ofNullable(WorkerMain.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
