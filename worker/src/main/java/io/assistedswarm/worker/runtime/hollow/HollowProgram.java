package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.Background;
import io.assistedswarm.agent.Gate;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent or a controller within this JVM: some virtual threads with one fate. As with a process, its end is that of all that it
 * does, and once it is told to end nothing of it becomes visible to others any more.
 */
final class HollowProgram implements Running, Gate, Background {
    private static final Logger log = LoggerFactory.getLogger(HollowProgram.class);
    private static final int BROKEN = 1;
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    private final String label;
    private final String whose;
    private final Supplier<Map<String, String>> ids;
    private final Path logFile;
    private final HollowLease lease;
    private final Instant startedAt;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    /** Guarded by this, as are the next three. */
    private final Set<Thread> threads = new HashSet<>(4);

    private OptionalInt status = OptionalInt.empty();
    private boolean requested;
    private Optional<HollowInstaller> installer = Optional.empty();
    /** Open while it stands still; null while it moves. */
    private volatile CountDownLatch standstill;

    private volatile boolean ended;
    private volatile Runnable whenOver = () -> {};

    /** @param ids for the worker's own log, as is {@code whose} */
    HollowProgram(
            String label,
            String whose,
            Supplier<Map<String, String>> ids,
            Path logFile,
            HollowLease lease,
            Instant startedAt) {
        this.label = label;
        this.whose = whose;
        this.ids = ids;
        this.logFile = logFile;
        this.lease = lease;
        this.startedAt = startedAt;
    }

    /** @param main gives its exit status */
    void run(Callable<Integer> main) {
        Thread unused = start("main", () -> {
            int result;
            try {
                result = main.call();
            } catch (InterruptedException e) {
                result = TERMINATED;
            } catch (Exception e) {
                LogIds.with(ids.get(), () -> log.error("[{}] of [{}] broke", label, whose, e));
                result = BROKEN;
            }
            end(result, false);
        });
    }

    @Override
    public synchronized Thread start(String name, Runnable work) {
        Thread thread = Thread.ofVirtual().unstarted(() -> {
            try {
                work.run();
            } finally {
                over(Thread.currentThread());
            }
        });
        if (!ended) {
            threads.add(thread);
            thread.start();
        }
        return thread;
    }

    /** A virtual thread that waits keeps room for the deepest stack that it has had: a request is three times as deep as the wait after it. */
    @Override
    public <T> T aside(String name, Errand<T> errand) throws InterruptedException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = start(name, () -> {
            try {
                done.complete(errand.run());
            } catch (InterruptedException | RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        if (thread.getState() == Thread.State.NEW) {
            throw hasEnded();
        }
        try {
            return done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException broken -> throw broken;
                case Error broken -> throw broken;
                default -> throw hasEnded();
            }
        }
    }

    private synchronized void over(Thread thread) {
        threads.remove(thread);
        if (ended && threads.isEmpty()) {
            exited();
        }
    }

    private void exited() {
        whenOver.run();
        exit.complete(new Exit(status.orElseThrow(), requested));
    }

    /** Done before anybody hears of its end; to be said before it runs. */
    void whenOver(Runnable last) {
        whenOver = last;
    }

    /** Its first end counts. */
    private synchronized void end(int result, boolean asked) {
        requested |= asked;
        if (ended) {
            return;
        }
        status = OptionalInt.of(result);
        ended = true;
        resumeNow();
        threads.stream().filter(thread -> thread != Thread.currentThread()).forEach(Thread::interrupt);
        if (threads.isEmpty()) {
            exited();
        }
    }

    /** As the watchdog does with processes: nobody has asked for it, and others may run the host. */
    void leaseIsOver() {
        end(KILLED, false);
    }

    @Override
    public void pass() throws InterruptedException {
        for (CountDownLatch still = standstill; still != null && !ended; still = standstill) {
            still.await();
        }
        if (lease.isOver()) {
            leaseIsOver();
        }
        if (ended) {
            throw hasEnded();
        }
    }

    private InterruptedException hasEnded() {
        return new InterruptedException(this + " has been ended");
    }

    synchronized void installs(HollowInstaller installing) {
        installer = Optional.of(installing);
    }

    @Override
    public Map<String, Long> had() {
        return Map.of(SwarmClosed.HOLLOW, 1L);
    }

    @Override
    public long pid() {
        return 0;
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    @Override
    public Path logFile() {
        return logFile;
    }

    @Override
    public CompletionStage<Exit> exit() {
        return exit;
    }

    @Override
    public CompletionStage<Done> stop() {
        end(TERMINATED, true);
        return gone();
    }

    @Override
    public CompletionStage<Done> kill() {
        end(KILLED, true);
        return gone();
    }

    private CompletionStage<Done> gone() {
        return exit.thenApply(done -> Done.getInstance());
    }

    @Override
    public synchronized CompletionStage<Done> suspend() {
        if (!ended && standstill == null) {
            standstill = new CountDownLatch(1);
        }
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> resume() {
        resumeNow();
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    private synchronized void resumeNow() {
        CountDownLatch still = standstill;
        standstill = null;
        if (still != null) {
            still.countDown();
        }
    }

    @Override
    public CompletionStage<Integer> killDescendants(Set<String> programs) {
        Optional<HollowInstaller> running;
        synchronized (this) {
            running = installer;
        }
        return CompletableFuture.completedFuture(
                programs.contains(HollowInstaller.NAME)
                                && running.filter(HollowInstaller::kill).isPresent()
                        ? 1
                        : 0);
    }

    @Override
    public String toString() {
        return label + " of " + whose;
    }
}
