package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.process.AgentRuntime;
import io.assistedswarm.worker.process.LogFiles;
import io.assistedswarm.worker.process.Markers;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/**
 * Plays agents and controllers within the worker: the behaviour of {@code io.assistedswarm.agent} on virtual threads, with the
 * connections of a swarm in common. Thread-safe.
 */
public final class HollowRuntime implements AgentRuntime {
    /** So long an end of the lease may stay unnoticed by a host that sends nothing. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final WorkerName worker;
    private final Workspace workspace;
    private final LogFiles logFiles;
    private final Executor files;
    private final MarkerBoard markers;
    private final HollowLease lease;
    /** Guarded by this, as are the next two. */
    private final Map<SwarmId, HollowSwarm> swarms = new HashMap<>();

    private final Map<SwarmId, Set<HollowProgram>> programs = new HashMap<>();
    private boolean closed;

    /** @param files runs what blocks */
    public HollowRuntime(WorkerName worker, Workspace workspace, LogFiles logFiles, Executor files) {
        this(worker, workspace, logFiles, files, new HollowLease());
    }

    HollowRuntime(WorkerName worker, Workspace workspace, LogFiles logFiles, Executor files, HollowLease lease) {
        this.worker = worker;
        this.workspace = workspace;
        this.logFiles = logFiles;
        this.files = files;
        this.markers = new MarkerBoard(workspace);
        this.lease = lease;
        Thread.ofVirtual().name("hollow-lease").start(this::watchLease);
    }

    /** The reboot markers of this worker: of swarms of this runtime, and of all others. */
    public Markers markers() {
        return markers;
    }

    @Override
    public CompletionStage<Done> prepare(SwarmSpec swarm) {
        RuntimeSpec.Hollow runtime = runtime(swarm);
        synchronized (this) {
            if (!swarms.containsKey(swarm.id())) {
                swarms.put(swarm.id(), new HollowSwarm(worker.value(), swarm, runtime, markers));
                markers.open(swarm.id());
            }
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Running> startAgent(HostId host, Order order) {
        return start(
                order,
                workspace.agentLog(host),
                logFile -> new HollowProgram(
                        "hollow agent", host.toString(), () -> LogIds.of(host), logFile, lease, Instant.now()),
                (swarm, program, log) -> swarm.agent(host, order, program, log));
    }

    @Override
    public CompletionStage<Running> startController(String clusterUuid, Order order) {
        ClusterId cluster = order.cluster().id();
        return start(
                order,
                workspace.controllerLog(cluster),
                logFile -> new HollowProgram(
                        "hollow controller",
                        cluster.toString(),
                        () -> LogIds.of(cluster),
                        logFile,
                        lease,
                        Instant.now()),
                (swarm, program, log) -> swarm.controller(clusterUuid, order, program, log));
    }

    /** Makes what a program does. */
    private interface Script {
        Callable<Integer> of(HollowSwarm swarm, HollowProgram program, HollowLog log);
    }

    private interface Cast {
        HollowProgram with(Path logFile);
    }

    private CompletionStage<Running> start(Order order, Path logFile, Cast cast, Script script) {
        HollowSwarm swarm = swarm(order.swarm());
        return log(swarm, logFile).thenApply(log -> {
            HollowProgram program = cast.with(logFile);
            Callable<Integer> main = script.of(swarm, program, log);
            add(order.swarm().id(), program);
            program.run(main);
            return program;
        });
    }

    private CompletionStage<HollowLog> log(HollowSwarm swarm, Path logFile) {
        if (!swarm.keepsLogs()) {
            return CompletableFuture.completedFuture(HollowLog.NONE);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return HollowLog.open(logFile, logFiles);
                    } catch (IOException e) {
                        throw new ProcessFailed("cannot write " + logFile + ": " + e.getMessage(), e);
                    }
                },
                files);
    }

    private synchronized HollowSwarm swarm(SwarmSpec swarm) {
        HollowSwarm open = swarms.get(swarm.id());
        if (open == null) {
            throw new ProcessFailed("swarm " + swarm.id() + " is not open on this worker", null);
        }
        return open;
    }

    private synchronized void add(SwarmId swarm, HollowProgram program) {
        if (closed || !swarms.containsKey(swarm)) {
            throw new ProcessFailed("the worker is ending or closing the swarm: " + program + " is not started", null);
        }
        if (lease.isOver()) {
            throw new ProcessFailed(
                    "this worker has not heard from the coordinator for so long that others may run its hosts: "
                            + program + " is not started",
                    null);
        }
        programs.computeIfAbsent(swarm, unused -> new HashSet<>()).add(program);
        // Not a stage of its exit: who waits for that counts what is left.
        program.whenOver(() -> remove(swarm, program));
    }

    private synchronized void remove(SwarmId swarm, HollowProgram program) {
        programs.computeIfPresent(swarm, (id, running) -> {
            running.remove(program);
            return running.isEmpty() ? null : running;
        });
    }

    @Override
    public CompletionStage<Done> close(SwarmId swarm) {
        CompletionStage<Done> ended = end(programsOf(swarm));
        return ended.thenApply(done -> {
            forget(swarm);
            return done;
        });
    }

    private synchronized void forget(SwarmId swarm) {
        HollowSwarm open = swarms.remove(swarm);
        if (open != null) {
            open.close();
        }
        markers.close(swarm);
    }

    /** Agents and controllers of the swarm that run now. */
    public synchronized long count(SwarmId swarm) {
        return programs.getOrDefault(swarm, Set.of()).size();
    }

    private synchronized List<HollowProgram> programsOf(SwarmId swarm) {
        return List.copyOf(programs.getOrDefault(swarm, Set.of()));
    }

    private synchronized List<HollowProgram> all() {
        List<HollowProgram> all = new ArrayList<>();
        programs.values().forEach(all::addAll);
        return all;
    }

    /** Starts none any more and ends all there are; completes when none is left. */
    public CompletionStage<Done> endAll() {
        synchronized (this) {
            closed = true;
        }
        return end(all());
    }

    private static CompletionStage<Done> end(Collection<HollowProgram> programs) {
        CompletableFuture<?>[] ends = programs.stream()
                .map(program -> program.stop().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(ends).thenApply(none -> Done.getInstance());
    }

    /**
     * From then on none of them acts any more.
     *
     * @param bootSeconds by the boot clock
     */
    public void mayRunUntil(long bootSeconds) {
        lease.mayRunUntil(bootSeconds);
    }

    private void watchLease() {
        try {
            while (!isClosed()) {
                Thread.sleep(LOOK);
                if (lease.isOver()) {
                    all().forEach(HollowProgram::leaseIsOver);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static RuntimeSpec.Hollow runtime(SwarmSpec swarm) {
        if (swarm.runtime() instanceof RuntimeSpec.Hollow runtime) {
            return runtime;
        }
        throw new IllegalArgumentException(
                "the swarm's runtime is " + swarm.runtime().name());
    }
}
