package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Hosts that wait for their installation leave a worker that is drained, and one that is told to end. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class DrainE2E {
    @TempDir
    Path folder;

    private Launcher swarm;

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void movesHostsAwayFromAWorkerThatIsDrainedAndFromOneThatIsToldToEnd() throws Exception {
        swarm = new Launcher(folder);
        swarm.environment("SWARM_DRAIN_GRACE", "60s");
        Path serviceConfig = swarm.startHub(20).resolve("service-config.yaml");
        swarm.startCoordinator();
        swarm.startWorker("w1", 2);
        swarm.awaitWorkers(1);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: moved}
                spec:
                  clusters:
                    - {singleNode: true, holdInstallation: true, amount: 2}
                """);
        succeeds("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", "moved");
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> succeeds("get", "clusters", "--swarm", "moved", "-o", "json")
                        .json()
                        .valueStream()
                        .allMatch(cluster -> cluster.path("phase").asText().equals("held")));
        Process second = swarm.startWorker("w2", 2);
        swarm.awaitWorkers(2);

        succeeds("drain", "w1", "--move-after", "0s", "--wait", "--timeout", "60s");
        assertThat(worker("w1").path("state").asText()).isEqualTo("drained");
        assertThat(worker("w2").path("used").asInt()).isEqualTo(2);
        succeeds("uncordon", "w1");

        second.destroy();
        assertThat(second.waitFor(50, TimeUnit.SECONDS))
                .as("it ends before its grace is over")
                .isTrue();
        assertThat(second.exitValue()).isZero();
        assertThat(worker("w1").path("used").asInt()).isEqualTo(2);

        succeeds("release", "moved");
        succeeds("wait", "moved", "--for=done", "--timeout", "2m");
        assertThat(succeeds("get", "clusters", "--swarm", "moved", "-o", "json").json())
                .hasSize(2)
                .allSatisfy(cluster -> {
                    assertThat(cluster.path("phase").asText()).isEqualTo("installed");
                    assertThat(cluster.path("generation").asInt())
                            .as("moved twice")
                            .isEqualTo(3);
                });
        assertThat(succeeds("delete", "moved").out()).contains("left 0").doesNotContainPattern("left [1-9]");
    }

    private JsonNode worker(String name) {
        return succeeds("get", "workers", "-o", "json")
                .json()
                .valueStream()
                .filter(worker -> worker.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Outcome succeeds(String... verb) {
        Outcome outcome = swarm.run(verb);
        assertThat(outcome.exitCode())
                .as("%s: %s%s", verb[0], outcome.out(), outcome.err())
                .isZero();
        return outcome;
    }
}
