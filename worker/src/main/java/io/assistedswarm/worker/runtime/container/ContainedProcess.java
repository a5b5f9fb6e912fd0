package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process and the containers that were started in its name. When it has ended, however that came, they are removed with their
 * store; only then does it count as ended, so that no next one finds them.
 */
final class ContainedProcess implements Running {
    private static final Logger log = LoggerFactory.getLogger(ContainedProcess.class);
    private final Running process;
    private final IntSupplier remove;
    private final Executor files;
    private final CompletableFuture<Exit> exit;
    private CompletableFuture<Done> removal;
    private volatile long mounts;

    /** @param remove takes away its containers and what else it has left, and says how many mounts there were; blocks */
    ContainedProcess(Running process, IntSupplier remove, Executor files) {
        this.process = process;
        this.remove = remove;
        this.files = files;
        this.exit = process.exit()
                .thenCompose(ended -> removal().thenApply(done -> ended))
                .toCompletableFuture();
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public Map<String, Long> had() {
        return Map.of(SwarmClosed.PROCESS, 1L, SwarmClosed.CONTAINER_STORE, 1L, SwarmClosed.MOUNT, mounts);
    }

    @Override
    public Instant startedAt() {
        return process.startedAt();
    }

    @Override
    public Path logFile() {
        return process.logFile();
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit;
    }

    @Override
    public CompletionStage<Done> stop() {
        return process.stop().thenCompose(done -> removal());
    }

    @Override
    public CompletionStage<Done> kill() {
        return process.kill().thenCompose(done -> removal());
    }

    /** What is in containers carries the process' mark, and so stands still with it. */
    @Override
    public CompletionStage<Done> suspend() {
        return process.suspend();
    }

    @Override
    public CompletionStage<Done> resume() {
        return process.resume();
    }

    @Override
    public CompletionStage<Integer> killDescendants(Set<String> programs) {
        return process.killDescendants(programs);
    }

    private synchronized CompletableFuture<Done> removal() {
        if (removal == null) {
            removal = CompletableFuture.supplyAsync(this::removed, files);
        }
        return removal;
    }

    private Done removed() {
        try {
            mounts = remove.getAsInt();
        } catch (RuntimeException e) {
            // Tried again before the next start and when the swarm is closed, which fails if it is still there.
            log.warn("containers of process [{}] are not removed yet: {}", process.pid(), e.getMessage());
        }
        return Done.getInstance();
    }
}
