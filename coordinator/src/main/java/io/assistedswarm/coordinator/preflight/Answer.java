package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/**
 * What came of one request.
 *
 * @param status 0 when nobody answered
 * @param body missing when it is not JSON
 * @param date when the other side thinks it answered
 * @param trouble why nobody answered; empty when somebody did
 */
record Answer(int status, JsonNode body, Optional<Instant> date, String trouble) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_MESSAGE = 200;

    static Answer of(int status, String text, Optional<Instant> date) {
        JsonNode body;
        try {
            body = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            body = MissingNode.getInstance();
        }
        return new Answer(status, body, date, "");
    }

    static Answer none(String trouble) {
        return new Answer(0, MissingNode.getInstance(), Optional.empty(), trouble);
    }

    static Answer none(Throwable failure, Duration patience) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return none(
                switch (cause) {
                    case TimeoutException late -> "no answer within " + patience.toSeconds() + " s";
                    case java.net.http.HttpTimeoutException late -> "no answer within " + patience.toSeconds() + " s";
                    case java.net.ConnectException refused -> "nobody listens there";
                    case java.nio.channels.UnresolvedAddressException unknown -> "its name is not known here";
                    case UnknownHostException unknown -> "its name is not known here";
                    default -> said(cause);
                });
    }

    boolean given() {
        return status != 0;
    }

    boolean ok() {
        return status >= 200 && status < 300;
    }

    boolean absent() {
        return status == 404;
    }

    boolean refused() {
        return status == 401 || status == 403;
    }

    /** In a few words, for somebody who expected something else. */
    String said() {
        if (!given()) {
            return trouble;
        }
        String message = body.path("message").asText("").replaceAll("\\s+", " ").strip();
        return status + (message.isEmpty() ? "" : " (" + shortened(message) + ")");
    }

    /** The innermost says what happened: above it, each layer says only that something did. */
    private static String said(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < 10 && cause.getCause() != null; depth++) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : shortened(message);
    }

    private static String shortened(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }
}
