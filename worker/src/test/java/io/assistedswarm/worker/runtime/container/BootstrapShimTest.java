package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.runtime.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shim as agent, runner and installer meet it: as podman, in front of one that only says how it was called. */
class BootstrapShimTest {
    /** As the agent writes it (assisted-installer-agent, src/commands/actions/install_cmd.go). */
    private static final List<String> INSTALL = List.of(
            "run",
            "--privileged",
            "--pid=host",
            "--name=assisted-installer",
            "-v",
            "/dev:/dev:rw",
            "--env=PULL_SECRET_TOKEN",
            "quay.io/installer:1");

    @TempDir
    private Path folder;

    private ProcessSpec agent;

    @BeforeEach
    void makeShim() throws IOException {
        Path podman = folder.resolve("machine/podman");
        new Script("#!/bin/sh\nprintf '%s\\n' \"$@\"\n").place(podman);
        BootstrapShim shim = new BootstrapShim(folder.resolve("shims"), podman, "quay.io/stand-in:1");
        shim.make();
        agent = shim.before(new ProcessSpec(
                "agent", List.of("agent"), Map.of("PATH", "/usr/bin:/bin"), folder, folder.resolve("agent.log")));
    }

    @Test
    void runsTheStandInAsBootstrapOfSeveralControlPlanesAndTellsTheHostsLog() throws IOException {
        List<String> flags = List.of(
                "--role",
                "bootstrap",
                "--host-id",
                "h",
                "--control-plane-count",
                "3",
                "--installer-args",
                "[\"a b\", \"\"]");
        assertThat(podman(INSTALL, flags))
                .containsExactlyElementsOf(
                        joined(INSTALL.subList(0, INSTALL.size() - 1), List.of("quay.io/stand-in:1"), flags));
        assertThat(agent.logFile()).hasContent("swarm: runs the stand-in installer as bootstrap of 3 control planes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--role bootstrap --control-plane-count 1",
                "--role bootstrap --high-availability-mode None",
                "--role master --control-plane-count 3",
                "--role worker"
            })
    void runsTheInstallerItselfInEveryOtherRole(String flags) throws IOException {
        List<String> given = List.of(flags.split(" "));
        assertThat(podman(INSTALL, given)).containsExactlyElementsOf(joined(INSTALL, given));
        assertThat(agent.logFile()).doesNotExist();
    }

    @Test
    void letsTheRunnerFindTheShimWhenItEntersTheMachineAgain() throws IOException {
        List<String> runner =
                List.of("--rm", "-ti", "--name", "next-step-runner", "quay.io/agent:1", "next_step_runner");
        assertThat(podman(List.of("run"), runner))
                .containsExactlyElementsOf(joined(
                        List.of(
                                "run",
                                "--env=PATH=" + folder.resolve("shims")
                                        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                        runner));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm -i next-step-runner",
                "images --quiet quay.io/installer:1",
                "run --rm --quiet quay.io/agent:1 inventory --role",
                "--version"
            })
    void handsEverythingElseOnAsItIs(String call) throws IOException {
        List<String> words = List.of(call.split(" "));
        assertThat(podman(words)).containsExactlyElementsOf(words);
    }

    @Test
    void leavesTheAgentAsItIsWhereThereIsNoStandIn() {
        ProcessSpec plain = new ProcessSpec("agent", List.of("agent"), Map.of("PATH", "/bin"), folder, folder);
        assertThat(new BootstrapShim(folder, folder, "").before(plain)).isSameAs(plain);
    }

    /** Found as the agent finds it: by its PATH. */
    @SafeVarargs
    private List<String> podman(List<String>... words) throws IOException {
        List<String> command = joined(List.of("/bin/sh", "-c", "exec podman \"$@\"", "sh"), joined(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(agent.environment());
        Process process = builder.start();
        List<String> said = process.inputReader().lines().toList();
        try {
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        assertThat(process.exitValue()).as(() -> said.toString()).isZero();
        return said;
    }

    @SafeVarargs
    private static List<String> joined(List<String>... lists) {
        List<String> joined = new ArrayList<>();
        for (List<String> each : lists) {
            joined.addAll(each);
        }
        return joined;
    }
}
