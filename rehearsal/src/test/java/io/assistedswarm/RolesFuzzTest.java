package io.assistedswarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.CoordinatorMain;
import io.assistedswarm.coordinator.cli.Fuzzing;
import io.assistedswarm.coordinator.cli.Mutations;
import io.assistedswarm.rehearsal.demo.DemoMain;
import io.assistedswarm.rehearsal.hub.HubMain;
import io.assistedswarm.worker.WorkerMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Garbled flags of the programs that run a role. With each line goes one flag that is wrong, so that none of them starts. */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
@Isolated("it takes what this JVM prints")
class RolesFuzzTest {
    /** The wrong flag is one of which the program complains after it has looked at all others. */
    private record Role(ToIntFunction<String[]> program, List<String> wrong, List<String> words) {}

    private static final List<String> OF_NODES = List.of(
            "--host",
            "127.0.0.1",
            "--tls",
            "CERTIFICATES",
            "--insecure-remoting",
            "--port",
            "0",
            "--data",
            "DATA",
            "--kubeconfig",
            "--help");

    @TempDir
    private Path folder;

    @Test
    void flags() throws IOException {
        Map<String, Role> roles = new TreeMap<>(Map.of(
                "coordinator",
                new Role(
                        CoordinatorMain::execute,
                        List.of("--http-port", "70000"),
                        List.of("--http-host", "--token-file", "TOKEN", "--standby", "::1")),
                "worker",
                new Role(
                        WorkerMain::execute,
                        List.of("--capacity", "-1"),
                        List.of("--join", "127.0.0.1:25520", "127.0.0.1:1,127.0.0.1:2", "--name", "w1")),
                "hub",
                new Role(
                        HubMain::execute,
                        List.of("--trouble", folder.resolve("none.yaml").toString()),
                        List.of(
                                "--dir",
                                "DATA",
                                "--kube-port",
                                "--time-scale",
                                "20",
                                "--iso-bytes",
                                "1048576",
                                "--soft-timeouts",
                                "--env",
                                "ENABLE_SKIP_MCO_REBOOT=true",
                                "--converged")),
                "demo",
                new Role(
                        DemoMain::execute,
                        List.of("--workers", "0"),
                        List.of("--capacity", "40", "--time-scale", "20", "--results", "DATA", "--keep", "PLAN"))));
        Mutations mutations = new Mutations(Fuzzing.SEED + 3);
        int inputs = Fuzzing.INPUTS / 10;
        long start = System.nanoTime();
        int[] exitCodes = new int[3];
        List<String> names = List.copyOf(roles.keySet());
        for (int i = 0; i < inputs; i++) {
            String name = names.get(i % names.size());
            exitCodes[run(name, roles.get(name), mutations)]++;
        }
        Fuzzing.say(
                "command lines of roles",
                inputs,
                start,
                ", exit code 0: %d, 1: %d, 2: %d".formatted(exitCodes[0], exitCodes[1], exitCodes[2]));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("what the programs created").isEmpty();
        }
    }

    private int run(String name, Role role, Mutations mutations) {
        List<String> words = new ArrayList<>(role.words());
        words.addAll(OF_NODES);
        List<String> arguments = new ArrayList<>(role.wrong());
        for (int count = mutations.below(6); count > 0; count--) {
            String word = mutations
                    .oneOf(words)
                    .replace("PLAN", "../conf/plans/quickstart.yaml")
                    .replaceAll("DATA|TOKEN|CERTIFICATES", folder.resolve("x").toString());
            arguments.add(mutations.below(3) == 0 ? mutations.of(word) : word);
        }
        String input = Fuzzing.visible(name + " " + arguments);
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        long began = System.nanoTime();
        int exitCode;
        try (PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setOut(both);
            System.setErr(both);
            exitCode = role.program().applyAsInt(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        String answer = said.toString(StandardCharsets.UTF_8);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(input).isLessThan(Fuzzing.LONGEST);
        assertThat(exitCode).as("of %s: %s", input, Fuzzing.visible(answer)).isIn(0, 2);
        assertThat(answer).as(input).doesNotContain("\tat ", "Exception").isNotBlank();
        assertThat(exitCode == 0)
                .as(input + " is answered " + Fuzzing.visible(answer))
                .isEqualTo(answer.startsWith("Usage: "));
        return exitCode;
    }
}
