package io.assistedswarm.agent;

import java.util.Map;
import java.util.TreeMap;

/** What running one step gave. */
public record StepReply(String output, String error, int exitCode) {
    public static StepReply ok(String output) {
        return new StepReply(output, "", 0);
    }

    public static StepReply refused(String why) {
        return new StepReply("", why, -1);
    }

    /** The body to post: what is empty or 0 is left out. */
    public Map<String, Object> body(String stepType, String stepId) {
        Map<String, Object> body = new TreeMap<>();
        if (!error.isEmpty()) {
            body.put("error", error);
        }
        if (exitCode != 0) {
            body.put("exit_code", exitCode);
        }
        if (!output.isEmpty()) {
            body.put("output", output);
        }
        body.put("step_id", stepId);
        body.put("step_type", stepType);
        return body;
    }
}
