package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
            JsonNode summary = summary();
            assertThat(summary.path("verdict").asText()).isEqualToIgnoringCase("passed");
            assertThat(summary.path("failures")).isEmpty();
            assertThat(metric("http_request_duration_seconds_per_second.json"))
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
            assertThat(summary().path("verdict").asText()).isEqualToIgnoringCase("passed");
        }
    }

    @Test
    @Tag("heavy")
    void theOriginalExamplePlanEndsWithFiveClustersInstalledAndThreeHostsUnbound() throws Exception {
        try (Launcher swarm = new Launcher(folder)) {
            Outcome demo = swarm.run(
                    "demo",
                    Path.of(System.getProperty("swarm.home"), "conf/plans/original-example.yaml")
                            .toString(),
                    "--results",
                    folder.resolve("results").toString());

            assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
            assertThat(demo.err()).contains("infranev_labels");
            JsonNode summary = summary();
            assertThat(summary.path("clusters").path("installed").asInt()).isEqualTo(5);
            assertThat(summary.path("clusters").path("discovered").asInt()).isEqualTo(1);
            assertThat(summary.path("hosts").path("installed").asInt())
                    .as(demo.out())
                    .isEqualTo(34);
            assertThat(summary.path("hosts").path("discovered").asInt()).isEqualTo(3);
        }
    }

    @Test
    @Tag("heavy")
    void interruptedInTheMiddleItEndsEverythingThatItStarted() throws Exception {
        try (Launcher swarm = new Launcher(folder)) {
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

    private JsonNode summary() throws IOException {
        return result("summary.json");
    }

    private JsonNode metric(String name) throws IOException {
        return result("metrics/" + name);
    }

    private JsonNode result(String name) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("results"))) {
            Path found = files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
            return new ObjectMapper().readTree(found.toFile());
        }
    }
}
