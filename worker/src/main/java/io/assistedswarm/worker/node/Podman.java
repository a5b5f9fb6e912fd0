package io.assistedswarm.worker.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The container engine of this machine, as {@code podman info} shows it.
 *
 * @param command name or path of the program
 */
record Podman(String command) {
    private static final long PATIENCE_SECONDS = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param trouble why it cannot be run; empty when it can */
    record Found(String version, String trouble) {
        static final Found NOT_ASKED = new Found("", "");

        private static Found trouble(String trouble) {
            return new Found("", trouble);
        }
    }

    Found look() {
        try {
            // Into a file: a pipe that nobody empties in time would hold podman up.
            Path output = Files.createTempFile("podman-info", ".json");
            try {
                return look(output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return Found.trouble("podman cannot be asked: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Found.trouble("interrupted while 'podman info' was running");
        }
    }

    private Found look(Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command, "info", "--format", "json")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Found.trouble("'podman info' did not end within " + PATIENCE_SECONDS + " s");
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        return process.exitValue() == 0
                ? read(text)
                : Found.trouble("'podman info' ended with " + process.exitValue() + ": "
                        + text.lines().reduce("", (earlier, line) -> line).strip());
    }

    /** Warnings may stand before the JSON. */
    private static Found read(String text) throws IOException {
        JsonNode info = JSON.readTree(text.substring(Math.max(0, text.indexOf("{\n"))));
        return new Found(info.path("version").path("Version").asText("unknown"), "");
    }
}
