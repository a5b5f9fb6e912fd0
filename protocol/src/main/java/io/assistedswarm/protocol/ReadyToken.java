package io.assistedswarm.protocol;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A user of {@code AUTH_TYPE=agent-installer-local}: one token that was made before and cannot be renewed. */
final class ReadyToken implements UserAuthorization {
    private final Map<String, String> headers;
    private volatile boolean refused;

    ReadyToken(Secret token) {
        this.headers = headers(token);
    }

    static Map<String, String> headers(Secret token) {
        // As it is, without 'Bearer'.
        return Map.of("Authorization", token.reveal());
    }

    @Override
    public CompletionStage<Map<String, String>> headers() {
        return refused
                ? CompletableFuture.failedFuture(new NoToken(
                        "the service does not accept the token of userTokenFile (401): it has expired, or is of"
                                + " another service. Put a new one there and submit again"))
                : CompletableFuture.completedFuture(headers);
    }

    @Override
    public void refused(Map<String, String> sent) {
        refused |= sent.equals(headers);
    }
}
