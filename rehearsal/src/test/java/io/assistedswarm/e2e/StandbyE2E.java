package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.coordinator.TestingPostgres;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Two coordinators, one of which stands by, with a real PostgreSQL; skipped where none is installed. */
@Tag("heavy")
@Isolated("it measures how soon something happens")
class StandbyE2E {
    @TempDir
    Path folder;

    private Launcher swarm;
    private Optional<TestingPostgres> postgres = Optional.empty();

    @BeforeEach
    void startPostgres() throws Exception {
        postgres = TestingPostgres.start();
        assumeTrue(postgres.isPresent(), "no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql");
        swarm = new Launcher(folder);
        swarm.environment("SWARM_RECORD_URL", postgres.get().url());
        swarm.environment("SWARM_RECORD_USER", TestingPostgres.USER);
        swarm.environment("SWARM_RECORD_PASSWORD", TestingPostgres.PASSWORD);
        swarm.environment("SWARM_RECORD_KEY_FILE", folder.resolve("record-key").toString());
    }

    @AfterEach
    void stopEverything() throws Exception {
        if (postgres.isPresent()) {
            try {
                swarm.close();
            } finally {
                postgres.get().stop();
            }
            assertThat(swarm.processes()).isEmpty();
        }
    }

    @Test
    void oneThatStandsByTakesOverFromOneThatIsKilledAndNoAgentNotices() throws Exception {
        Path serviceConfig = swarm.startHub(40).resolve("service-config.yaml");
        String firstPort = freePort();
        String secondPort = freePort();
        Process first = swarm.startCoordinator("first", firstPort);
        swarm.useCoordinator("first");
        swarm.startCoordinator("second", secondPort, "--standby");
        swarm.environment("SWARM_JOIN", "127.0.0.1:" + firstPort + ",127.0.0.1:" + secondPort);
        for (String worker : List.of("w1", "w2")) {
            swarm.startWorker(worker, 2);
        }
        swarm.awaitWorkers(2);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: kept}
                spec:
                  clusters:
                    - {justInfraenv: true, controlPlanes: 1, amount: 2}
                    - {singleNode: true}
                """);
        Outcome submitted =
                swarm.run("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", "kept");
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
        await().atMost(Duration.ofSeconds(60)).until(() -> discovered().size() == 2);
        List<Long> agents = discovered();
        assertThat(swarm.log("second")).contains("standing by");

        first.destroyForcibly().waitFor();
        Instant killed = Instant.now();
        swarm.useCoordinator("second");
        assertThat(swarm.run("get", "swarm", "kept").out()).contains("kept");
        Duration answered = Duration.between(killed, Instant.now());
        System.out.println("the coordinator that stood by answered after " + answered);
        assertThat(answered).isLessThan(Duration.ofSeconds(20));

        Outcome end = swarm.run("wait", "kept", "--for=done", "--timeout", "2m");
        assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
        assertThat(discovered()).isEqualTo(agents);
        Outcome deleted = swarm.run("delete", "kept");
        assertThat(deleted.out())
                .containsPattern("Namespace +created 3, deleted 3, left 0")
                .doesNotContainPattern("left [1-9]");
    }

    /** Agents of the hosts without a cluster, which stay until the swarm is deleted. */
    private List<Long> discovered() {
        return swarm.processesWith("StandInMain").stream()
                .filter(pid -> Launcher.environmentOf(pid).contains("SWARM_HOST=kept-0-")
                        || Launcher.environmentOf(pid).contains("SWARM_HOST=kept-1-"))
                .sorted()
                .toList();
    }

    private static String freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(free.getLocalPort());
        }
    }
}
