package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.OneAtATime;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import io.assistedswarm.worker.runtime.Binary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * Lets the original's combined agent play the hosts: one program for all of this worker's, started with the first swarm that wants
 * it and ended with the last. Controllers are run by another runtime.
 */
public final class CombinedRuntime implements AgentRuntime {
    private final AgentRuntime controllers;
    private final VisibleFolders folders;
    private final Processes processes;
    private final Map<String, String> inherited;
    private final Places places;
    private final CombinedAgent.Times times;
    private final Executor files;
    private final MachineFiles machineFiles;
    private final String worker;
    private final OneAtATime changes = new OneAtATime();
    /** Guarded by the changes, as is the next. */
    private final Map<SwarmId, RuntimeSpec.Combined> swarms = new HashMap<>();

    private Optional<Started> started = Optional.empty();

    private record Started(CombinedAgent agent, CombinedProgram program) {}

    /**
     * @param controllers runs the controllers
     * @param inherited the worker's environment
     * @param files runs what blocks
     */
    public CombinedRuntime(
            AgentRuntime controllers,
            ExecRuntime commandLines,
            Map<String, String> inherited,
            Places places,
            Executor files) {
        this(controllers, commandLines, inherited, places, CombinedAgent.Times.STANDARD, files);
    }

    CombinedRuntime(
            AgentRuntime controllers,
            ExecRuntime commandLines,
            Map<String, String> inherited,
            Places places,
            CombinedAgent.Times times,
            Executor files) {
        this.controllers = controllers;
        this.folders = places.folders(commandLines);
        this.processes = commandLines.processes();
        this.inherited = Map.copyOf(inherited);
        this.places = places;
        this.times = times;
        this.files = files;
        this.machineFiles = places.machineFiles();
        this.worker = commandLines.worker().value();
    }

    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return CompletableFuture.runAsync(() -> folders.make(swarm.id()), files)
                .thenCompose(made -> controllers.prepare(ofControllers(swarm)))
                .thenApplyAsync(
                        made -> {
                            changes.run(() -> makeReady(swarm));
                            return Done.getInstance();
                        },
                        files)
                .handle((done, failure) -> failure == null
                        ? CompletableFuture.completedFuture(done)
                        : close(swarm.id())
                                .handle((closed, again) -> CompletableFuture.<Done>failedFuture(failure))
                                .thenCompose(failed -> failed))
                .thenCompose(outcome -> outcome);
    }

    private void makeReady(SwarmSpec swarm) {
        RuntimeSpec.Combined runtime = runtime(swarm);
        swarms.values().stream()
                .filter(other -> !sameProgram(other, runtime))
                .findFirst()
                .ifPresent(other -> {
                    throw new ProcessFailed(
                            "a worker runs one combined agent, and another swarm here has a different one"
                                    + " (image, command or port); wait for its end",
                            null);
                });
        runtime.command().stream()
                .findFirst()
                .map(Path::of)
                .filter(Path::isAbsolute)
                .flatMap(program -> new Binary("combined agent", program).problem())
                .ifPresent(problem -> {
                    throw new IllegalArgumentException(problem);
                });
        machineFiles.provide(worker + "." + swarm.id().value());
        running(swarm);
        swarms.put(swarm.id(), runtime);
    }

    private static boolean sameProgram(RuntimeSpec.Combined one, RuntimeSpec.Combined other) {
        return one.image().equals(other.image()) && one.command().equals(other.command()) && one.port() == other.port();
    }

    /** Starts it if it does not run, be it that it has died. */
    private CombinedAgent running(SwarmSpec swarm) {
        if (started.filter(now -> now.agent().isRunning()).isEmpty()) {
            started.ifPresent(dead -> dead.program().remove());
            started = Optional.empty();
            RuntimeSpec.Combined runtime = runtime(swarm);
            Path data = folders.workspace().root();
            Path folder = data.resolve(".combined");
            CombinedProgram program = runtime.image().isEmpty()
                    ? CombinedProgram.ofCommand(runtime, folder, data, inherited)
                    : CombinedProgram.ofImage(
                            runtime,
                            folder,
                            data,
                            places.runs(),
                            inherited,
                            swarm.service().pullSecret());
            try {
                started = Optional.of(new Started(
                        CombinedAgent.start(CombinedApi.at(runtime.port()), processes, program.spec(), times),
                        program));
            } catch (RuntimeException e) {
                program.remove();
                throw e;
            }
        }
        return started.orElseThrow().agent();
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return CompletableFuture.supplyAsync(() -> agent(host, order), files);
    }

    private Running agent(HostId host, Order order) {
        Workspace visible = folders.visible();
        visible.prepare(order.cluster());
        CombinedAgent agent = changes.get(() -> running(order.swarm()));
        Path ownMarker = visible.marker(host).resolveSibling("." + host.name() + "-" + UUID.randomUUID());
        CombinedHost added = agent.add(host, parameters(host, order, ownMarker), ownMarker, visible);
        sayWhereTheLogIs(visible.agentLog(host), host, added);
        return added;
    }

    private Map<String, String> parameters(HostId host, Order order, Path ownMarker) {
        ServiceSpec service = order.swarm().service();
        String network = Identity.MACHINE_NETWORK;
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("service_url", service.url());
        parameters.put("infra_env_id", order.access().infraEnvId());
        parameters.put("agent_version", service.agentImage());
        parameters.put("cacert", service.caFile());
        parameters.put("pull_secret", order.access().token().reveal());
        parameters.put("dry_forced_host_id", Identity.hostUuid(host).toString());
        parameters.put("dry_forced_host_ipv4", Identity.ipv4(host) + network.substring(network.indexOf('/')));
        parameters.put("dry_forced_mac_address", Identity.mac(host));
        parameters.put(
                "dry_forced_hostname",
                ExecRuntime.refusedName(order.cluster(), host).orElse(host.name()));
        parameters.put("dry_fake_reboot_marker_path", ownMarker.toString());
        parameters.put(
                "dry_cluster_hosts_path",
                folders.visible().hostsFile(order.cluster().id()).toString());
        return parameters;
    }

    /** All hosts of the program share its log; whoever asks for a host's is told so. */
    private static void sayWhereTheLogIs(Path log, HostId host, CombinedHost added) {
        try {
            Files.createDirectories(log.getParent());
            Files.writeString(
                    log,
                    "played by " + added.label() + " (" + added.logFile() + "); it logs to the journal: journalctl"
                            + " DRY_AGENT_ID=" + Identity.hostUuid(host) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new ProcessFailed("cannot write " + log + ": " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return controllers.startController(
                clusterUuid,
                new Order(ofControllers(order.swarm()), order.cluster(), order.access(), order.generation()));
    }

    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        return changes.get(() -> forget(swarm))
                .thenCompose(done -> controllers.close(swarm))
                .thenApplyAsync(
                        done -> {
                            machineFiles.release(worker + "." + swarm.value());
                            folders.remove(swarm);
                            return done;
                        },
                        files);
    }

    private CompletionStage<Done> forget(SwarmId swarm) {
        swarms.remove(swarm);
        if (started.isEmpty() || !swarms.isEmpty()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        Started last = started.get();
        started = Optional.empty();
        return last.agent()
                .close()
                .thenApplyAsync(
                        done -> {
                            last.program().remove();
                            return done;
                        },
                        files);
    }

    private static SwarmSpec ofControllers(SwarmSpec swarm) {
        return swarm.withRuntime(runtime(swarm).controllers());
    }

    private static RuntimeSpec.Combined runtime(SwarmSpec swarm) {
        if (swarm.runtime() instanceof RuntimeSpec.Combined runtime) {
            return runtime;
        }
        throw new IllegalArgumentException(
                "not of the combined runtime: " + swarm.runtime().name());
    }
}
