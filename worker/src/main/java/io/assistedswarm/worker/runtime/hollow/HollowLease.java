package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.worker.process.BootClock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Until when hollow hosts may act: looked at before each request, so that a JVM that stood still sends none too late. Thread-safe. */
final class HollowLease {
    private final LongSupplier clock;
    private final AtomicLong end = new AtomicLong(Long.MAX_VALUE);

    HollowLease() {
        this(BootClock::seconds);
    }

    /** @param clock seconds, which also pass while this JVM stands still */
    HollowLease(LongSupplier clock) {
        this.clock = clock;
    }

    /** @param bootSeconds an earlier time than one given before changes nothing */
    void mayRunUntil(long bootSeconds) {
        end.updateAndGet(before -> before == Long.MAX_VALUE ? bootSeconds : Math.max(before, bootSeconds));
    }

    boolean isOver() {
        long until = end.get();
        return until != Long.MAX_VALUE && clock.getAsLong() >= until;
    }
}
