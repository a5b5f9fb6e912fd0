package io.assistedswarm.worker.process;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A short call of a program of this machine, for what it says. It is no host's: it is waited for, and never for longer than its limit.
 *
 * @param what it is called in errors, such as {@code 'podman pull'}
 * @param environment the whole of it
 */
public record Call(String what, List<String> command, Map<String, String> environment, Duration limit) {
    /** @param text what was said, on either stream */
    public record Outcome(int status, String text) {
        public boolean succeeded() {
            return status == 0;
        }

        public String lastLine() {
            return text.lines()
                    .filter(line -> !line.isBlank())
                    .reduce((earlier, line) -> line)
                    .map(String::strip)
                    .orElse("it said nothing");
        }
    }

    /**
     * Blocks.
     *
     * @throws ProcessFailed when it cannot be started, or has not ended in time
     */
    public Outcome run() {
        try {
            // A file and no pipe: a pipe that nobody empties holds the program up, and what it leaves in the background
            // holds a pipe open.
            Path output = Files.createTempFile("call", ".out");
            try {
                return run(output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot run " + what + ": " + e.getMessage(), e);
        }
    }

    private Outcome run(Path output) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProcessFailed(what + " has not ended within " + limit.toSeconds() + " s", null);
            }
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted while waiting for " + what, e);
        } finally {
            process.destroyForcibly();
        }
    }
}
