package io.assistedswarm.coordinator;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
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

    private final AtomicInteger submitted = new AtomicInteger();
    private final AtomicInteger deleted = new AtomicInteger();
    private RunningCoordinator coordinator;
    private Optional<TestingPostgres> postgres = Optional.empty();

    @Test
    void levelsOff() throws Exception {
        if (Boolean.getBoolean("endurance.postgres")) {
            postgres = TestingPostgres.start();
            assertThat(postgres).as("PostgreSQL is not installed").isPresent();
        }
        try {
            run();
        } finally {
            if (postgres.isPresent()) {
                postgres.get().stop();
            }
        }
    }

    private void run() throws Exception {
        Duration duration = Duration.ofSeconds(Integer.getInteger("endurance.seconds", 600));
        Fencing fencing = new Fencing(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofMinutes(1), 25);
        RecordSettings record = postgres.map(server -> server.record(data)).orElseGet(() -> RecordSettings.file(data));
        try (RunningCoordinator running = new RunningCoordinator(record, fencing);
                TestingWorker a = new TestingWorker("a", 200, running.address());
                TestingWorker b = new TestingWorker("b", 200, running.address())) {
            coordinator = running;
            await(() -> running.workers().size() == 2);
            Map<String, List<Long>> figures = run(duration, List.of(a, b));
            print(duration, figures);
            assertThat(running.workers()).allMatch(worker -> worker.used() == 0);
            assertThat(deleted.get()).isEqualTo(submitted.get());
        }
    }

    private Map<String, List<Long>> run(Duration duration, List<TestingWorker> workers)
            throws InterruptedException, ExecutionException, IOException, SQLException {
        Instant end = Instant.now().plus(duration);
        Map<String, List<Long>> figures = new LinkedHashMap<>();
        try (ExecutorService users = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                running.add(users.submit(() -> {
                    comeAndGo(end, spacing(duration));
                    return null;
                }));
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

    /** Between the swarms of one user, so that all users together come to the number that is asked for; zero for as many as they can. */
    private static Duration spacing(Duration duration) {
        int swarms = Integer.getInteger("endurance.swarms", 360);
        return swarms == 0 ? Duration.ZERO : duration.multipliedBy(AT_A_TIME).dividedBy(swarms);
    }

    private void comeAndGo(Instant end, Duration spacing) throws InterruptedException {
        for (Instant due = Instant.now(); due.isBefore(end); due = due.plus(spacing)) {
            Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis()));
            if (!Instant.now().isBefore(end)) {
                return;
            }
            SwarmId id = new SwarmId("s" + submitted.incrementAndGet());
            coordinator.submission(Optional.of(id.value()), plan(Pace.UNLIMITED, clusters(10, 3, 0)));
            await(() -> state(id) == SwarmState.DONE);
            coordinator.ask((ActorRef<StatusReply<SwarmView>> replyTo) -> new SwarmsCommand.Delete(id, false, replyTo));
            await(() -> state(id) == SwarmState.DELETED);
            deleted.incrementAndGet();
        }
    }

    private void sample(Map<String, List<Long>> figures) throws IOException, SQLException {
        System.gc();
        add(
                figures,
                "heap KiB",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10);
        add(figures, "threads", ManagementFactory.getThreadMXBean().getThreadCount());
        add(figures, "descriptors", count(Path.of("/proc/self/fd")));
        add(figures, "shards", TestingWorker.shards());
        add(
                figures,
                "places taken",
                coordinator.workers().stream().mapToInt(worker -> worker.used()).sum());
        add(figures, "record KiB", recordBytes() >> 10);
        add(
                figures,
                "swarms listed",
                coordinator.tell(SwarmsCommand.GetSwarms::new).size());
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

    private long recordBytes() throws IOException, SQLException {
        if (postgres.isEmpty()) {
            return bytes(data);
        }
        try (Connection connection = postgres.get().connection();
                Statement statement = connection.createStatement();
                ResultSet size = statement.executeQuery("select pg_database_size(current_database())")) {
            size.next();
            return size.getLong(1);
        }
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toFile).mapToLong(java.io.File::length).sum();
        }
    }

    private SwarmState state(SwarmId id) {
        return coordinator.view(id).state();
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }
}
