package io.assistedswarm.worker;

import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;

/** Processes whose start and end a test decides. */
public final class TestingProcesses implements Processes {
    private final List<TestingProcess> started = new ArrayList<>();
    private boolean holding;

    /** From now on a process starts only when {@link TestingProcess#completeStart} is called. */
    public synchronized void hold() {
        holding = true;
    }

    @Override
    public synchronized CompletionStage<Running> start(ProcessSpec spec) {
        TestingProcess process = new TestingProcess(spec, 1000L + started.size());
        started.add(process);
        if (!holding) {
            process.completeStart();
        }
        return process.start;
    }

    public synchronized List<TestingProcess> started() {
        return List.copyOf(started);
    }

    @Override
    public int count() {
        return (int)
                started().stream().filter(process -> !process.exit.isDone()).count();
    }

    @Override
    public CompletionStage<Done> close() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    /** One of them. A stop is confirmed when the test says that the group is gone. */
    public static final class TestingProcess implements Running {
        public final ProcessSpec spec;
        public final CompletableFuture<Done> gone = new CompletableFuture<>();
        public volatile Instant startedAt = TestingEquipment.NOW;
        private final long pid;
        private final CompletableFuture<Running> start = new CompletableFuture<>();
        private final CompletableFuture<Exit> exit = new CompletableFuture<>();
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private volatile boolean stopped;
        public volatile int installers;
        public volatile Map<String, Long> had = Map.of(SwarmClosed.PROCESS, 1L);

        private TestingProcess(ProcessSpec spec, long pid) {
            this.spec = spec;
            this.pid = pid;
        }

        public void completeStart() {
            start.complete(this);
        }

        public void exit(int status) {
            exit.complete(new Exit(status, stopped));
        }

        public boolean isStopped() {
            return stopped;
        }

        /** What was done to it beside being stopped, in order. */
        public List<String> calls() {
            return List.copyOf(calls);
        }

        @Override
        public Map<String, Long> had() {
            return had;
        }

        @Override
        public CompletionStage<Done> kill() {
            calls.add("kill");
            stopped = true;
            return gone;
        }

        @Override
        public CompletionStage<Done> suspend() {
            calls.add("suspend");
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public CompletionStage<Done> resume() {
            calls.add("resume");
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public CompletionStage<Integer> killDescendants(Set<String> programs) {
            calls.add("kill " + String.join(" ", new TreeSet<>(programs)));
            return CompletableFuture.completedFuture(installers);
        }

        @Override
        public long pid() {
            return pid;
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
            stopped = true;
            return gone;
        }
    }
}
