package io.assistedswarm.agent;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Values of {@code X-Request-Id}. */
final class RequestId {
    private RequestId() {}

    /** A random UUID; not from a secure source, whose start-up would cost more than all of the first request. */
    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
        return new UUID(high, low).toString();
    }
}
