package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.OneAtATime;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import io.assistedswarm.worker.runtime.container.Podman.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the images that the service announces, as the original did: the agent as a process of this machine, which starts the rest by
 * podman in a store that is the host's own, and each controller in a container.
 */
public final class PodmanRuntime implements AgentRuntime {
    private static final String AGENT = "/usr/bin/agent";
    private static final String LABEL = "io.assistedswarm.";
    private static final Duration TRIAL_LIMIT = Duration.ofMinutes(2);

    /** From here on the error is podman's, or the program could not be started (podman-run(1), exit status). */
    private static final int NOT_STARTED = 125;

    /** The dry installer's fake image writer prints so many lines (shims/dry-installer). */
    private static final int IMAGE_LINES = 20;

    /** What the agent does not hand on to its containers by itself (assisted-installer-agent, src/commands/actions). */
    private static final List<String> FORWARDED = List.of(
            "CONTAINERS_CONF",
            "CONTAINERS_STORAGE_CONF",
            "PULL_SECRET_TOKEN",
            "DRY_ENABLE",
            "DRY_HOST_ID",
            "DRY_FORCED_MAC_ADDRESS",
            "DRY_FORCED_HOSTNAME",
            "DRY_FORCED_HOST_IPV4",
            "DRY_FAKE_REBOOT_MARKER_PATH",
            "DRY_CLUSTER_HOSTS_PATH",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy");

    /** A container has its own. */
    private static final Set<String> NOT_FORWARDED = Set.of("PATH", "HOME");

    private static final Logger log = LoggerFactory.getLogger(PodmanRuntime.class);

    private final ExecRuntime commandLines;
    private final VisibleFolders folders;
    private final Path stores;
    private final Processes processes;
    private final Map<String, String> inherited;
    private final Places places;
    private final Executor files;
    private final Map<SwarmId, Prepared> prepared = new ConcurrentHashMap<>();

    private final OneAtATime changes = new OneAtATime();

    /** What is ready for a swarm's hosts. */
    private record Prepared(Podman podman, MachineConfig machine, Path images, Path agent, BootstrapShim shim) {}

    /**
     * @param commandLines makes what is handed to the programs
     * @param inherited the worker's environment
     * @param files runs what blocks
     */
    public PodmanRuntime(ExecRuntime commandLines, Map<String, String> inherited, Places places, Executor files) {
        Workspace workspace = commandLines.workspace();
        this.folders = places.folders(commandLines);
        this.commandLines = commandLines.in(folders.visible());
        // Not where containers see it: each would get the mounts of all others.
        this.stores = workspace.root().resolve(".containers");
        this.processes = commandLines.processes();
        this.inherited = Map.copyOf(inherited);
        this.places = places;
        this.files = files;
    }

    /** Checks the machine, pulls the images, and takes the agent out of its image; all or nothing. */
    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return CompletableFuture.supplyAsync(
                () -> {
                    changes.run(() -> makeReady(swarm));
                    return Done.getInstance();
                },
                files);
    }

    /** May be called again: a coordinator that had no answer yet asks again. */
    private void makeReady(SwarmSpec swarm) {
        Prepared made = prepared.get(swarm.id());
        if (made != null && Files.exists(made.agent())) {
            return;
        }
        RuntimeSpec.Podman runtime = runtime(swarm);
        if (runtime.needsAnnounced()) {
            throw new IllegalArgumentException(
                    "the podman runtime lacks images: the service announces none, and runtime.podman.images does not name them");
        }
        checkRoot();
        Podman podman = Podman.find(inherited);
        MachineConfig machine = MachineConfig.read(inherited);
        try {
            folders.make(swarm.id());
            new ProcessOne(inherited.getOrDefault("PATH", "")).checkSees(places.visible());
            places.machineFiles().provide(user(swarm.id()));
            prepared.put(swarm.id(), fetch(swarm, runtime, podman, machine));
        } catch (RuntimeException e) {
            undo(swarm.id(), e);
            throw e;
        }
    }

    private Prepared fetch(SwarmSpec swarm, RuntimeSpec.Podman runtime, Podman podman, MachineConfig machine) {
        RuntimeSpec.Images wanted = runtime.images();
        ImageStore images = new ImageStore(store(podman, imageFolder(swarm.id(), runtime)));
        images.store().configure(machine, List.of(), List.of());
        images.pull(
                Stream.of(wanted.agent(), wanted.installer(), wanted.controller(), runtime.bootstrapInstaller())
                        .filter(image -> !image.isEmpty())
                        .toList(),
                swarm.service().pullSecret());
        Path folder = stores.resolve(swarm.id().value());
        Path agent = folder.resolve("agent");
        Store trial = store(podman, folder.resolve("trial"));
        trial.remove();
        try {
            trial.configure(machine, List.of(), List.of(images.store().graphRoot()));
            copyAgent(trial, wanted.agent(), agent);
        } finally {
            trial.remove();
        }
        BootstrapShim shim =
                new BootstrapShim(folder.resolve("shims"), podman.executable(), runtime.bootstrapInstaller());
        if (shim.isWanted()) {
            shim.make();
        }
        log.info("images of swarm [{}] are in [{}]", swarm.id(), images.store().folder());
        return new Prepared(podman, machine, images.store().graphRoot(), agent, shim);
    }

    /** By a container that is started as the agent starts its own, so that what keeps it from running here is found now. */
    private void copyAgent(Store store, String image, Path target) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--rm",
                "--pull=never",
                "--privileged",
                "--pid=host",
                "--uts=host",
                "--net=host",
                "--pids-limit=0"));
        places.machineFiles().mounts().forEach((from, to) -> arguments.add("--volume=" + from + ":" + to));
        arguments.add("--volume=" + target.getParent() + ":/hostbin");
        arguments.addAll(List.of(image, "cp", AGENT, "/hostbin/" + target.getFileName()));
        Output copied = store.podman().run(store.configuration(), TRIAL_LIMIT, arguments);
        if (copied.status() >= NOT_STARTED) {
            throw new IllegalArgumentException(
                    "podman cannot run image '" + image + "' here, the way the agent runs it: " + copied.reason());
        }
        if (!copied.succeeded()) {
            throw new IllegalArgumentException(
                    "image '" + image + "' is no agent's: 'cp " + AGENT + "' in it says: " + copied.reason());
        }
    }

    private void undo(SwarmId swarm, RuntimeException cause) {
        try {
            removeAll(swarm);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static void checkRoot() {
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (!Integer.valueOf(0).equals(user)) {
                throw new IllegalArgumentException(
                        "the podman runtime needs root: the agent enters the namespaces of process 1 and runs privileged"
                                + " containers. Start the worker as root, or choose the native runtime");
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot tell which user the worker runs as: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return CompletableFuture.supplyAsync(() -> agent(host, order), files).thenCompose(this::start);
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return CompletableFuture.supplyAsync(() -> controller(clusterUuid, order), files)
                .thenCompose(this::start);
    }

    /**
     * @param remove takes away the containers that come of the process, and what else it leaves on the machine; says how many mounts
     *     there were
     */
    private record Contained(ProcessSpec spec, IntSupplier remove) {}

    private Contained agent(HostId host, Order order) {
        Prepared ready = ready(order.swarm());
        folders.visible().prepare(order.cluster());
        ProcessSpec spec = ready.shim().before(commandLines.agent(host, order));
        Store store = freshStore(ready, storeFolder(host.cluster()).resolve(host.name()), spec.environment());
        List<String> command = new ArrayList<>(spec.command());
        command.set(0, ready.agent().toString());
        return contained(spec, command, store, order, () -> {
            int mounts = store.remove();
            places.machineFiles().removeTraces(host);
            return mounts;
        });
    }

    private Contained controller(String clusterUuid, Order order) {
        Prepared ready = ready(order.swarm());
        folders.visible().prepare(order.cluster());
        ProcessSpec spec = commandLines.controller(clusterUuid, order);
        ClusterId cluster = order.cluster().id();
        Store store = freshStore(ready, storeFolder(cluster).resolve("controller"), spec.environment());
        List<String> command = new ArrayList<>(List.of(
                ready.podman().executable().toString(),
                "run",
                "--rm",
                "--name=controller",
                "--pull=never",
                "--net=host",
                "--pid=host",
                "--privileged",
                "--log-driver=none",
                "--label=" + LABEL + "worker=" + commandLines.worker().value(),
                "--label=" + LABEL + "swarm=" + order.swarm().id().value(),
                "--label=" + LABEL + "cluster=" + cluster.name(),
                mount(folders.visible().clusterFolder(cluster), "rw")));
        String caFile = order.swarm().service().caFile();
        if (!caFile.isEmpty()) {
            command.add(mount(Path.of(caFile), "ro"));
        }
        command.add(runtime(order.swarm()).images().controller());
        command.addAll(spec.command().subList(1, spec.command().size()));
        return contained(spec, command, store, order, store::remove);
    }

    private static String mount(Path path, String mode) {
        return "--volume=" + path + ":" + path + ":" + mode;
    }

    private Contained contained(ProcessSpec spec, List<String> command, Store store, Order order, IntSupplier remove) {
        Map<String, String> environment = new LinkedHashMap<>(spec.environment());
        environment.putAll(store.configuration());
        environment.put(
                "SWARM_IMAGE_LINE_SECONDS",
                seconds(runtime(order.swarm()).imageWriting().dividedBy(IMAGE_LINES)));
        return new Contained(new ProcessSpec(spec.name(), command, environment, spec.folder(), spec.logFile()), remove);
    }

    /** What an earlier one has left, be it of an earlier worker, is ended first. */
    private Store freshStore(Prepared ready, Path folder, Map<String, String> environment) {
        Store store = store(ready.podman(), folder);
        store.remove();
        store.configure(ready.machine(), variables(environment), List.of(ready.images()));
        return store;
    }

    private static List<String> variables(Map<String, String> environment) {
        Set<String> variables = new LinkedHashSet<>(FORWARDED);
        environment.keySet().stream()
                .filter(name -> !NOT_FORWARDED.contains(name))
                .sorted()
                .forEach(variables::add);
        variables.add("SWARM_IMAGE_LINE_SECONDS");
        // By these the worker ends what is in the containers if it dies itself.
        variables.addAll(Processes.MARKS);
        return List.copyOf(variables);
    }

    private CompletionStage<Running> start(Contained contained) {
        return processes
                .start(contained.spec())
                .<Running>thenApply(process -> new ContainedProcess(process, contained.remove(), files))
                .whenCompleteAsync(
                        (running, failure) -> {
                            if (failure != null) {
                                int unused = contained.remove().getAsInt();
                            }
                        },
                        files);
    }

    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        return CompletableFuture.supplyAsync(
                () -> {
                    prepared.remove(swarm);
                    changes.run(() -> removeAll(swarm));
                    return Done.getInstance();
                },
                files);
    }

    private void removeAll(SwarmId swarm) {
        Path folder = stores.resolve(swarm.value());
        if (Files.exists(folder)) {
            Podman podman = Podman.find(inherited);
            for (Path each : storesBelow(folder)) {
                store(podman, each).remove();
                HostId.parse(each.getFileName().toString()).ifPresent(places.machineFiles()::removeTraces);
            }
            new MountedFolder(folder).remove();
        }
        places.machineFiles().release(user(swarm));
        folders.remove(swarm);
    }

    /** Those of hosts and controllers, then the images that they read from. */
    private static List<Path> storesBelow(Path swarmFolder) {
        try (Stream<Path> all = Files.find(
                swarmFolder,
                3,
                (path, attributes) -> path.getFileName().toString().equals("storage.conf"))) {
            return all.map(Path::getParent)
                    .sorted((one, other) -> Integer.compare(other.getNameCount(), one.getNameCount()))
                    .toList();
        } catch (IOException e) {
            throw new ProcessFailed("cannot look for container stores in " + swarmFolder + ": " + e.getMessage(), e);
        }
    }

    private Path imageFolder(SwarmId swarm, RuntimeSpec.Podman runtime) {
        return runtime.imageStore().isEmpty()
                ? stores.resolve(swarm.value()).resolve("images")
                : Path.of(runtime.imageStore());
    }

    private Path storeFolder(ClusterId cluster) {
        return stores.resolve(cluster.swarm().value()).resolve(cluster.name());
    }

    private Store store(Podman podman, Path folder) {
        return Store.in(folder, podman, places.runs());
    }

    private String user(SwarmId swarm) {
        return commandLines.worker().value() + "." + swarm.value();
    }

    private Prepared ready(SwarmSpec swarm) {
        Prepared ready = prepared.get(swarm.id());
        if (ready == null) {
            throw new IllegalStateException("swarm " + swarm.id() + " has not been prepared here");
        }
        return ready;
    }

    private static String seconds(Duration duration) {
        return "%d.%03d".formatted(duration.toSeconds(), duration.toMillisPart());
    }

    private static RuntimeSpec.Podman runtime(SwarmSpec swarm) {
        if (swarm.runtime() instanceof RuntimeSpec.Podman runtime) {
            return runtime;
        }
        throw new IllegalArgumentException(
                "not of the podman runtime: " + swarm.runtime().name());
    }
}
