package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.OneAtATime;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/**
 * Runs the real binaries as processes of this machine, without a container engine: with a folder of shims for a PATH, and in a mount
 * namespace for each host, so that neither the machine nor another host sees what they write.
 */
public final class NativeRuntime implements AgentRuntime {
    /** The dry installer's fake image writer prints so many lines (shims/dry-installer). */
    private static final int IMAGE_LINES = 20;

    private final ExecRuntime commandLines;
    private final Workspace workspace;
    private final Processes processes;
    private final String path;
    private final Executor files;
    private final Function<String, MountNamespace> namespaces;
    private final Map<SwarmId, Toolbox> toolboxes = new ConcurrentHashMap<>();
    private final OneAtATime changes = new OneAtATime();

    /** Guarded by the changes. */
    private Optional<MountNamespace> namespace = Optional.empty();

    /**
     * @param commandLines makes what is handed to the programs
     * @param path the worker's PATH, where tools of the machine are looked for
     * @param files runs what blocks on the file system
     */
    public NativeRuntime(
            ExecRuntime commandLines, Workspace workspace, Processes processes, String path, Executor files) {
        this(commandLines, workspace, processes, path, files, MountNamespace::find);
    }

    /** @param namespaces finds out how they are made here, from a PATH */
    NativeRuntime(
            ExecRuntime commandLines,
            Workspace workspace,
            Processes processes,
            String path,
            Executor files,
            Function<String, MountNamespace> namespaces) {
        this.commandLines = commandLines;
        this.workspace = workspace;
        this.processes = processes;
        this.path = path;
        this.files = files;
        this.namespaces = namespaces;
    }

    /** Checks the binaries, and makes the folder that they are run from. */
    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return CompletableFuture.supplyAsync(
                () -> {
                    changes.run(() -> makeToolbox(swarm));
                    return Done.getInstance();
                },
                files);
    }

    /** May be called again: a coordinator that had no answer yet asks again. */
    private void makeToolbox(SwarmSpec swarm) {
        Toolbox made = toolboxes.get(swarm.id());
        if (made == null || !Files.exists(made.enter())) {
            Path folder = workspace.makeSwarmFolder(swarm.id());
            MountNamespace namespace = namespace();
            RuntimeSpec.Native runtime = ImageBinaries.in(folder, path)
                    .extract(runtime(swarm), swarm.service().pullSecret());
            toolboxes.put(swarm.id(), Toolbox.make(folder, runtime, namespace, path));
        }
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return start(order, () -> agent(host, order));
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return start(order, () -> controller(clusterUuid, order));
    }

    /** All that it made is in the swarm's folder. */
    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        toolboxes.remove(swarm);
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    ProcessSpec agent(HostId host, Order order) {
        ProcessSpec spec = inOwnNamespace(
                commandLines.agent(host, order), toolbox(order.swarm()).agent(), order);
        return spec.withOwnLog(makeRunnerLog(spec.folder()));
    }

    ProcessSpec controller(String clusterUuid, Order order) {
        return inOwnNamespace(
                commandLines.controller(clusterUuid, order),
                toolbox(order.swarm()).controller(),
                order);
    }

    private CompletionStage<Running> start(Order order, Supplier<ProcessSpec> spec) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            workspace.prepare(order.cluster());
                            return spec.get();
                        },
                        files)
                .thenCompose(processes::start);
    }

    private ProcessSpec inOwnNamespace(ProcessSpec spec, Path program, Order order) {
        Toolbox toolbox = toolbox(order.swarm());
        MountNamespace namespace = namespace();
        List<String> command = new ArrayList<>(namespace.command());
        command.addAll(List.of(toolbox.enter().toString(), spec.folder().toString(), program.toString()));
        command.addAll(spec.command().subList(1, spec.command().size()));
        Map<String, String> environment = new LinkedHashMap<>(spec.environment());
        environment.put("PATH", toolbox.shims().toString());
        environment.put("HOME", "/root");
        environment.put("SWARM_TOOLBOX", toolbox.folder().toString());
        environment.put("SWARM_HOST_FOLDER", spec.folder().toString());
        environment.put("SWARM_LOG", spec.logFile().toString());
        environment.put(
                "SWARM_KEPT", String.join("\n", kept(toolbox, order.swarm().service())));
        environment.put("SWARM_MOUNT", namespace.mount().toString());
        environment.put(
                "SWARM_IMAGE_LINE_SECONDS",
                seconds(runtime(order.swarm()).imageWriting().dividedBy(IMAGE_LINES)));
        return new ProcessSpec(spec.name(), command, environment, spec.folder(), spec.logFile());
    }

    /** The programs read the service's authority where the service config says, be that below what is a host's own. */
    private static List<String> kept(Toolbox toolbox, ServiceSpec service) {
        return Stream.concat(toolbox.kept().stream().map(Path::toString), Stream.of(service.caFile()))
                .filter(path -> !path.isEmpty())
                .toList();
    }

    /** Made at once, so that it is kept small from the beginning: the runner writes a line a second. */
    private static Path makeRunnerLog(Path folder) {
        Path log = folder.resolve("runner.log");
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createFile(log);
        } catch (FileAlreadyExistsException e) {
            // Of an earlier agent of this host; the next one adds to it.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + log, e);
        }
        return log;
    }

    private Toolbox toolbox(SwarmSpec swarm) {
        Toolbox toolbox = toolboxes.get(swarm.id());
        if (toolbox == null) {
            throw new IllegalStateException("swarm " + swarm.id() + " has not been prepared here");
        }
        return toolbox;
    }

    private MountNamespace namespace() {
        return changes.get(() -> {
            if (namespace.isEmpty()) {
                namespace = Optional.of(namespaces.apply(path));
            }
            return namespace.get();
        });
    }

    private static String seconds(Duration duration) {
        return "%d.%03d".formatted(duration.toSeconds(), duration.toMillisPart());
    }

    private static RuntimeSpec.Native runtime(SwarmSpec swarm) {
        if (swarm.runtime() instanceof RuntimeSpec.Native runtime) {
            return runtime;
        }
        throw new IllegalArgumentException(
                "not of the native runtime: " + swarm.runtime().name());
    }
}
