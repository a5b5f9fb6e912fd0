package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A swarm goes through one trouble of its hub after the other to the verdict "passed", and leaves nothing. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class HubTroubleE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of the Kubernetes API while objects are created and machines booted, of the service while hosts register and install. */
    private static final String TROUBLES = """
            seed: 4
            troubles:
            - {hub: kubernetes, kind: answer, status: 429, retryAfter: 1s, share: 0.3, duration: 6s}
            - {hub: kubernetes, kind: answer, status: 500, share: 0.2, start: 2s, duration: 6s}
            - {hub: kubernetes, kind: gone, start: 4s, duration: 1s}
            - {hub: kubernetes, kind: refused, start: 7s, duration: 4s}
            - {hub: service, kind: answer, status: 503, share: 0.5, start: 11s, duration: 4s}
            - {hub: service, kind: restart, start: 16s, duration: 1s}
            - {hub: kubernetes, kind: token, start: 17s, duration: 1s}
            - {hub: kubernetes, kind: dropped, share: 0.2, start: 19s, duration: 5s}
            """;

    @TempDir
    Path folder;

    private Launcher swarm;

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    void aSwarmPassesThroughTheTroublesOfItsHub() throws Exception {
        swarm = new Launcher(folder);
        swarm.environment("SWARM_LOG_FORMAT", "json");
        Path serviceConfig = swarm.startHub(20).resolve("service-config.yaml");
        swarm.startCoordinator();
        swarm.startWorker("w1", 10);
        swarm.startWorker("w2", 10);
        swarm.awaitWorkers(2);
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: rough}
                spec:
                  pace: {batch: 2, interval: 3s}
                  clusters:
                    - {singleNode: true, amount: 3}
                    - {controlPlanes: 3, amount: 1}
                """);

        Process submission = swarm.start(
                "submission",
                "submit",
                plan.toString(),
                "--service-config",
                serviceConfig.toString(),
                "--name",
                "rough",
                "--wait");
        // Not before: on a busy machine the submission itself would meet the outage.
        await().atMost(Duration.ofMinutes(1))
                .until(() -> swarm.log("coordinator").contains("swarm [rough] has been submitted"));
        assertThat(swarm.troubles("POST", TROUBLES).statusCode()).isEqualTo(202);

        assertThat(submission.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(submission.exitValue()).as(swarm.log("submission")).isZero();
        JsonNode standings = JSON.readTree(swarm.troubles("GET", "").body());
        assertThat(standings)
                .hasSize(8)
                .allSatisfy(
                        standing -> assertThat(standing.path("state").asText()).isNotEqualTo("planned"));
        assertThat(standings.get(0).path("hits").asInt()
                        + standings.get(1).path("hits").asInt())
                .isPositive();
        Outcome deleted = swarm.run("delete", "rough");
        assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
        assertThat(deleted.out())
                .containsPattern("BareMetalHost +created 6, deleted 6, left 0")
                .doesNotContainPattern("left [1-9]");
        assertThat(swarm.doubles().at("/heard/actors").asInt()).isEqualTo(10);
        for (String role : List.of("coordinator", "w1", "w2")) {
            JsonLog.read(folder.resolve(role + ".log")).assertEveryLineHasItsIds("rough");
        }
    }
}
