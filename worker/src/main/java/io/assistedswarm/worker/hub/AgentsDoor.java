package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.protocol.UserSide.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether a service lets its agents in. It is asked for a cluster that there is not, which it answers with 404 to whom it knows, and what it
 * says to others is its own reason.
 */
final class AgentsDoor {
    private static final String NOWHERE = "/clusters/" + new UUID(0, 0);
    private static final int LONGEST_MESSAGE = 200;

    private AgentsDoor() {}

    /** What an agent brings. */
    private record Bringing(Secret token) implements UserAuthorization {
        @Override
        public CompletionStage<Map<String, String>> headers() {
            return CompletableFuture.completedFuture(Map.of("X-Secret-Key", token.reveal()));
        }

        @Override
        public void refused(Map<String, String> headers) {
            // There is no other.
        }
    }

    /** Empty when it lets him in, or says nothing of the kind. */
    static CompletionStage<Optional<String>> refusal(
            ServiceSpec service, Secret token, Duration timeout, String userAgent) {
        UserSide side = new UserSide(service, new Bringing(token), timeout, userAgent);
        return side.send("GET", NOWHERE, "")
                .whenComplete((answer, failure) -> side.close())
                .thenApply(answer -> refusal(answer, token));
    }

    private static Optional<String> refusal(Answer answer, Secret token) {
        if (answer.status() != 401 && answer.status() != 403) {
            return Optional.empty();
        }
        String line = answer.body().replace(token.reveal(), "…").strip().replaceAll("\\s+", " ");
        return Optional.of(answer.status() + " "
                + (line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line));
    }
}
