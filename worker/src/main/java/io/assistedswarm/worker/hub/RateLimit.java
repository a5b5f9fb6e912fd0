package io.assistedswarm.worker.hub;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** A token bucket: up to {@code burst} requests at once, then so many a second, each one served in its turn. */
final class RateLimit {
    private final long nanosPerRequest;
    private final long burstNanos;
    private final LongSupplier nanoClock;
    private long nextFree;

    RateLimit(double perSecond, int burst, LongSupplier nanoClock) {
        this.nanosPerRequest = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.burstNanos = nanosPerRequest * (burst - 1L);
        this.nanoClock = nanoClock;
        this.nextFree = nanoClock.getAsLong() - burstNanos;
    }

    /** Completes when the caller may send one request. */
    CompletionStage<Void> turn() {
        Duration wait = reserve();
        if (wait.isZero()) {
            return CompletableFuture.completedFuture(null);
        }
        Executor later = CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS);
        return CompletableFuture.runAsync(() -> {}, later);
    }

    /** Takes the next turn; says how long it is until then. */
    synchronized Duration reserve() {
        long now = nanoClock.getAsLong();
        nextFree = Math.max(nextFree, now - burstNanos);
        long wait = Math.max(0, nextFree - now);
        nextFree += nanosPerRequest;
        return Duration.ofNanos(wait);
    }
}
