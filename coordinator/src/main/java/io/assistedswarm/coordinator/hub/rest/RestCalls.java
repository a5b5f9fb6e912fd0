package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.protocol.NoToken;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.protocol.UserSide.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** Blocking calls to the user side of one service for one swarm and one user, with a count of them, and with what goes wrong at the moment. */
final class RestCalls {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int LONGEST_MESSAGE = 300;
    /** What is not tried again within this time is given up, and no present trouble. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

    private final UserSide service;
    private final String user;
    private final InstantSource clock;
    private final AtomicLong sent = new AtomicLong();
    private final Map<String, HubTroubleView> troubles = new ConcurrentSkipListMap<>();

    /** The service did not do what it was asked. */
    static final class NotDone extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final transient Optional<Duration> retryAfter;
        private final boolean lasting;

        private NotDone(String message, int status, Optional<Duration> retryAfter) {
            super(message);
            this.status = status;
            this.retryAfter = retryAfter;
            this.lasting = false;
        }

        private NotDone(NoToken why) {
            super("not sent: " + why.getMessage());
            this.status = 0;
            this.retryAfter = Optional.empty();
            this.lasting = true;
        }

        /** Trying again soon is of no use. */
        boolean isLasting() {
            return lasting;
        }

        /** 0 when nothing has answered. */
        int status() {
            return status;
        }

        /** The user lacks a right, be it on this one thing or on all of them. */
        boolean isForbidden() {
            return status == 403;
        }

        /** It is not about what was asked for, so that anything else would hardly go better now. */
        boolean concernsAll() {
            return status == 0 || status == 401 || status == 403 || status == 429 || status >= 500;
        }

        Optional<Duration> retryAfter() {
            return retryAfter;
        }
    }

    /** @param user by whose name the service is asked; empty where nobody is told apart */
    RestCalls(UserSide service, String user, InstantSource clock) {
        this.service = service;
        this.user = user;
        this.clock = clock;
    }

    /** To begin a message with. */
    String ofUser() {
        return user.isEmpty() ? "" : "user " + user + ": ";
    }

    JsonNode get(String path) throws NotDone, InterruptedException {
        return call("GET", path);
    }

    void post(String path) throws NotDone, InterruptedException {
        call("POST", path);
    }

    void delete(String path) throws NotDone, InterruptedException {
        call("DELETE", path);
    }

    /** Requests sent for the swarm. */
    long count() {
        return sent.get();
    }

    /** What goes wrong now, by what was asked for. */
    List<HubTroubleView> troubles() {
        Instant forgotten = clock.instant().minus(FORGOTTEN_AFTER);
        troubles.values().removeIf(trouble -> trouble.last().isBefore(forgotten));
        return List.copyOf(troubles.values());
    }

    private JsonNode call(String method, String path) throws NotDone, InterruptedException {
        sent.incrementAndGet();
        String what = method + " /v2" + path.replaceAll("/[0-9a-f-]{36}", "/…").replaceAll("\\?.*", "");
        Answer answer;
        try {
            answer = service.send(method, path, "").toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof NoToken noToken) {
                throw noted(what, new NotDone(noToken));
            }
            String said = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw noted(what, new NotDone("no answer: " + said, 0, Optional.empty()));
        }
        if (!answer.isSuccess()) {
            NotDone failure = new NotDone(
                    "status " + answer.status() + " " + message(answer.body()), answer.status(), answer.retryAfter());
            throw failure.concernsAll() ? noted(what, failure) : failure;
        }
        troubles.remove(what);
        return parse(what, answer.body());
    }

    private JsonNode parse(String what, String body) throws NotDone {
        if (body == null || body.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw noted(what, new NotDone("an answer that is not JSON", 0, Optional.empty()));
        }
    }

    private NotDone noted(String what, NotDone failure) {
        Instant now = clock.instant();
        troubles.compute(
                what,
                (same, before) -> new HubTroubleView(
                        what,
                        ofUser() + failure.getMessage(),
                        before == null ? now : before.since(),
                        now,
                        before == null ? 1 : before.attempts() + 1,
                        Optional.empty()));
        return failure;
    }

    private static String message(String body) {
        String text = body == null ? "" : body;
        try {
            JsonNode error = JSON.readTree(text);
            text = error.path("reason").asText(error.path("message").asText(text));
        } catch (JsonProcessingException e) {
            // From a proxy, for example: the text itself has to do.
        }
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }
}
