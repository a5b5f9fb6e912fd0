package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final Shared<Integer> shared = new Shared<>(
            () -> CompletableFuture.completedFuture(asked.incrementAndGet()), Duration.ofSeconds(1), nanos::get);

    @Test
    void manyWhoAskAtOnceGetOneAnswer() {
        assertThat(shared.get().toCompletableFuture().join()).isEqualTo(1);
        nanos.addAndGet(999_999_999);
        assertThat(shared.get().toCompletableFuture().join()).isEqualTo(1);
        nanos.addAndGet(1);
        assertThat(shared.get().toCompletableFuture().join()).isEqualTo(2);
    }
}
