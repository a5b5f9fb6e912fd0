package io.assistedswarm.coordinator;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.coordinator.plan.FaultRule;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The record in a real PostgreSQL; skipped where none is installed. */
class PostgresIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final SwarmPlan PLAN = plan(
            Pace.UNLIMITED,
            clusters(2, 3, 1),
            new SwarmPlan.ClusterGroup(
                    1,
                    0,
                    1,
                    false,
                    false,
                    Map.of(),
                    ClusterTraits.PLAIN,
                    List.of(new FaultRule(
                            new Fault(Fault.Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO),
                            Optional.of(1.0),
                            Optional.empty(),
                            Set.of()))));

    private static Optional<TestingPostgres> postgres = Optional.empty();

    @TempDir
    private Path folder;

    private final List<Process> coordinators = new ArrayList<>();

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = TestingPostgres.start();
        assumeTrue(postgres.isPresent(), "no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql");
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        if (postgres.isPresent()) {
            postgres.get().stop();
        }
    }

    @BeforeEach
    void empty() throws Exception {
        try (Connection connection = postgres.get().connection();
                Statement drop = connection.createStatement()) {
            drop.execute("drop schema public cascade; create schema public");
        }
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        for (Process coordinator : coordinators) {
            coordinator.destroyForcibly().waitFor();
        }
    }

    @Test
    void remembersAndReportsTheSameAsTheDatabaseFile() {
        Memory ofFile;
        Memory ofPostgres;
        try (RunRecord file = RunRecord.open(folder);
                RunRecord record = RunRecord.open(postgres.get().record(folder))) {
            fill(file);
            fill(record);
            assertThat(new ReportQuery(record).report(SWARM, after(60)))
                    .isPresent()
                    .isEqualTo(new ReportQuery(file).report(SWARM, after(60)));
            assertThat(record.history(cluster(0))).isNotEmpty().isEqualTo(file.history(cluster(0)));
            assertThat(record.lastSequence("a", "i")).isEqualTo(file.lastSequence("a", "i"));
            ofFile = file.memory();
        }
        try (RunRecord record = RunRecord.open(postgres.get().record(folder))) {
            ofPostgres = record.memory();
        }
        assertThat(ofPostgres).isEqualTo(ofFile);
        assertThat(ofPostgres.swarms().getFirst().spec()).isEqualTo(spec());
        try (RunRecord record = RunRecord.open(postgres.get().record(folder))) {
            record.write(List.of(new Change.SwarmForgotten(SWARM)), List.of());
            assertThat(record.memory().swarms()).isEmpty();
            assertThat(record.memory().placements()).isEqualTo(ofPostgres.placements());
            assertThat(record.history(cluster(0))).isEmpty();
        }
    }

    @Test
    void belongsToOneCoordinatorUntilItHasGone() {
        try (RunRecord first = RunRecord.open(postgres.get().record(folder))) {
            assertThat(first.memory().swarms()).isEmpty();
            assertThatThrownBy(() -> RunRecord.open(postgres.get().record(folder)))
                    .isInstanceOf(RunRecord.Taken.class)
                    .hasMessageContaining(postgres.get().url())
                    .hasMessageContaining("--standby");
        }
        RunRecord.open(postgres.get().record(folder)).close();
    }

    @Test
    void tellsWhoHasLostItToAnother() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (RunRecord record = RunRecord.open(postgres.get().record(folder));
                Connection thief = postgres.get().connection();
                Statement statement = thief.createStatement()) {
            record.watch(lost::countDown);
            long lock;
            try (ResultSet row = statement.executeQuery(
                    "select pid, (classid::bigint << 32) | objid::bigint from pg_locks where locktype = 'advisory'")) {
                assertThat(row.next()).isTrue();
                lock = row.getLong(2);
                int pid = row.getInt(1);
                try (Statement kill = thief.createStatement()) {
                    kill.execute("select pg_terminate_backend(" + pid + ", 5000), pg_advisory_lock(" + lock + ")");
                }
            }
            assertThat(lost.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void oneThatStandsByTakesOverFromOneThatIsKilled() throws Exception {
        Process first = coordinator("first");
        await().atMost(LONG).until(() -> log("first").contains("the coordinator listens"));
        coordinator("second", "--standby");
        await().atMost(LONG).until(() -> log("second").contains("standing by"));
        Process third = coordinator("third");
        assertThat(third.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(third.exitValue()).isEqualTo(1);
        assertThat(log("third")).contains("another coordinator has the record").doesNotContain("\tat ");

        first.destroyForcibly().waitFor();

        await().atMost(Duration.ofSeconds(20)).until(() -> log("second").contains("the coordinator listens"));
        for (String name : List.of("first", "second", "third")) {
            assertThat(log(name)).doesNotContain(TestingPostgres.PASSWORD);
        }
    }

    private static void fill(RunRecord record) {
        Assignment assignment = new Assignment(
                PLAN.expand(SWARM).getFirst(),
                List.of(new Placement(new BerthId("a-1"), new WorkerName("a"), 0, 4)),
                1);
        var host = PLAN.expand(SWARM).getFirst().host(2);
        HostId faulty = PLAN.expand(SWARM).getLast().host(0);
        List<Transition> transitions = List.of(
                reached(faulty, HostPhase.PLACED, 1),
                new Transition.OfFault(faulty, FaultEvent.INJECTED, after(2), 1, "neverRegister"),
                new Transition.OfFault(faulty, FaultEvent.ANSWERED, after(9), 1, "disconnected"),
                reached(cluster(0), ClusterPhase.PLACED, 1),
                reached(cluster(0), ClusterPhase.APPLIED, 2.5),
                new Transition.OfDownload(
                        cluster(0),
                        Download.LOGS,
                        after(3),
                        1,
                        5_000_000_000L,
                        Duration.ofMillis(1500),
                        Optional.empty()),
                new Transition.OfDownload(
                        cluster(0),
                        Download.KUBECONFIG,
                        after(3),
                        1,
                        0,
                        Duration.ZERO,
                        Optional.of(new Failure(Failure.Side.SERVICE, "DownloadTimeout", "not in time"))),
                reached(host, HostPhase.PLACED, 1),
                reached(host, HostPhase.BOOTED, 3),
                failed(host, 4, new Failure(Failure.Side.SERVICE, "R", "with a \0 in it")));
        List<Numbered> numbered = new ArrayList<>();
        for (Transition transition : transitions) {
            numbered.add(new Numbered("a", "i", numbered.size() + 1, transition));
        }
        record.write(
                List.of(
                        new Change.SwarmAdded(spec(), PLAN, START),
                        new Change.ClusterPlaced(assignment, after(1)),
                        new Change.HoldsReleased(SWARM),
                        new Change.CoordinatorListens("pekko://assisted-swarm@127.0.0.1:1"),
                        new Change.WorkerJoined(new WorkerName("a"), "there", "first", List.of()),
                        new Change.WorkerJoined(new WorkerName("a"), "here", "second", List.of("c:1", "d:2"))),
                numbered);
        // A worker sends again what it does not know to be recorded.
        record.write(List.of(), numbered);
    }

    private Process coordinator(String name, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CoordinatorMain.class.getName(),
                "--port",
                "0",
                "--http-port",
                "0",
                "--data",
                folder.resolve(name + "-data").toString(),
                "--kubeconfig",
                Files.writeString(folder.resolve("kubeconfig"), CoordinatorMainIT.KUBE_CONFIG)
                        .toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name).toFile());
        builder.environment().put("SWARM_RECORD_URL", postgres.get().url());
        builder.environment().put("SWARM_RECORD_USER", TestingPostgres.USER);
        builder.environment().put("SWARM_RECORD_PASSWORD", TestingPostgres.PASSWORD);
        Process coordinator = builder.start();
        coordinators.add(coordinator);
        return coordinator;
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }
}
