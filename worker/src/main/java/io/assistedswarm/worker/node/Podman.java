package io.assistedswarm.worker.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.worker.process.Call;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.time.Duration;
import java.util.List;

/**
 * The container engine of this machine, as {@code podman info} shows it.
 *
 * @param command name or path of the program
 */
record Podman(String command) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
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
            Call.Outcome info = new Call(
                            "'podman info'", List.of(command, "info", "--format", "json"), System.getenv(), PATIENCE)
                    .run();
            return info.succeeded()
                    ? read(info.text())
                    : Found.trouble("'podman info' ended with " + info.status() + ": " + info.lastLine());
        } catch (ProcessFailed | JsonProcessingException e) {
            return Found.trouble("podman cannot be asked: " + e.getMessage());
        }
    }

    /** Warnings may stand before the JSON. */
    private static Found read(String text) throws JsonProcessingException {
        JsonNode info = JSON.readTree(text.substring(Math.max(0, text.indexOf("{\n"))));
        return new Found(info.path("version").path("Version").asText("unknown"), "");
    }
}
