package io.assistedswarm.rehearsal.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One role of the demo, started by the launcher as a user would and logging to a file. */
final class RoleProcess {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final Path log;

    private RoleProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code swarm ARGUMENTS} in a session of its own, so that Ctrl-C reaches the demo alone and the demo decides the order of
     * stopping; should the demo be killed, the kernel ends the role.
     */
    static RoleProcess start(
            Path launcher, String name, Path log, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (onPath("setsid") && onPath("setpriv")) {
            command.addAll(List.of("setsid", "setpriv", "--pdeathsig", "TERM", "--"));
        }
        command.add(launcher.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new RoleProcess(name, builder.start(), log);
    }

    /** Waits for the file in which the role says where it listens. */
    JsonNode awaitAddresses(Path file) throws InterruptedException, IOException {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!Files.exists(file)) {
            failIfEnded();
            if (Instant.now().isAfter(limit)) {
                throw new DemoFailure(name + " was not up after " + START_LIMIT.toSeconds() + " s; its log: " + log);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return JSON.readTree(file.toFile());
    }

    void failIfEnded() {
        if (!process.isAlive()) {
            throw new DemoFailure(
                    name + " ended with exit code " + process.exitValue() + "; the end of its log:\n" + endOfLog());
        }
    }

    /** SIGTERM, and SIGKILL when that is not enough. Returns whether it ended by itself. */
    boolean stop() throws InterruptedException {
        return stop(process);
    }

    static boolean stop(Process process) throws InterruptedException {
        process.destroy();
        if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            return true;
        }
        process.destroyForcibly().waitFor();
        return false;
    }

    String name() {
        return name;
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    private static boolean onPath(String tool) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }
}
