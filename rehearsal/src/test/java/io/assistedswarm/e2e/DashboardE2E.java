package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.coordinator.TestingBrowser;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The dashboard of a coordinator with a token, in a browser, while a swarm is installed on the rehearsal hub. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class DashboardE2E {
    private static final Path SHOTS = Path.of("target", "dashboard");

    @TempDir
    Path folder;

    @Test
    void aUserLogsInWatchesReadsAHostsLogAndPauses() throws Exception {
        assumeTrue(TestingBrowser.isInstalled(), "needs Debian's chromium and chromium-driver");
        try (Launcher swarm = new Launcher(folder);
                TestingBrowser browser = new TestingBrowser(Files.createDirectory(folder.resolve("profile")))) {
            Path token = folder.resolve("token");
            swarm.environment("SWARM_TOKEN_FILE", token.toString());
            swarm.environment("SWARM_LOG_FORMAT", "json");
            Path config = swarm.startHub(10).resolve("service-config.yaml");
            swarm.startCoordinator();
            swarm.startWorker("w1", 3);
            swarm.awaitWorkers(1);
            Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                    apiVersion: assistedswarm.io/v1alpha1
                    kind: SwarmPlan
                    metadata: {name: seen}
                    spec: {clusters: [{singleNode: true, amount: 5}]}
                    """);
            Outcome submitted =
                    swarm.run("submit", plan.toString(), "--service-config", config.toString(), "--name", "seen");
            assertThat(submitted.exitCode()).as(submitted.err()).isZero();
            String url = new ObjectMapper()
                    .readTree(folder.resolve("coordinator/coordinator.json").toFile())
                    .path("http")
                    .asText();

            browser.open(url);
            browser.await(
                    "the question for the token", () -> browser.find("#login").isDisplayed());
            browser.press(Files.readString(token).strip(), "\n");
            browser.awaitText("main", "seen");
            browser.awaitText("main", "w1");
            browser.find("a[href='#/swarms/seen']").click();
            browser.awaitText(".legend", "pending");
            browser.find(".heading .buttons button").click();
            browser.awaitText(".state", "paused");
            assertThat(swarm.run("get", "swarm", "seen").out()).contains("paused");
            browser.shoot(SHOTS.resolve("e2e-swarm.png"));
            browser.awaitText(".waiting", "are not admitted");

            browser.find("a[href='#/clusters/seen-0']").click();
            browser.awaitText("main", "seen-0-0");
            browser.find("a[href='#/hosts/seen-0-0']").click();
            browser.awaitText(".log", "Registering host");
            browser.awaitText("main", "Waits for");
            browser.awaitText("main", "BareMetalHost made");
            browser.shoot(SHOTS.resolve("e2e-host.png"));
            browser.await(
                    "the host to be installed, without a click",
                    () -> browser.text(".facts").contains("Phase\ninstalled"));

            browser.find("nav a[href='#/swarms/seen']").click();
            browser.awaitText(".heading", "Resume");
            browser.find(".heading .buttons button:not([hidden])").click();
            browser.awaitText(".state", "running");
            Outcome end = swarm.run("wait", "seen", "--for=done", "--timeout", "4m");
            assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
            browser.awaitText(".state", "done: passed");
            browser.awaitText("main", "The service holds nothing up.");
            browser.shoot(SHOTS.resolve("e2e-done.png"));
            assertThat(browser.text(".legend")).containsPattern("installed\\s*5");

            assertThat(browser.errors())
                    .as(
                            "what the browser says of refusals: the first question without a token, a log that is not there yet; no script's error")
                    .allSatisfy(error -> assertThat(error)
                            .containsPattern("/api/v1/stream .* 401|/api/v1/hosts/seen-0-0/log\\?\\S+ .* 409"));
            assertThat(browser.origins()).containsExactly(url);
            assertThat(browser.url()).doesNotContain(Files.readString(token).strip());
            assertThat(Files.readString(folder.resolve("coordinator.log")))
                    .doesNotContain(Files.readString(token).strip());
            assertThat(swarm.run("events", "seen", "--host", "seen-0-0").out())
                    .contains("registered")
                    .contains("Writing image to disk");
            assertThat(swarm.run("describe", "host", "seen-0-0").out())
                    .contains("Events of the service, by its clock:")
                    .contains("updated status");
            assertThat(swarm.run("get", "hosts", "--swarm", "seen", "-o", "wide")
                            .out())
                    .contains("RUNTIME")
                    .contains("exec");
            assertThat(metricsOf("w1"))
                    .contains("assisted_swarm_node_hub_request_duration_seconds_count{status=\"200\",verb=\"PATCH\"}");
            assertThat(swarm.run("delete", "seen").exitCode()).isZero();
            JsonLog lines = JsonLog.read(folder.resolve("w1.log"));
            lines.assertEveryLineIsOfWorker("w1");
            lines.assertEveryLineHasItsIds("seen");
            assertThat(lines.lines())
                    .anySatisfy(
                            line -> assertThat(line.at("/mdc/host").asText()).isEqualTo("seen-0-0"));
            JsonLog.read(folder.resolve("coordinator.log")).assertEveryLineHasItsIds("seen");
        }
    }

    private String metricsOf(String worker) throws Exception {
        JsonNode contact = new ObjectMapper()
                .readTree(folder.resolve(worker + "/worker.json").toFile());
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(contact.path("http").asText() + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
