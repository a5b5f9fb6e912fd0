package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.LogIds;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real processes, each the leader of a session and process group of its own, that cannot outlive this JVM: the kernel kills a child
 * with the thread that started it, and the {@link Watchdog} kills its descendants.
 *
 * <p>Everything happens on one thread that lives as long as the JVM: PR_SET_PDEATHSIG fires at the end of the parent <em>thread</em>.
 */
public final class OsProcesses implements Processes {
    /**
     * A child waits for a line before it becomes the command, and gives up at the end of its input: there is no moment at which it
     * runs and the watchdog does not know it.
     */
    static final String GATE = "read -r go && exec \"$@\" </dev/null";

    /** In the environment of a child and of all that descends from it: by it those are found that have left its session. */
    static final String CHILD = "SWARM_CHILD";

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);
    private static final Duration WATCHDOG_PATIENCE = Duration.ofSeconds(5);
    private static final Logger log = LoggerFactory.getLogger(OsProcesses.class);

    private final ProcessTools tools;
    private final String incarnation;
    private final Duration grace;
    private final LogFiles logFiles;
    private final ScheduledThreadPoolExecutor thread;
    private final Watchdog watchdog;
    private final Map<Long, Child> children = new HashMap<>();
    private final Set<Child> ending = new LinkedHashSet<>();
    private final AtomicInteger count = new AtomicInteger();
    private long launched;
    private OptionalLong leaseEnd = OptionalLong.empty();
    private boolean closing;

    /**
     * @param incarnation of this JVM, unique on the machine
     * @param grace between TERM and KILL
     */
    public OsProcesses(ProcessTools tools, String incarnation, Duration grace, LogFiles logFiles) {
        this.tools = tools;
        this.incarnation = incarnation;
        this.grace = grace;
        this.logFiles = logFiles;
        this.thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("processes").daemon().factory());
        this.watchdog =
                CompletableFuture.supplyAsync(this::startWatchdog, thread).join();
    }

    @Override
    public CompletionStage<Running> start(ProcessSpec spec) {
        return CompletableFuture.supplyAsync(() -> launch(spec), LogIds.carrying(thread));
    }

    @Override
    public int count() {
        return count.get();
    }

    /**
     * From then on nothing may be started, and what runs is killed, even if this JVM stands still. Without a call there is no limit.
     *
     * @param bootSeconds by {@link BootClock}
     */
    public void mayRunUntil(long bootSeconds) {
        thread.execute(() -> {
            leaseEnd = OptionalLong.of(Math.max(bootSeconds, leaseEnd.orElse(0)));
            watchdog.lease(bootSeconds);
        });
    }

    @Override
    public CompletionStage<Done> close() {
        return CompletableFuture.completedFuture(Done.getInstance())
                .thenComposeAsync(begun -> stopAll(), thread)
                .thenApplyAsync(
                        none -> {
                            if (!watchdog.close(WATCHDOG_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                                log.warn("the watchdog [{}] did not end in time", watchdog.pid());
                            }
                            return Done.getInstance();
                        },
                        thread);
    }

    private Watchdog startWatchdog() {
        try {
            return new Watchdog(tools, incarnation, thread);
        } catch (IOException e) {
            throw new ProcessFailed("cannot start processes here: " + e.getMessage(), e);
        }
    }

    private CompletableFuture<Void> stopAll() {
        closing = true;
        // What a child left behind that ended by itself is being killed already; it must be gone as well.
        return CompletableFuture.allOf(Stream.concat(
                        List.copyOf(children.values()).stream().map(Child::end),
                        List.copyOf(ending).stream().map(child -> child.gone))
                .toArray(CompletableFuture<?>[]::new));
    }

    private Running launch(ProcessSpec spec) {
        if (closing) {
            throw new ProcessFailed("the worker is ending: " + spec.name() + " is not started", null);
        }
        if (leaseEnd.isPresent() && BootClock.seconds() >= leaseEnd.getAsLong()) {
            throw new ProcessFailed(
                    "this worker has not heard from the coordinator for so long that others may run its hosts: "
                            + spec.name() + " is not started",
                    null);
        }
        List<String> command = new ArrayList<>(List.of(
                tools.setsid().toString(),
                tools.setpriv().toString(),
                "--pdeathsig",
                "KILL",
                "--",
                tools.shell().toString(),
                "-c",
                GATE,
                "swarm-gate"));
        command.addAll(spec.command());
        try {
            makePrivateFolder(spec.folder());
            makePrivateFolder(spec.logFile().getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(spec.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(spec.logFile().toFile()));
            builder.environment().clear();
            builder.environment().putAll(spec.environment());
            builder.environment().put(Watchdog.INCARNATION, incarnation);
            launched++;
            String mark = incarnation + "/" + launched;
            builder.environment().put(CHILD, mark);
            Child child = new Child(spec, CHILD + "=" + mark, builder.start());
            watchdog.add(child.pid());
            child.openGate();
            children.put(child.pid(), child);
            count.incrementAndGet();
            logFiles.watch(spec.logFile());
            spec.ownLog().ifPresent(logFiles::watch);
            CompletionStage<Void> unused = child.process
                    .onExit()
                    .thenAccept(ended -> thread.execute(() -> LogIds.with(child.ids, () -> child.ended(ended))));
            log.info("started {} as process [{}]", spec.name(), child.pid());
            return child;
        } catch (IOException | UncheckedIOException e) {
            throw new ProcessFailed("cannot start " + spec.name() + ": " + e.getMessage(), e);
        }
    }

    private static void makePrivateFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** A task's failure must not vanish with a future that nobody holds. */
    private void after(long nanos, Runnable task) {
        Executor later = CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, thread);
        later.execute(LogIds.carried(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                log.error("looking after processes failed", e);
            }
        }));
    }

    /** Looks which of the ending groups are gone; again after a while as long as one is there. One look serves all. */
    private void look() {
        long before = System.nanoTime();
        try {
            lookAt(ProcessTable.read());
        } catch (UncheckedIOException e) {
            log.warn("cannot read the process table: {}", e.getMessage());
        }
        if (!ending.isEmpty()) {
            // A look at thousands of processes takes its time: do not spend more than a fifth of a core on it.
            long took = System.nanoTime() - before;
            after(Math.max(LOOK_INTERVAL.toNanos(), 4 * took), this::look);
        }
    }

    /** The cost of a look grows with the processes, not with their product: a worker that ends has thousands to look after. */
    private void lookAt(ProcessTable table) {
        Map<Long, Set<Long>> groups = table.groups();
        Map<String, Child> dead = new HashMap<>();
        for (Child child : ending) {
            Set<Long> left = groups.getOrDefault(child.pid(), Set.of());
            if (left.isEmpty() && !child.process.isAlive()) {
                dead.put(child.mark, child);
            } else {
                child.hasLeft(left);
            }
        }
        if (!dead.isEmpty()) {
            Map<String, Set<Long>> strays = table.groupsCarrying(dead.keySet(), children.keySet());
            dead.forEach((mark, child) -> child.died(strays.getOrDefault(mark, Set.of())));
        }
    }

    /** A child process; its private methods run on the one thread. */
    private final class Child implements Running {
        private final ProcessSpec spec;
        private final String mark;
        private final Process process;
        private final Instant startedAt = Instant.now();
        /** Of whom it was started for: whoever hears of its end goes on with them. */
        private final Map<String, String> ids = LogIds.here();

        private final CompletableFuture<Exit> exit = new CompletableFuture<>();
        private final CompletableFuture<Done> gone = new CompletableFuture<>();
        private boolean requested;
        private boolean killing;
        private boolean suspended;

        private Child(ProcessSpec spec, String mark, Process process) {
            this.spec = spec;
            this.mark = mark;
            this.process = process;
        }

        @Override
        public long pid() {
            return process.pid();
        }

        @Override
        public Instant startedAt() {
            return startedAt;
        }

        @Override
        public Path logFile() {
            return spec.logFile();
        }

        @Override
        public CompletionStage<Exit> exit() {
            return exit;
        }

        @Override
        public CompletionStage<Done> stop() {
            return onThread(this::end);
        }

        @Override
        public CompletionStage<Done> kill() {
            return onThread(() -> {
                if (!gone.isDone()) {
                    requested = true;
                    killing = true;
                    watchdog.signal("KILL", pid());
                    awaitGone();
                }
                return gone;
            });
        }

        @Override
        public CompletionStage<Done> suspend() {
            return onThread(() -> {
                suspended = true;
                CompletableFuture<Done> still = new CompletableFuture<>();
                makeStill(still, new HashSet<>());
                return still;
            });
        }

        @Override
        public CompletionStage<Done> resume() {
            return onThread(() -> {
                goOn();
                return CompletableFuture.completedFuture(Done.getInstance());
            });
        }

        @Override
        public CompletionStage<Integer> killDescendants(Set<String> programs) {
            return onThread(() -> {
                List<ProcessHandle> found = family().stream()
                        .filter(entry -> entry.pid() != pid())
                        .filter(entry ->
                                ProcessTable.words(entry.pid()).stream().anyMatch(programs::contains))
                        .flatMap(entry -> ProcessHandle.of(entry.pid()).stream())
                        .toList();
                found.forEach(ProcessHandle::destroyForcibly);
                return CompletableFuture.completedFuture(found.size());
            });
        }

        private <T> CompletionStage<T> onThread(Supplier<CompletableFuture<T>> work) {
            return CompletableFuture.completedFuture(Done.getInstance())
                    .thenComposeAsync(begun -> work.get(), LogIds.carrying(thread));
        }

        private List<ProcessTable.Entry> family() {
            return ProcessTable.read().familyOf(pid(), mark, children.keySet());
        }

        /**
         * Again until nothing moves: a process may have forked between the look and the signal.
         *
         * @param told groups that have had the signal once
         */
        private void makeStill(CompletableFuture<Done> still, Set<Long> told) {
            try {
                Set<Long> toTell = suspended && !requested && !gone.isDone() ? movingOrNew(told) : Set.of();
                toTell.forEach(group -> watchdog.signal("STOP", group));
                told.addAll(toTell);
                if (toTell.isEmpty()) {
                    still.complete(Done.getInstance());
                } else {
                    after(LOOK_INTERVAL.toNanos(), () -> makeStill(still, told));
                }
            } catch (UncheckedIOException e) {
                still.completeExceptionally(e);
            }
        }

        private Set<Long> movingOrNew(Set<Long> told) {
            return family().stream()
                    .filter(entry -> !entry.still() || !told.contains(entry.group()))
                    .map(ProcessTable.Entry::group)
                    .collect(Collectors.toSet());
        }

        private void goOn() {
            if (suspended) {
                suspended = false;
                family().stream()
                        .map(ProcessTable.Entry::group)
                        .distinct()
                        .forEach(group -> watchdog.signal("CONT", group));
            }
        }

        private void openGate() throws IOException {
            try (OutputStream gate = process.getOutputStream()) {
                gate.write('\n');
            } catch (IOException e) {
                watchdog.signal("KILL", pid());
                watchdog.remove(pid());
                throw e;
            }
        }

        private CompletableFuture<Done> end() {
            if (!requested && !gone.isDone()) {
                requested = true;
                watchdog.signal("TERM", pid());
                // What stands still hears it only when it goes on.
                goOn();
                after(grace.toNanos(), this::killSurvivor);
                awaitGone();
            }
            return gone;
        }

        private void killSurvivor() {
            if (!gone.isDone()) {
                log.info("{} outlives its grace of [{}]: killing process group [{}]", spec.name(), grace, pid());
                killing = true;
                watchdog.signal("KILL", pid());
            }
        }

        private void ended(Process ended) {
            Exit end = new Exit(ended.exitValue(), requested);
            log.info(
                    "{}, process [{}], exited with [{}] after [{}]",
                    spec.name(),
                    pid(),
                    end.status(),
                    Duration.between(startedAt, Instant.now()));
            children.remove(pid());
            count.decrementAndGet();
            if (!requested) {
                // Stragglers of a process that ended by itself get no grace: the next one may start at once.
                killing = true;
                watchdog.signal("KILL", pid());
                awaitGone();
            }
            exit.complete(end);
        }

        private void awaitGone() {
            if (ending.add(this) && ending.size() == 1) {
                // It looks at all of them.
                LogIds.without(() -> after(LOOK_INTERVAL.toNanos(), OsProcesses.this::look));
            }
        }

        /** @param strays groups of what has left its session */
        private void died(Set<Long> strays) {
            if (strays.isEmpty()) {
                ending.remove(this);
                watchdog.remove(pid());
                LogIds.with(ids, () -> gone.complete(Done.getInstance()));
                return;
            }
            if (!killing) {
                // They did not hear the TERM that went to the child's own group.
                strays.forEach(group -> watchdog.signal("TERM", group));
            }
            hasLeft(strays);
        }

        private void hasLeft(Set<Long> groups) {
            if (killing) {
                groups.forEach(group -> watchdog.signal("KILL", group));
            }
        }
    }
}
