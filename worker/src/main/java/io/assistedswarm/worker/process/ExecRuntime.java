package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.process.Processes.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/**
 * Runs one operating-system process per agent and per controller, from the command lines and environments that the swarm gives. A
 * child's environment holds PATH and HOME of the worker, what the template says, and the ids of whose it is; nothing else of the
 * worker's own.
 *
 * @param workspace where hosts have their files
 * @param data the worker's data folder, by which its processes are known
 * @param inherited the worker's environment, of which PATH and HOME are handed on
 * @param files runs what blocks on the file system
 */
public record ExecRuntime(
        WorkerName worker,
        Workspace workspace,
        Path data,
        Processes processes,
        Map<String, String> inherited,
        Executor files)
        implements AgentRuntime {
    private static final List<String> HANDED_ON = List.of("PATH", "HOME");

    public ExecRuntime {
        inherited = Map.copyOf(inherited);
    }

    /** Hosts have their files in the worker's data folder. */
    public ExecRuntime(
            WorkerName worker,
            Workspace workspace,
            Processes processes,
            Map<String, String> inherited,
            Executor files) {
        this(worker, workspace, workspace.root(), processes, inherited, files);
    }

    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return start(order.cluster(), () -> agent(host, order));
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        return start(order.cluster(), () -> controller(clusterUuid, order));
    }

    /** The same, for hosts whose files are elsewhere. */
    public ExecRuntime in(Workspace other) {
        return new ExecRuntime(worker, other, data, processes, inherited, files);
    }

    private CompletionStage<Running> start(ClusterSpec cluster, Supplier<ProcessSpec> spec) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            workspace.prepare(cluster);
                            return spec.get();
                        },
                        files)
                .thenCompose(processes::start);
    }

    /** @throws IllegalArgumentException when a template cannot be rendered, or would show a secret in a command line */
    public ProcessSpec agent(HostId host, Order order) {
        SwarmSpec swarm = order.swarm();
        ClusterSpec cluster = order.cluster();
        InfraEnvAccess access = order.access();
        TemplateScope scope = withRuntimeNames(
                TemplateScope.ofHost(swarm, cluster, host), cluster, host, access, workspace.hostFolder(host));
        RuntimeSpec.Exec exec = swarm.runtime().commandLines();
        Map<String, String> environment = environment(exec.agentEnvironment(), scope, host.name(), order);
        refusedName(cluster, host).ifPresent(name -> environment.put("DRY_FORCED_HOSTNAME", name));
        return new ProcessSpec(
                "agent of " + host,
                command(exec.agentCommand(), scope, swarm, access),
                environment,
                workspace.hostFolder(host),
                workspace.agentLog(host));
    }

    /** @throws IllegalArgumentException when a template cannot be rendered, or would show a secret in a command line */
    public ProcessSpec controller(String clusterUuid, Order order) {
        SwarmSpec swarm = order.swarm();
        ClusterSpec cluster = order.cluster();
        InfraEnvAccess access = order.access();
        TemplateScope scope = withRuntimeNames(
                        TemplateScope.ofCluster(swarm, cluster),
                        cluster,
                        cluster.host(0),
                        access,
                        workspace.controllerFolder(cluster.id()))
                .with("clusterUuid", clusterUuid);
        RuntimeSpec.Exec exec = swarm.runtime().commandLines();
        return new ProcessSpec(
                "controller of " + cluster.id(),
                command(exec.controllerCommand(), scope, swarm, access),
                environment(exec.controllerEnvironment(), scope, cluster.id().name() + "/controller", order),
                workspace.controllerFolder(cluster.id()),
                workspace.controllerLog(cluster.id()));
    }

    /**
     * For a host that is to stay short of validation {@code hostname-valid}, a name of its own that is refused. Not {@code localhost}:
     * the agent replaces that with a good one before anybody sees it (assisted-installer-agent, src/inventory/inventory.go).
     */
    public static Optional<String> refusedName(ClusterSpec cluster, HostId host) {
        return cluster.fault(host)
                .filter(fault -> fault.kind() == Fault.Kind.FAIL_VALIDATION)
                .map(fault -> host.name() + "_");
    }

    private TemplateScope withRuntimeNames(
            TemplateScope scope, ClusterSpec cluster, HostId markerOf, InfraEnvAccess access, Path folder) {
        return scope.with("infraEnv", Map.of("id", access.infraEnvId()))
                .with("worker", Map.of("name", worker.value()))
                .with(
                        "files",
                        Map.of(
                                "marker", workspace.marker(markerOf).toString(),
                                "hosts", workspace.hostsFile(cluster.id()).toString(),
                                "folder", folder.toString()));
    }

    private static List<String> command(
            List<String> templates, TemplateScope scope, SwarmSpec swarm, InfraEnvAccess access) {
        String why = " is in the process list for everybody: use an environment variable";
        templates.stream()
                .filter(text -> text.matches("(?s).*\\{\\{[{&#^]?\\s*token\\b.*"))
                .findFirst()
                .ifPresent(text -> {
                    throw new IllegalArgumentException("'" + text + "': a command line with {{token}}" + why);
                });
        List<String> command = scope.renderArguments(templates);
        String pullSecret = swarm.service().pullSecret().reveal();
        boolean shows = Stream.of(
                        pullSecret,
                        access.token().reveal(),
                        Base64.getEncoder().encodeToString(pullSecret.getBytes(StandardCharsets.UTF_8)))
                .filter(secret -> !secret.isEmpty())
                .anyMatch(secret -> command.stream().anyMatch(argument -> argument.contains(secret)));
        if (shows) {
            throw new IllegalArgumentException("a command line with the pull secret or token in it" + why);
        }
        return command;
    }

    private Map<String, String> environment(
            Map<String, String> templates, TemplateScope scope, String host, Order order) {
        Map<String, String> environment = new LinkedHashMap<>();
        HANDED_ON.stream().filter(inherited::containsKey).forEach(name -> environment.put(name, inherited.get(name)));
        Secret token = order.access().token();
        environment.putAll(scope.with("token", token.reveal()).renderEnvironment(templates));
        environment.put("SWARM_WORKER", worker.value());
        environment.put(Processes.DATA_FOLDER, data.toString());
        environment.put("SWARM_ID", order.swarm().id().value());
        environment.put("SWARM_HOST", host);
        environment.put("SWARM_GENERATION", String.valueOf(order.generation()));
        return environment;
    }
}
