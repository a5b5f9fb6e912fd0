package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.preflight.Finding;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.protocol.BareMetalFlow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightCommandTest {
    private static final Finding FINE = new Finding(Outcome.OK, "hub", "Kubernetes v1.32.0", "");
    private static final Finding DOUBTFUL = new Finding(Outcome.WARNING, "worker w1", "12 files left", "raise it");
    private static final Finding WRONG = new Finding(Outcome.FAILURE, "rights", "we may not: patch agents", "ask");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private TestingCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new TestingCoordinator();
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    @Test
    void printsOneLinePerCheckAndFailsWithOne() {
        finds(FINE, DOUBTFUL, WRONG);

        assertThat(run("preflight")).isEqualTo(1);
        assertThat(out.toString()).isEqualTo("""
                ok       hub        Kubernetes v1.32.0
                warning  worker w1  12 files left; raise it
                failure  rights     we may not: patch agents; ask

                1 ok, 1 warning, 1 failure
                """);
    }

    @Test
    void aWarningIsNoFailure() {
        finds(FINE, DOUBTFUL);

        assertThat(run("preflight")).isZero();
        assertThat(out.toString()).endsWith("1 ok, 1 warning, 0 failures\n");
    }

    @Test
    void coloursOnATerminal() {
        finds(WRONG, DOUBTFUL);

        assertThat(run(true, "preflight")).isEqualTo(1);
        assertThat(out.toString())
                .contains("\u001b[31mfailure\u001b[0m  rights")
                .contains("\u001b[33mwarning\u001b[0m  worker");
    }

    @Test
    void sendsPlanAndServiceAndPrintsJson() throws IOException {
        finds(FINE);

        assertThat(run("preflight", plan(), "--service-config", serviceConfig(), "--set", "seed=5", "-o", "json"))
                .isZero();
        JsonNode sent = ApiJson.mapper().readTree(coordinator.body("POST /preflight"));
        assertThat(sent.at("/plan/seed").asInt()).isEqualTo(5);
        assertThat(sent.at("/service/releaseImage").asText()).isEqualTo("image:4.18.1");
        assertThat(sent.at("/quick").asBoolean()).isFalse();
        JsonNode findings = ApiJson.mapper().readTree(out.toString()).get("findings");
        assertThat(findings.get(0).get("outcome").asText()).isEqualTo("ok");
    }

    @Test
    void invalidFilesAreWrongUsage() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "kind: [");

        assertThat(run("preflight", broken.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("broken.yaml");
        assertThat(run("preflight", "--set", "seed=5")).isEqualTo(2);
        assertThat(run("preflight", "-o", "yaml")).isEqualTo(2);
        assertThat(coordinator.requests()).isEmpty();
    }

    @Test
    void saysThatNoCoordinatorAnswers() {
        coordinator.close();

        assertThat(run("preflight")).isEqualTo(1);
        assertThat(err.toString()).startsWith("no coordinator answers at " + coordinator.url());
    }

    @Test
    void submitIsRefusedBeforeAnythingIsCreated() throws IOException {
        finds(FINE, DOUBTFUL, WRONG);

        assertThat(run(submit())).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("""
                warning: worker w1: 12 files left; raise it
                failure: rights: we may not: patch agents; ask
                1 failure; nothing was created. 'swarm preflight' checks again, --no-preflight submits all the same
                """);
        assertThat(coordinator.requests()).containsExactly("POST /preflight");
        assertThat(ApiJson.mapper()
                        .readTree(coordinator.body("POST /preflight"))
                        .at("/quick")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void submitPrintsWarningsAndGoesOn() throws IOException {
        finds(FINE, DOUBTFUL);
        takesSwarms();

        assertThat(run(submit())).isZero();
        assertThat(err.toString()).isEqualTo("warning: worker w1: 12 files left; raise it\n");
        assertThat(coordinator.requests()).containsExactly("POST /preflight", "POST /swarms");
    }

    @Test
    void submitCanDoWithout() throws IOException {
        takesSwarms();

        assertThat(run(submit("--no-preflight"))).isZero();
        assertThat(coordinator.requests()).containsExactly("POST /swarms");
    }

    private void finds(Finding... findings) {
        coordinator.on("POST /preflight", 200, new PreflightReport(List.of(findings), BareMetalFlow.IMAGE));
    }

    private void takesSwarms() {
        coordinator.on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));
    }

    private String[] submit(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("submit", plan(), "--service-config", serviceConfig(), "--manifests", "../conf/manifests"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private String plan() throws IOException {
        return Files.writeString(folder.resolve("plan.yaml"), """
                        apiVersion: assistedswarm.io/v1alpha1
                        kind: SwarmPlan
                        metadata: {name: night}
                        spec: {clusters: [{singleNode: true}]}
                        """).toString();
    }

    private String serviceConfig() throws IOException {
        Files.writeString(folder.resolve("secret.json"), "{\"auths\":{\"a\":{\"auth\":\"dXNlcjpwYXNz\"}}}");
        return Files.writeString(folder.resolve("service.yaml"), """
                        service_endpoint: http://127.0.0.1:1
                        ssh_pub_key: key
                        pull_secret_file: secret.json
                        release_image: image:4.18.1
                        """).toString();
    }

    private int run(String... arguments) {
        return run(false, arguments);
    }

    private int run(boolean terminal, String... arguments) {
        Shell shell = new Shell(
                Reader.nullReader(),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                terminal,
                terminal,
                Map.of("SWARM_COORDINATOR", coordinator.url()),
                folder,
                Clock.systemUTC(),
                Duration.ofMillis(1));
        return Cli.run(shell, arguments);
    }
}
