package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The combined runtime as a user has it, with a program that speaks the combined agent's API and has stand-ins play the hosts. */
@EnabledIfEnvironmentVariable(
        named = "SWARM_CONTAINERS",
        matches = "true",
        disabledReason = "takes a minute, root and unshare: set SWARM_CONTAINERS=true")
@Execution(ExecutionMode.CONCURRENT)
class CombinedE2E {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Launcher swarm;
    private static Path serviceConfig;

    @BeforeAll
    static void startAll() throws IOException {
        OwnMachine machine = OwnMachine.in(folder);
        swarm = new Launcher(folder);
        Path hub = swarm.startHub(20);
        serviceConfig = writeServiceConfig(hub);
        swarm.startCoordinator();
        swarm.startWorker("w1", 10, machine.command());
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
    void aSingleNodeAndThreeControlPlanesAreInstalledByOneProgramAndNothingIsLeft() throws IOException {
        Outcome submit = submit("combined", """
                  clusters:
                    - {singleNode: true}
                    - {controlPlanes: 3}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();
        assertThat(submit.out()).contains("runtime combined, controllers by exec");
        JsonNode hosts = swarm.run("get", "hosts", "-o", "json").json();
        assertThat(StreamSupport.stream(hosts.spliterator(), false)
                        .map(host -> host.path("phase").asText()))
                .containsOnly("installed")
                .hasSize(4);
        assertThat(swarm.run("logs", "combined-0-0").out()).contains("played by agent");

        Outcome delete = swarm.run("delete", "combined");
        assertThat(delete.exitCode()).as(delete.out() + delete.err()).isZero();
        assertThat(delete.out()).doesNotContainPattern("left [1-9]");
        assertThat(swarm.processesWith("TestingCombinedProgram")).isEmpty();
        assertThat(swarm.processesWith("StandInMain")).isEmpty();
        assertThat(folder.resolve("w1/combined")).doesNotExist();
    }

    @Test
    void aFaultThatItCannotDoIsRefusedInOneLineBeforeAnythingIsCreated() throws IOException {
        Outcome submit = submit("faulty", """
                  clusters:
                    - {singleNode: true}
                  faults:
                    - {kind: vanish, hosts: 1, phase: known}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isNotZero();
        assertThat(submit.err()).contains("'vanish' cannot be done to one host of the combined agent");
        assertThat(swarm.run("get", "swarm", "faulty").exitCode()).isEqualTo(1);
    }

    private Outcome submit(String name, String clusters) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                %s""".formatted(name, clusters));
        return swarm.run(
                "submit",
                plan.toString(),
                "--service-config",
                serviceConfig.toString(),
                "--name",
                name,
                "--no-preflight",
                "--results",
                folder.resolve("results").toString(),
                "--wait",
                "--timeout",
                "4m");
    }

    private static Path writeServiceConfig(Path hub) throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(hub.resolve("service-config.yaml").toFile());
        JsonNode exec = config.at("/spec/runtime/exec");
        ObjectNode runtime =
                ((ObjectNode) config.path("spec")).putObject("runtime").putObject("combined");
        int port = freePort();
        runtime.put("port", port);
        ArrayNode command = runtime.putArray("command");
        List.of(
                        "/usr/bin/env",
                        "REHEARSAL_TIME_SCALE=20",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestingCombinedProgram.class.getName(),
                        String.valueOf(port),
                        folder.toString())
                .forEach(command::add);
        for (JsonNode word : exec.at("/agent/command")) {
            command.add(word.asText());
            if (word.asText().equals("agent")) {
                break;
            }
        }
        ObjectNode controller = runtime.putObject("controller").putObject("exec");
        controller.set("controller", exec.path("controller"));
        controller.set("agent", exec.path("agent"));
        Path file = hub.resolve("combined.json");
        JSON.writeValue(file.toFile(), config);
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
