package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The first of the two commands, as a user runs it. */
@Execution(ExecutionMode.CONCURRENT)
@Order(2)
class DemoE2E {
    @TempDir
    Path folder;

    @Test
    void demoInstallsTheQuickstartPlanAndLeavesNothing() throws Exception {
        try (Launcher swarm = new Launcher(folder)) {
            Outcome demo =
                    swarm.run("demo", "--results", folder.resolve("results").toString());

            assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
            assertThat(demo.out())
                    .contains("passed")
                    .containsPattern("[1-9][0-9]* processes spoke for .*, 0 doubles")
                    .contains("0 processes left");
            JsonNode summary = swarm.result("summary.json");
            assertThat(summary.path("verdict").asText()).isEqualToIgnoringCase("passed");
            assertThat(summary.path("failures")).isEmpty();
            assertThat(swarm.result("metrics/http_request_duration_seconds_per_second.json"))
                    .as("the service's own page, read as there is no Prometheus")
                    .isNotEmpty()
                    .allSatisfy(document -> assertThat(document.path("jobName").asText())
                            .isEqualTo(summary.path("swarm").asText()))
                    .anySatisfy(document ->
                            assertThat(document.path("value").asDouble()).isPositive());
            assertThat(swarm.processes()).isEmpty();
        }
    }

    @Test
    @Tag("heavy")
    void demoOfHollowHostsSaysSoAndLeavesNothing() throws Exception {
        try (Launcher swarm = new Launcher(folder)) {
            Outcome demo = swarm.run(
                    "demo",
                    "--runtime",
                    "hollow",
                    "--workers",
                    "1",
                    "--results",
                    folder.resolve("results").toString());

            assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
            assertThat(demo.out())
                    .contains("(runtime hollow)", "passed")
                    .containsPattern("hollow host or controller +created 10, deleted 10, left 0")
                    .containsPattern("process +created 0, deleted 0, left 0")
                    .contains("10 processes spoke for 10 hosts and controllers, 0 doubles")
                    .contains("0 processes left");
            assertThat(swarm.result("summary.json").path("verdict").asText()).isEqualToIgnoringCase("passed");
        }
    }

    @Test
    @Tag("heavy")
    void interruptedInTheMiddleItEndsEverythingThatItStarted() throws Exception {
        // A build that runs in the background of a shell ignores SIGINT, and so would all that it starts.
        try (Launcher swarm = new Launcher(folder, List.of("env", "--default-signal=INT"))) {
            Process demo = swarm.start(
                    "demo", "demo", "--results", folder.resolve("results").toString());
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> swarm.log("demo").contains("booted")
                            || swarm.log("demo").contains("registered"));

            new ProcessBuilder("kill", "-INT", String.valueOf(demo.pid()))
                    .start()
                    .waitFor();

            assertThat(demo.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.exitValue()).isEqualTo(130);
            assertThat(swarm.log("demo")).contains("0 processes left").doesNotContain("swarm demo:");
        }
    }
}
