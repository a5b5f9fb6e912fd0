package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service as operators set it up: agents have its tokens, it is reached by TLS, and users have custom resources only. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class LocalAuthE2E {
    @TempDir
    Path folder;

    private Launcher swarm;
    private Path hub;

    @BeforeEach
    void startEverything() throws IOException {
        swarm = new Launcher(folder);
        hub = swarm.startHub(20, "--auth", "local", "--tls");
        swarm.startCoordinator();
        swarm.startWorker("w", 20);
        swarm.awaitWorkers(1);
    }

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"service-config.yaml", "service-config-hollow.yaml"})
    void clustersAreInstalledAndHostsDiscoveredAndNoTokenIsShown(String serviceConfig) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: local}
                spec:
                  clusters:
                    - {singleNode: true}
                    - {controlPlanes: 3, numWorkers: 2}
                    - {controlPlanes: 2, justInfraenv: true}
                """);
        String config = hub.resolve(serviceConfig).toString();

        Outcome preflight = swarm.run("preflight", plan.toString(), "--service-config", config);
        assertThat(preflight.out()).as(preflight.err()).containsPattern("ok +authentication +local: ");
        Outcome submit = swarm.run(
                "submit",
                plan.toString(),
                "--service-config",
                config,
                "--name",
                "local",
                "--results",
                folder.resolve("results").toString(),
                "--wait",
                "--timeout",
                "4m");
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();

        assertThat(swarm.run("get", "hosts", "--swarm", "local", "-o", "json").json())
                .extracting(host -> host.path("phase").asText())
                .filteredOn("installed"::equals)
                .hasSize(6);
        // That is how a token of ES256 begins.
        String token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";
        assertThat(swarm.run("describe", "cluster", "local-2").out()).doesNotContain(token);
        assertThat(swarm.log("coordinator")).doesNotContain(token);
        assertThat(swarm.log("w")).doesNotContain(token);
        assertThat(swarm.processesWith("StandInMain"))
                .allSatisfy(pid -> assertThat(Files.readString(Path.of("/proc", pid.toString(), "cmdline")))
                        .doesNotContain(token));
        Outcome delete = swarm.run("delete", "local");
        assertThat(delete.exitCode()).as(delete.out() + delete.err()).isZero();
    }
}
