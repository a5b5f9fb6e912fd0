package io.assistedswarm.coordinator.api;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One answer for all who ask within a short while, so that many who look cost no more than one. Thread-safe. */
final class Shared<T> {
    private final Supplier<CompletionStage<T>> question;
    private final long freshNanos;
    private final LongSupplier nanos;
    private CompletionStage<T> answer;
    private long askedAt;

    /** @param fresh an answer that was asked for longer ago is asked for again */
    Shared(Supplier<CompletionStage<T>> question, Duration fresh, LongSupplier nanos) {
        this.question = question;
        this.freshNanos = fresh.toNanos();
        this.nanos = nanos;
    }

    synchronized CompletionStage<T> get() {
        long now = nanos.getAsLong();
        if (answer == null || now - askedAt >= freshNanos) {
            askedAt = now;
            answer = question.get();
        }
        return answer;
    }
}
