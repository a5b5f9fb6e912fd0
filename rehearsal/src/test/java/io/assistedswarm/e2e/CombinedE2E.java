package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The combined runtime as a user has it, with a program that speaks the combined agent's API and has stand-ins play the hosts. */
@EnabledIfEnvironmentVariable(
        named = "SWARM_CONTAINERS",
        matches = "true",
        disabledReason = "takes a minute, root and unshare: set SWARM_CONTAINERS=true")
@Execution(ExecutionMode.CONCURRENT)
class CombinedE2E {
    /** As systemd does a service whose process was killed. */
    private static final String RESTARTED =
            "trap 'kill -TERM $worker; wait $worker; exit' TERM; while :; do \"$@\" & worker=$!; wait $worker; done";

    private static final String THE_WORKER = "the worker";

    @TempDir
    static Path folder;

    private static OwnMachineSwarm swarm;
    private static Path serviceConfig;

    @BeforeAll
    static void startAll() throws IOException {
        List<String> command = new ArrayList<>(OwnMachine.in(folder).command());
        command.addAll(List.of("sh", "-c", RESTARTED, "worker"));
        swarm = OwnMachineSwarm.start(folder, command);
        serviceConfig = writeServiceConfig();
    }

    @AfterAll
    static void stopAll() {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    @ResourceLock(THE_WORKER)
    void aSingleNodeAndThreeControlPlanesAreInstalledByOneProgramAndNothingIsLeft() throws IOException {
        Outcome submit = swarm.install("combined", serviceConfig);
        assertThat(submit.out()).contains("runtime combined, controllers by exec");
        assertThat(swarm.launcher().run("logs", "combined-0-0").out()).contains("played by agent");

        swarm.deleteWithoutAnythingLeft("combined");
        assertThat(swarm.launcher().processesWith("TestingCombinedProgram")).isEmpty();
    }

    @Test
    @ResourceLock(THE_WORKER)
    void aKilledWorkersProgramEndsAndItsHostsGoOnWhenTheWorkerIsRestarted() throws IOException {
        Outcome submit = swarm.submit("killed", serviceConfig, """
                  clusters:
                    - {controlPlanes: 2, justInfraenv: true}
                """);
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();
        List<Long> first = played();
        assertThat(first).hasSize(3);

        long worker = swarm.launcher().processesWith("worker.WorkerMain").getLast();
        ProcessHandle.of(worker).orElseThrow().destroyForcibly();

        await().atMost(Duration.ofSeconds(60)).until(() -> Collections.disjoint(played(), first));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(played()).hasSize(3));
        swarm.deleteWithoutAnythingLeft("killed");
        assertThat(played()).isEmpty();
    }

    /** The program, and the stand-ins for the hosts that it plays. */
    private static List<Long> played() {
        return Stream.of("TestingCombinedProgram", "StandInMain")
                .flatMap(main -> swarm.launcher().processesWith(main).stream())
                .distinct()
                .toList();
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
