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
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Hub, coordinator and one worker that has a machine of its own: for runtimes that make use of a machine as if it were all theirs. */
record OwnMachineSwarm(Launcher launcher, Path folder, Path hub) implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param before what the worker's command line begins with: the machine, and more */
    static OwnMachineSwarm start(Path folder, List<String> before) throws IOException {
        Launcher launcher = new Launcher(folder);
        try {
            OwnMachineSwarm swarm = new OwnMachineSwarm(launcher, folder, launcher.startHub(20));
            launcher.startCoordinator();
            launcher.startWorker("w1", 10, before);
            launcher.awaitWorkers(1);
            return swarm;
        } catch (IOException | RuntimeException | Error e) {
            launcher.close();
            throw e;
        }
    }

    /** What the hub says of itself. */
    ObjectNode serviceConfig() throws IOException {
        return (ObjectNode) JSON.readTree(hub.resolve("service-config.yaml").toFile());
    }

    /** @param config whose runtime is replaced */
    Path write(String file, ObjectNode config, String runtime, ObjectNode settings) throws IOException {
        ((ObjectNode) config.path("spec")).putObject("runtime").set(runtime, settings);
        Path written = hub.resolve(file);
        JSON.writeValue(written.toFile(), config);
        return written;
    }

    /** @param spec of the plan, indented by two */
    Outcome submit(String name, Path config, String spec) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                %s""".formatted(name, spec));
        return launcher.run(
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

    /** A single node and three control planes. */
    Outcome install(String name, Path config) throws IOException {
        Outcome submit = submit(name, config, """
                  clusters:
                    - {singleNode: true}
                    - {controlPlanes: 3}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();
        assertThat(hosts(name).map(host -> host.path("phase").asText()))
                .containsOnly("installed")
                .hasSize(4);
        return submit;
    }

    Stream<JsonNode> hosts(String name) {
        JsonNode hosts =
                launcher.run("get", "hosts", "--swarm", name, "-o", "json").json();
        return StreamSupport.stream(hosts.spliterator(), false);
    }

    /** @return what it says */
    String deleteWithoutAnythingLeft(String name) {
        Outcome delete = launcher.run("delete", name);
        assertThat(delete.exitCode()).as(delete.out() + delete.err()).isZero();
        assertThat(delete.out()).doesNotContainPattern("left [1-9]");
        assertThat(launcher.processesWith("StandInMain")).isEmpty();
        assertThat(folder.resolve("w1").resolve(name)).doesNotExist();
        return delete.out();
    }

    @Override
    public void close() {
        launcher.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> launcher.processes().isEmpty());
    }
}
