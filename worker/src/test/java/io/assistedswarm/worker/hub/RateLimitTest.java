package io.assistedswarm.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final RateLimit limit = new RateLimit(10, 3, 2, clock::get);

    @Test
    void letsABurstGoAtOnceAndThenSoManyASecond() {
        assertThat(IntStream.range(0, 5).mapToObj(turn -> limit.reserve().toMillis()))
                .containsExactly(0L, 0L, 0L, 100L, 200L);
    }

    @Test
    void sendsAtOnceWhatNeedNotWait() {
        assertThat(send(CompletableFuture.completedFuture("answer"))).isCompletedWithValue("answer");
    }

    @Test
    void makesARequestWaitThatComesTooEarly() {
        RateLimit slow = new RateLimit(0.001, 1, 2, clock::get);
        slow.reserve();
        assertThat(slow.send(() -> CompletableFuture.completedFuture("answer")).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void makesARequestWaitUntilOneOfThoseBeforeHasItsAnswer() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> unanswered = send(first);
        CompletableFuture<String> second = send(new CompletableFuture<>());
        CompletableFuture<String> third = send(CompletableFuture.completedFuture("third"));
        assertThat(third).isNotDone();
        assertThat(List.of(unanswered, second)).noneMatch(CompletableFuture::isDone);
        first.completeExceptionally(new IllegalStateException("connection reset"));
        assertThat(third).isCompletedWithValue("third");
    }

    @Test
    void aRequestThatCannotBeSentKeepsNoPlace() {
        for (int i = 0; i < 2; i++) {
            CompletableFuture<String> refused = limit.<String>send(() -> {
                        throw new IllegalStateException("closed");
                    })
                    .toCompletableFuture();
            assertThat(refused).isCompletedExceptionally();
        }
        assertThat(send(CompletableFuture.completedFuture("third"))).isCompletedWithValue("third");
    }

    private CompletableFuture<String> send(CompletableFuture<String> answer) {
        return limit.send(() -> answer).toCompletableFuture();
    }

    @Test
    void savesNoMoreThanABurstInAPause() {
        IntStream.range(0, 3).forEach(turn -> limit.reserve());
        clock.addAndGet(Duration.ofMinutes(5).toNanos());
        assertThat(IntStream.range(0, 4).mapToObj(turn -> limit.reserve().toMillis()))
                .containsExactly(0L, 0L, 0L, 100L);
    }

    @Test
    void givesATurnBackWithTime() {
        IntStream.range(0, 3).forEach(turn -> limit.reserve());
        clock.addAndGet(Duration.ofMillis(100).toNanos());
        assertThat(limit.reserve()).isZero();
        assertThat(limit.reserve()).isEqualTo(Duration.ofMillis(100));
    }
}
