package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.worker.process.Processes.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast a worker starts processes that do nothing, and what it costs to look after them, against a bare loop of {@code posix_spawn} (Python's,
 * which calls that and no more), the same with what ties a child to its worker, and a loop of the JDK's own. Started by {@code bench/processes}, and by no build.
 */
class LaunchBench {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ROUNDS = Integer.getInteger("launch.rounds", 3);
    /** Says that all are started, and kills them when its input ends. */
    private static final String LOOP = """
            import os, signal, sys
            count, gated, command = int(sys.argv[1]), sys.argv[2] == "gated", sys.argv[3:]
            null = os.open("/dev/null", os.O_RDWR)
            def start():
                actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
                if not gated:
                    return os.posix_spawn(command[0], command, {"PATH": "/bin"}, file_actions=actions, setsid=True)
                shut, gate = os.pipe()
                actions.append((os.POSIX_SPAWN_DUP2, shut, 0))
                pid = os.posix_spawn(command[0], command, {"PATH": "/bin"}, file_actions=actions, setsid=True)
                os.close(shut)
                os.write(gate, b"\\n")
                os.close(gate)
                return pid
            pids = [start() for _ in range(count)]
            print("started", flush=True)
            sys.stdin.read()
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            """;

    @TempDir
    private Path folder;

    @Test
    void startsProcesses() throws Exception {
        int count = Integer.getInteger("launch.processes", 1000);
        ProcessTools tools = ProcessTools.find();
        List<String> killedWithUs = List.of(tools.setpriv().toString(), "--pdeathsig", "KILL", "--");
        List<Double> bare = new ArrayList<>();
        List<Double> tied = new ArrayList<>();
        List<Double> gated = new ArrayList<>();
        List<Double> jdk = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            bare.add(loop(count, "7" + round + "01", false, List.of()));
            tied.add(loop(count, "7" + round + "04", false, killedWithUs));
            gated.add(loop(
                    count,
                    "7" + round + "05",
                    true,
                    Stream.concat(
                                    killedWithUs.stream(),
                                    Stream.of(tools.shell().toString(), "-c", OsProcesses.GATE, "swarm-gate"))
                            .toList()));
            jdk.add(jdk(count, round));
            ours.add(ours(count, round));
        }
        System.out.printf(
                Locale.ROOT,
                "launch: %d processes, median of %d rounds: bare posix_spawn %.0f/s, by setpriv %.0f/s, and by the gate %.0f/s,"
                        + " JDK %.0f/s, worker %.0f/s: %.2f of bare, %.2f of the gated, %.2f of the JDK%n",
                count,
                ROUNDS,
                median(bare),
                median(tied),
                median(gated),
                median(jdk),
                median(ours),
                median(ours) / median(bare),
                median(ours) / median(gated),
                median(ours) / median(jdk));
    }

    /**
     * Processes a second, until the last one has become its command.
     *
     * @param by what becomes the command at last
     */
    private static double loop(int count, String sleep, boolean gated, List<String> by)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-c", LOOP, "" + count, gated ? "gated" : "open"));
        command.addAll(by);
        command.addAll(List.of("/bin/sleep", sleep));
        long begin = System.nanoTime();
        Process loop = new ProcessBuilder(command).start();
        assertThat(loop.inputReader().readLine()).isEqualTo("started");
        awaitSleeping(count, sleep);
        double rate = rate(count, begin);
        loop.getOutputStream().close();
        assertThat(loop.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return rate;
    }

    private static double jdk(int count, int round) throws IOException, InterruptedException {
        String sleep = "7" + round + "03";
        List<Process> started = new ArrayList<>();
        long begin = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                started.add(new ProcessBuilder("/bin/sleep", sleep)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
            }
            awaitSleeping(count, sleep);
            return rate(count, begin);
        } finally {
            started.forEach(Process::destroyForcibly);
            for (Process process : started) {
                process.waitFor();
            }
        }
    }

    private double ours(int count, int round) throws Exception {
        String sleep = "7" + round + "02";
        OsProcesses processes =
                new OsProcesses(ProcessTools.find(), "bench-" + sleep, Duration.ofSeconds(5), new LogFiles(1 << 20));
        try {
            long before = rss(ProcessHandle.current().pid());
            long begin = System.nanoTime();
            List<CompletableFuture<Running>> started = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Path own = folder.resolve("host-" + i % 100);
                started.add(processes
                        .start(new ProcessSpec(
                                "process " + i,
                                List.of("/bin/sleep", sleep),
                                Map.of("PATH", "/bin"),
                                own,
                                own.resolve("log")))
                        .toCompletableFuture());
            }
            CompletableFuture.allOf(started.toArray(CompletableFuture<?>[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitSleeping(count, sleep);
            double rate = rate(count, begin);
            System.out.printf(
                    Locale.ROOT,
                    "launch: the worker's own memory per process: %.1f KiB; threads: %d%n",
                    (rss(ProcessHandle.current().pid()) - before) / (double) count,
                    Thread.getAllStackTraces().size());
            return rate;
        } finally {
            processes.close().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** By the argument, which nobody else sleeps for. */
    private static void awaitSleeping(int count, String argument) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (sleeping(argument) < count) {
            assertThat(System.nanoTime()).as("all are started in time").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static long sleeping(String argument) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .filter(entry -> read(entry.resolve("cmdline")).matches("(/bin/)?sleep\0" + argument + "\0"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            // Ended between being listed and being read.
            return "";
        }
    }

    /** Resident memory in KiB. */
    private static long rss(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", "" + pid, "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static double rate(int count, long begin) {
        return count / ((System.nanoTime() - begin) / 1e9);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
