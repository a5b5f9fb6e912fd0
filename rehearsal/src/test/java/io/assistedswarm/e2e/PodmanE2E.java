package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The podman runtime as a user without a registry has it, with real podman and stand-ins in the images. */
@EnabledIfEnvironmentVariable(
        named = "SWARM_CONTAINERS",
        matches = "true",
        disabledReason = "takes a minute, root and unshare: set SWARM_CONTAINERS=true")
@Execution(ExecutionMode.CONCURRENT)
class PodmanE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Launcher swarm;
    private static TestingImageStore images;
    private static Path serviceConfig;

    @BeforeAll
    static void startAll() throws IOException {
        OwnMachine machine = OwnMachine.in(folder);
        images = TestingImageStore.make(folder, machine);
        swarm = new Launcher(folder);
        Path hub = swarm.startHub(20);
        serviceConfig = writeServiceConfig(hub, TestingImageStore.AGENT);
        swarm.startCoordinator();
        List<String> worker = new ArrayList<>(machine.command());
        worker.addAll(List.of("env", "CONTAINERS_CONF=" + images.configuration()));
        swarm.startWorker("w1", 10, worker);
        swarm.awaitWorkers(1);
    }

    @AfterAll
    static void stopAll() {
        if (swarm != null) {
            swarm.close();
            await().atMost(Duration.ofSeconds(20)).until(() -> swarm.processes().isEmpty());
        }
    }

    @Test
    void aSingleNodeAndThreeControlPlanesAreInstalledInContainersOfWhichNothingIsLeft() throws IOException {
        Outcome submit = submit("contained", serviceConfig, """
                    - {singleNode: true}
                    - {controlPlanes: 3}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();
        JsonNode hosts = swarm.run("get", "hosts", "-o", "json").json();
        assertThat(StreamSupport.stream(hosts.spliterator(), false)
                        .map(host -> host.path("phase").asText()))
                .containsOnly("installed")
                .hasSize(4);
        assertThat(swarm.run("logs", "contained-0-0").out()).contains("agent of contained-0-0");

        Outcome delete = swarm.run("delete", "contained");
        assertThat(delete.exitCode()).as(delete.out() + delete.err()).isZero();
        assertThat(delete.out()).doesNotContainPattern("left [1-9]");
        assertThat(swarm.processesWith("conmon")).isEmpty();
        assertThat(swarm.processesWith("StandInMain")).isEmpty();
        assertThat(folder.resolve("w1/contained")).doesNotExist();
        assertThat(folder.resolve("w1/.containers/contained")).doesNotExist();
        assertThat(images.path().resolve("graphroot")).isDirectory();
    }

    @Test
    void anImageThatCannotBeUsedIsSaidInOneLineAtOnceAndNothingIsCreated() throws IOException {
        Path wrong = writeServiceConfig(folder.resolve("hub"), "localhost/AGENT:1");
        Outcome submit = submit("wrong", wrong, "    - {singleNode: true}\n");
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isEqualTo(3);
        assertThat(swarm.run("report", "wrong").out())
                .contains("worker w1 did not open the swarm: image 'localhost/AGENT:1' cannot be pulled: ");
        assertThat(swarm.run("delete", "wrong").out())
                .containsPattern("InfraEnv +created 0, deleted 0, left 0")
                .containsPattern("Namespace +created 0, deleted 0, left 0");
    }

    private Outcome submit(String name, Path config, String clusters) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                  clusters:
                %s""".formatted(name, clusters));
        return swarm.run(
                "submit",
                plan.toString(),
                "--service-config",
                config.toString(),
                "--name",
                name,
                "--no-preflight",
                "--results",
                folder.resolve("results").toString(),
                "--wait",
                "--timeout",
                "4m");
    }

    private static Path writeServiceConfig(Path hub, String agent) throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(hub.resolve("service-config.yaml").toFile());
        ObjectNode runtime =
                ((ObjectNode) config.path("spec")).putObject("runtime").putObject("podman");
        runtime.put("imageStore", images.path().toString());
        runtime.putObject("environment").put("REHEARSAL_TIME_SCALE", "20");
        runtime.putObject("images")
                .put("agent", agent)
                .put("installer", TestingImageStore.INSTALLER)
                .put("controller", TestingImageStore.CONTROLLER);
        Path file = hub.resolve(agent.replaceAll("\\W", "-") + ".json");
        JSON.writeValue(file.toFile(), config);
        return file;
    }
}
