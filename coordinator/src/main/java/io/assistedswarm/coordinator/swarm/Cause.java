package io.assistedswarm.coordinator.swarm;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What really failed: futures wrap it. */
final class Cause {
    private Cause() {}

    static Throwable of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
