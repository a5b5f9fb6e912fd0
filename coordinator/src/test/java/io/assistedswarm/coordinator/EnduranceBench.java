package io.assistedswarm.coordinator;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What grows in a coordinator, its record and the wiring of two workers while swarms come, end and are deleted all the time. Started by {@code
 * bench/endurance}, and by no build.
 */
class EnduranceBench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOAD = "swarms deleted";
    private static final int AT_A_TIME = 4;
    private static final int SAMPLES = 24;

    /** A figure that is larger by more than this in the last third than in the second has not levelled off. */
    private static final double NOISE = 0.05;

    @TempDir
    private Path data;

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger submitted = new AtomicInteger();
    private final AtomicInteger deleted = new AtomicInteger();
    private ActorSystem<Coordinator.Command> coordinator;
    private ActorRef<SwarmsCommand> swarms;

    @Test
    void levelsOff() throws Exception {
        Duration duration = Duration.ofSeconds(Integer.getInteger("endurance.seconds", 360));
        try (RunRecord record = RunRecord.open(data)) {
            start(record);
            try (TestingWorker a = new TestingWorker("a", 200, address());
                    TestingWorker b = new TestingWorker("b", 200, address())) {
                await(() -> workers().size() == 2);
                Map<String, List<Long>> figures = run(duration, List.of(a, b));
                print(duration, figures);
                assertThat(workers()).allMatch(worker -> worker.used() == 0);
                assertThat(deleted.get()).isEqualTo(submitted.get());
            }
            coordinator.terminate();
            coordinator.getWhenTerminated().toCompletableFuture().join();
        } finally {
            blocking.close();
        }
    }

    private void start(RunRecord record) {
        CompletableFuture<ActorRef<SwarmsCommand>> started = new CompletableFuture<>();
        CoordinatorSettings settings = CoordinatorSettings.read(Map.of("port", 0, "data", data.toString()));
        coordinator = ActorSystem.create(
                Coordinator.create(
                        record,
                        record.memory(),
                        new EmptyHub(),
                        new AssistedService(blocking),
                        blocking,
                        new Fencing(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMinutes(1), 25),
                        100,
                        started::complete),
                "assisted-swarm",
                ConfigFactory.parseString("pekko.coordinated-shutdown.exit-jvm = off")
                        .withFallback(settings.actorSystem()));
        swarms = started.join();
    }

    private Map<String, List<Long>> run(Duration duration, List<TestingWorker> workers)
            throws InterruptedException, ExecutionException, IOException {
        Instant end = Instant.now().plus(duration);
        Map<String, List<Long>> figures = new LinkedHashMap<>();
        try (ExecutorService users = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                running.add(users.submit(() -> comeAndGo(end)));
            }
            for (int i = 1; i <= SAMPLES; i++) {
                Instant due = end.minus(duration.multipliedBy(SAMPLES - i).dividedBy(SAMPLES));
                Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis()));
                workers.forEach(TestingWorker::forget);
                sample(figures);
            }
            for (Future<?> user : running) {
                user.get();
            }
        }
        return figures;
    }

    private void comeAndGo(Instant end) {
        while (Instant.now().isBefore(end)) {
            SwarmId id = new SwarmId("s" + submitted.incrementAndGet());
            Submission submission = new Submission(
                    Optional.of(id.value()),
                    plan(Pace.UNLIMITED, clusters(10, 3, 0)),
                    Samples.service("quay.io/agent:latest"),
                    Samples.runtime(),
                    Samples.manifests());
            ask((ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Submit(submission, replyTo));
            await(() -> state(id) == SwarmState.DONE);
            ask((ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Delete(id, false, replyTo));
            await(() -> state(id) == SwarmState.DELETED);
            deleted.incrementAndGet();
        }
    }

    private void sample(Map<String, List<Long>> figures) throws IOException {
        System.gc();
        add(
                figures,
                "heap KiB",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
        add(figures, "threads", ManagementFactory.getThreadMXBean().getThreadCount());
        add(figures, "descriptors", count(Path.of("/proc/self/fd")));
        add(figures, "berths", TestingWorker.berths());
        add(figures, "record KiB", bytes(data) >> 10);
        add(figures, "swarms listed", list().size());
        add(figures, LOAD, deleted.get());
    }

    private static void add(Map<String, List<Long>> figures, String name, long value) {
        figures.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    private static void print(Duration duration, Map<String, List<Long>> figures) {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%nendurance: %d s, %d samples%n%-16s", duration.toSeconds(), SAMPLES, ""));
        text.append(String.format("%12s%12s%12s%12s%n", "1st third", "2nd third", "last third", "last"));
        figures.forEach((name, values) -> {
            double second = mean(values, 1);
            double last = mean(values, 2);
            text.append(String.format(
                    Locale.ROOT,
                    "%-16s%12.0f%12.0f%12.0f%12d  %s%n",
                    name,
                    mean(values, 0),
                    second,
                    last,
                    values.getLast(),
                    name.equals(LOAD)
                            ? "so far"
                            : last <= second * (1 + NOISE) + 2
                                    ? "levels off"
                                    : String.format(Locale.ROOT, "grows, by %.0f %%", 100 * (last / second - 1))));
        });
        System.out.println(text);
    }

    private static double mean(List<Long> values, int third) {
        int length = values.size() / 3;
        return values.subList(third * length, (third + 1) * length).stream()
                .mapToLong(Long::longValue)
                .average()
                .orElseThrow();
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile).mapToLong(java.io.File::length).sum();
        }
    }

    private SwarmState state(SwarmId id) {
        return ask((ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.GetSwarm(id, replyTo))
                .state();
    }

    private List<SwarmView> list() {
        return AskPattern.<SwarmsCommand, List<SwarmView>>ask(
                        swarms, SwarmsCommand.GetSwarms::new, PATIENCE, coordinator.scheduler())
                .toCompletableFuture()
                .join();
    }

    private List<WorkerView> workers() {
        return AskPattern.<SwarmsCommand, List<WorkerView>>ask(
                        swarms, SwarmsCommand.GetWorkers::new, PATIENCE, coordinator.scheduler())
                .toCompletableFuture()
                .join();
    }

    private <T> T ask(Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return AskPattern.<SwarmsCommand, StatusReply<T>>ask(swarms, question, PATIENCE, coordinator.scheduler())
                .toCompletableFuture()
                .join()
                .getValue();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    private org.apache.pekko.actor.Address address() {
        return Cluster.get(coordinator).selfMember().address();
    }
}
