package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.protocol.DataDisk;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables and lists, events among them. */
class GetCommandTest extends TestingCli {
    @Test
    void listsHostsAsKubectlWould() {
        coordinator.on(
                "GET /hosts?swarm=night",
                200,
                List.of(Samples.host("night-0-10", "night", "night-0"), Samples.host("night-0-9", "night", "night-0")));

        assertThat(run("get", "h", "--swarm", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        NAME         PHASE    ROLE     WORKER   SINCE   REASON
                        night-0-9    failed   master   w1       60s     generator/ProcessCrashed
                        night-0-10   failed   master   w1       60s     generator/ProcessCrashed
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "workers", "w", "WORKERS"})
    void takesSingularPluralAndShortNames(String kind) {
        coordinator.on("GET /workers", 200, List.of(Samples.worker("w1")));

        assertThat(run("get", kind, "-o", "name")).isZero();
        assertThat(out.toString()).isEqualTo("w1\n");
    }

    @Test
    void getsOneAsJsonOrYaml() throws IOException {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("get", "swarm", "night", "-o", "json")).isZero();
        JsonNode json = ApiJson.mapper().readTree(out.toString());
        assertThat(json.get("state").asText()).isEqualTo("running");

        out.getBuffer().setLength(0);
        assertThat(run("get", "swarm", "night", "-o", "yaml")).isZero();
        assertThat(out.toString())
                .contains("id: night\n")
                .contains("state: running\n")
                .doesNotContain("!!");
    }

    @Test
    void saysHowLateClustersOfASwarmCome() {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("describe", "swarm", "night")).isZero();
        assertThat(out.toString())
                .contains(
                        "Late:       p50 8.0 s, p95 10.7 s, max 11.0 s of 3; 2 came more than 5 s late: 1 for workers' room, 1 for the coordinator; 1 held by the plan, p95 20.0 s\n");
    }

    @Test
    void wideAddsColumns() {
        coordinator.on("GET /clusters", 200, List.of(Samples.cluster("night-0", "night", "installing")));

        assertThat(run("get", "clusters", "-o", "wide")).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        header -> assertThat(header).contains("WORKERS").endsWith("MESSAGE"),
                        row -> assertThat(row).contains("42%").contains("1/4").contains("w1,w2"));
    }

    @Test
    void nothingToListIsSaidOnStderr() {
        coordinator.on("GET /swarms", 200, List.of());

        assertThat(run("get", "swarms")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("no swarms\n");
    }

    @Test
    void showsAWorkersDiskAndWhenItCannotBeWrittenTo() {
        WorkerView full = onDisk(new DataDisk(0, "No space left on device"));
        coordinator.on("GET /workers/w1", 200, onDisk(new DataDisk(5L << 30, "")));
        coordinator.on("GET /workers/w1", 200, full);
        coordinator.on("GET /workers", 200, List.of(full));
        coordinator.on("GET /hosts", 200, List.of());
        assertThat(run("describe", "worker", "w1")).isZero();
        assertThat(out.toString()).containsPattern("Data disk: +5120Mi free").doesNotContain("Warning");
        out.getBuffer().setLength(0);

        assertThat(run("describe", "worker", "w1")).isZero();
        assertThat(out.toString())
                .containsPattern("Data disk: +0Mi free")
                .containsPattern("Warning: +its data folder cannot be written to: No space left on device");
        assertThat(run("get", "workers")).isZero();
        assertThat(out.toString()).contains("up, cannot write");
    }

    @Test
    void theWideTableOfHostsSaysWhoseInstallerIsAStandIn() {
        coordinator.on("GET /hosts", 200, List.of(Samples.host("night-0-0", "night", "night-0")));

        assertThat(run("get", "hosts", "-o", "wide")).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" {2,}")))
                .extracting(cells -> cells[6] + " " + cells[9])
                .containsExactly("RUNTIME INSTALLER", "exec stand-in");
        assertThat(run("get", "hosts", "-o", "json")).isZero();
        assertThat(out.toString()).contains("\"standInInstaller\" : true");
    }

    @Test
    void listsEventsUntilThereAreNoMore() {
        coordinator
                .on(
                        "GET /swarms/night/events?after=&host=night-0-0",
                        200,
                        new EventPage(
                                List.of(new EventPage.Event(
                                        Samples.START, "host", "night-0-0", "placed", "", "generation\n1", "w1")),
                                "1-0"))
                .on(
                        "GET /swarms/night/events?after=1-0&host=night-0-0",
                        200,
                        new EventPage(
                                List.of(new EventPage.Event(
                                        Samples.START.plusMillis(1500),
                                        "host",
                                        "night-0-0",
                                        "failed",
                                        "service/HostError",
                                        "it broke",
                                        "w1")),
                                "2-0"))
                .on("GET /swarms/night/events?after=2-0&host=night-0-0", 200, new EventPage(List.of(), "2-0"));

        assertThat(run("events", "night", "--host", "night-0-0", "-o", "wide")).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "AT KIND NAME EVENT REASON MESSAGE BY",
                        "2026-11-23T10:00:00Z host night-0-0 placed - generation 1 w1",
                        "2026-11-23T10:00:01.500Z host night-0-0 failed service/HostError it broke w1");
        assertThat(run("events", "night", "--host", "night-0-0", "-o", "json")).isZero();
        assertThat(out.toString()).contains("\"reason\" : \"service/HostError\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-o json"})
    void watchesEventsUntilItIsInterrupted(String format) throws Exception {
        coordinator
                .on("GET /swarms/night/events?after=", 200, new EventPage(List.of(event("night-0-0", "placed")), "1-0"))
                .on("GET /swarms/night/events?after=1-0", 200, new EventPage(List.of(), "1-0"))
                .on("GET /swarms/night/events?after=1-0", 200, new EventPage(List.of(), "1-0"))
                .on(
                        "GET /swarms/night/events?after=1-0",
                        200,
                        new EventPage(List.of(event("night-0-0", "created"), event("night-0-10", "placed")), "3-0"))
                .on("GET /swarms/night/events?after=3-0", 200, new EventPage(List.of(), "3-0"));
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread user = Thread.ofPlatform()
                .start(() -> exitCode.complete(
                        run(("events night -w " + format).strip().split(" "))));

        await().until(() -> Collections.frequency(coordinator.requests(), "GET /swarms/night/events?after=3-0") > 2);
        user.interrupt();

        assertThat(exitCode.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("interrupted\n");
        if (format.isEmpty()) {
            assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                    .as("the header once")
                    .containsExactly(
                            "AT KIND NAME EVENT REASON MESSAGE",
                            "2026-11-23T10:00:00Z host night-0-0 placed - -",
                            "2026-11-23T10:00:00Z host night-0-0 created - -",
                            "2026-11-23T10:00:00Z host night-0-10 placed - -");
        } else {
            List<JsonNode> pages = new ArrayList<>();
            JsonParser parser = ApiJson.mapper().createParser(out.toString());
            for (JsonNode page = parser.readValueAsTree(); page != null; page = parser.readValueAsTree()) {
                pages.add(page);
            }
            assertThat(pages)
                    .as("a list for each page that has something")
                    .extracting(page -> page.findValuesAsText("what"))
                    .containsExactly(List.of("placed"), List.of("created", "placed"));
        }
    }

    private static WorkerView onDisk(DataDisk disk) {
        return new WorkerView("w1", "pekko://w1", "up", "1", 4, 0, 0, 2, 1, 1, 1, 1, Instant.EPOCH, disk);
    }

    private static EventPage.Event event(String host, String what) {
        return new EventPage.Event(Samples.START, "host", host, what, "", "", "w1");
    }
}
