package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
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
    @TempDir
    static Path folder;

    private static OwnMachineSwarm swarm;
    private static Path serviceConfig;

    @BeforeAll
    static void startAll() throws IOException {
        swarm = OwnMachineSwarm.start(folder, OwnMachine.in(folder).command());
        serviceConfig = writeServiceConfig();
    }

    @AfterAll
    static void stopAll() {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    void aSingleNodeAndThreeControlPlanesAreInstalledByOneProgramAndNothingIsLeft() throws IOException {
        Outcome submit = swarm.install("combined", serviceConfig);
        assertThat(submit.out()).contains("runtime combined, controllers by exec");
        assertThat(swarm.launcher().run("logs", "combined-0-0").out()).contains("played by agent");

        swarm.deleteWithoutAnythingLeft("combined");
        assertThat(swarm.launcher().processesWith("TestingCombinedProgram")).isEmpty();
    }

    @Test
    void aFaultThatItCannotDoIsRefusedInOneLineBeforeAnythingIsCreated() throws IOException {
        Outcome submit = swarm.submit("faulty", serviceConfig, """
                  clusters:
                    - {singleNode: true}
                  faults:
                    - {kind: vanish, hosts: 1, phase: known}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isNotZero();
        assertThat(submit.err()).contains("'vanish' cannot be done to one host of the combined agent");
        assertThat(swarm.launcher().run("get", "swarm", "faulty").exitCode()).isEqualTo(1);
    }

    private static Path writeServiceConfig() throws IOException {
        ObjectNode config = swarm.serviceConfig();
        JsonNode exec = config.at("/spec/runtime/exec");
        ObjectNode runtime = config.objectNode();
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
        return swarm.write("combined.json", config, "combined", runtime);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
