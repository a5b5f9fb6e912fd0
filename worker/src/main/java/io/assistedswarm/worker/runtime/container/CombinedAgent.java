package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The combined agent of this worker while it runs: one program that plays many hosts, asked by one timer how all of them do. */
final class CombinedAgent {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final int UNHEARD = 6;
    private static final Logger log = LoggerFactory.getLogger(CombinedAgent.class);

    private final CombinedApi api;
    private final Running program;
    private final Times times;
    private final Map<Long, CombinedHost> hosts = new LinkedHashMap<>();
    private final Set<Long> stopping = new HashSet<>();
    private final ScheduledThreadPoolExecutor thread;
    private int unheard;
    private boolean ended;

    /**
     * @param start until it is healthy
     * @param poll between two looks at its list
     * @param grace until an agent that was stopped is taken off the list although it has not ended
     */
    record Times(Duration start, Duration poll, Duration grace) {
        static final Times STANDARD = new Times(Duration.ofSeconds(300), Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    private CombinedAgent(CombinedApi api, Running program, Times times) {
        this.api = api;
        this.program = program;
        this.times = times;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("combined-agent").daemon().factory());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                this::look, times.poll().toMillis(), times.poll().toMillis(), TimeUnit.MILLISECONDS);
        CompletionStage<Void> unusedToo = program.exit().thenAccept(this::programEnded);
    }

    /**
     * Starts the program and waits until it is healthy.
     *
     * @throws ProcessFailed saying what to do when it does not come up
     */
    static CombinedAgent start(CombinedApi api, Processes processes, ProcessSpec spec, Times times) {
        if (api.isHealthy()) {
            throw new ProcessFailed(
                    "a combined agent answers at " + api.base() + " already: there is one to a machine. End the other"
                            + " worker's, or whatever it is",
                    null);
        }
        // It is no single host's, and so are the lines about its process.
        Running program = CompletableFuture.completedFuture(spec)
                .thenComposeAsync(processes::start, LogIds::without)
                .join();
        try {
            awaitHealth(api, program, times.start());
            return new CombinedAgent(api, program, times);
        } catch (ProcessFailed e) {
            program.stop().toCompletableFuture().join();
            throw e;
        }
    }

    private static void awaitHealth(CombinedApi api, Running program, Duration limit) {
        Instant deadline = Instant.now().plus(limit);
        while (!api.isHealthy()) {
            if (program.exit().toCompletableFuture().isDone()) {
                throw new ProcessFailed("the combined agent ended at once: " + lastLine(program.logFile()), null);
            }
            if (Instant.now().isAfter(deadline)) {
                throw new ProcessFailed(
                        "the combined agent does not answer at " + api.base() + " after " + limit.toSeconds()
                                + " s; its log is " + program.logFile(),
                        null);
            }
            try {
                Thread.sleep(LOOK_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProcessFailed("interrupted while waiting for the combined agent", e);
            }
        }
    }

    private static String lastLine(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException e) {
            return "its log " + file + " cannot be read";
        }
    }

    synchronized boolean isRunning() {
        return !ended;
    }

    Path logFile() {
        return program.logFile();
    }

    /** Blocks until the program has taken the host. */
    CombinedHost add(HostId host, Map<String, String> parameters, Path ownMarker, Workspace workspace) {
        CombinedHost added = new CombinedHost(
                host,
                api.create("agent of " + host, parameters),
                ownMarker,
                workspace,
                program.logFile(),
                Instant.now(),
                new CompletableFuture<>(),
                new CompletableFuture<>(),
                this);
        synchronized (this) {
            if (!ended) {
                hosts.put(added.id(), added);
                return added;
            }
        }
        throw new ProcessFailed("the combined agent ended while it was given the agent of " + host, null);
    }

    /** The agent is told by its marker, and taken off the list when it has ended or its grace is over. */
    CompletionStage<Done> stop(CombinedHost host) {
        synchronized (this) {
            if (!ended && hosts.containsKey(host.id()) && stopping.add(host.id())) {
                thread.execute(() -> LogIds.with(host.ids(), () -> tellToEnd(host)));
                ScheduledFuture<?> unused = thread.schedule(
                        () -> LogIds.with(host.ids(), () -> giveUp(host)),
                        times.grace().toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        }
        return host.gone();
    }

    private static void tellToEnd(CombinedHost host) {
        try {
            host.makeOwnMarker();
        } catch (ProcessFailed e) {
            log.warn("{}", e.getMessage());
        }
    }

    private void giveUp(CombinedHost host) {
        if (!host.gone().isDone()) {
            log.warn("{} has not ended within [{}]; it will when it has registered", host.label(), times.grace());
            remove(host);
        }
    }

    private void look() {
        try {
            // Those that are known before the question: what comes later is not in the answer.
            List<CombinedHost> asked = running();
            Map<Long, CombinedApi.Status> listed = api.list();
            unheard = 0;
            for (CombinedHost host : asked) {
                if (!isStopping(host)) {
                    host.relayMarker();
                }
                if (listed.get(host.id()) != CombinedApi.Status.RUNNING) {
                    LogIds.with(host.ids(), () -> remove(host));
                }
            }
        } catch (IOException e) {
            unheard++;
            log.warn("the combined agent has not answered [{}] times in a row: {}", unheard, e.toString());
            if (unheard >= UNHEARD) {
                CompletionStage<Done> unused = program.stop();
            }
        } catch (RuntimeException e) {
            // The timer would stop without a word.
            log.error("looking after the hosts of the combined agent failed", e);
        }
    }

    private void remove(CombinedHost host) {
        try {
            api.delete(host.id());
        } catch (IOException e) {
            log.warn("{} is not taken off the list: {}", host.label(), e.toString());
        }
        boolean requested;
        synchronized (this) {
            hosts.remove(host.id());
            requested = stopping.remove(host.id());
        }
        host.ended(requested);
    }

    private synchronized List<CombinedHost> running() {
        return new ArrayList<>(hosts.values());
    }

    private synchronized boolean isStopping(CombinedHost host) {
        return stopping.contains(host.id());
    }

    private void programEnded(Exit exit) {
        List<CombinedHost> left;
        synchronized (this) {
            ended = true;
            left = running();
            hosts.clear();
            thread.shutdown();
        }
        if (!left.isEmpty()) {
            log.warn("the combined agent ended with [{}] and [{}] hosts", exit.status(), left.size());
        }
        left.forEach(host -> host.brokeOff(exit));
    }

    /** Lets the program exit, and ends it if it does not; completes when it has. */
    CompletionStage<Done> close() {
        return CompletableFuture.runAsync(this::askToExit)
                .thenCompose(asked -> program.exit()
                        .thenApply(exit -> Done.getInstance())
                        .toCompletableFuture()
                        .completeOnTimeout(Done.getInstance(), times.grace().toMillis(), TimeUnit.MILLISECONDS))
                .thenCompose(done -> program.stop());
    }

    private void askToExit() {
        if (isRunning()) {
            try {
                api.exit();
            } catch (IOException e) {
                log.warn("the combined agent does not exit by itself: {}", e.toString());
            }
        }
    }
}
