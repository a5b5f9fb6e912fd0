package io.assistedswarm.agent;

import java.io.IOException;

/** The service's answer to one call. */
public final class ServiceReply {
    private final int status;
    private final byte[] body;

    public ServiceReply(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** @throws IOException if the body is no JSON */
    public Object json() throws IOException {
        return Json.parse(body);
    }

    /** Status and reason for a log line; the two kinds of error body name the reason differently. */
    public String problem() {
        try {
            Object error = json();
            String reason = Json.textAt(error, "reason");
            String text = reason.isEmpty() ? Json.textAt(error, "message") : reason;
            return text.isEmpty() ? "status " + status : "status " + status + ": " + text;
        } catch (IOException noJson) {
            return "status " + status;
        }
    }
}
