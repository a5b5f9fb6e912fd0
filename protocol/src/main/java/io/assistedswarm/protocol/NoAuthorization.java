package io.assistedswarm.protocol;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A service with {@code AUTH_TYPE=none}: it asks nobody who he is. */
public enum NoAuthorization implements UserAuthorization {
    INSTANCE;

    @Override
    public CompletionStage<Map<String, String>> headers() {
        return CompletableFuture.completedFuture(Map.of());
    }

    /** There is nothing else to send; whoever called has the 401. */
    @Override
    public void refused(Map<String, String> headers) {}
}
