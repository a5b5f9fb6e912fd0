package io.assistedswarm.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong(1_000_000_000_000L);
    private final RateLimit limit = new RateLimit(10, 3, clock::get);

    @Test
    void letsABurstGoAtOnceAndThenSoManyASecond() {
        assertThat(IntStream.range(0, 5).mapToObj(turn -> limit.reserve().toMillis()))
                .containsExactly(0L, 0L, 0L, 100L, 200L);
    }

    @Test
    void completesATurnThatNeedNotWaitAtOnce() {
        assertThat(limit.turn().toCompletableFuture()).isCompleted();
    }

    @Test
    void makesATurnWaitThatComesTooEarly() {
        RateLimit slow = new RateLimit(0.001, 1, clock::get);
        slow.reserve();
        assertThat(slow.turn().toCompletableFuture()).isNotDone();
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
