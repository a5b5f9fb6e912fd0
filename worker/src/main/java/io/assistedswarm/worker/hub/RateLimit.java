package io.assistedswarm.worker.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A token bucket: up to {@code burst} requests after a pause, then so many a second, each one served in its turn. No more than so many are
 * without an answer at a time: a hub that is slow is not given a connection for each request.
 */
final class RateLimit {
    private final long nanosPerRequest;
    private final long burstNanos;
    private final LongSupplier nanoClock;
    private final int unansweredLimit;
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private int unanswered;
    private long nextFree;

    RateLimit(double perSecond, int burst, int unansweredLimit, LongSupplier nanoClock) {
        this.nanosPerRequest = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.burstNanos = nanosPerRequest * (burst - 1L);
        this.unansweredLimit = unansweredLimit;
        this.nanoClock = nanoClock;
        this.nextFree = nanoClock.getAsLong() - burstNanos;
    }

    /** Sends the request when it may be sent. */
    <T> CompletionStage<T> send(Supplier<CompletionStage<T>> request) {
        return turn().thenCompose(turn -> room()).thenCompose(room -> {
            CompletionStage<T> answer;
            try {
                answer = request.get();
            } catch (RuntimeException e) {
                answer = CompletableFuture.failedFuture(e);
            }
            return answer.whenComplete((answered, failure) -> leave());
        });
    }

    private synchronized CompletionStage<Void> room() {
        CompletableFuture<Void> room = new CompletableFuture<>();
        if (unanswered < unansweredLimit) {
            unanswered++;
            room.complete(null);
        } else {
            waiting.add(room);
        }
        return room;
    }

    private void leave() {
        CompletableFuture<Void> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                unanswered--;
            }
        }
        if (next != null) {
            next.complete(null);
        }
    }

    private CompletionStage<Void> turn() {
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
