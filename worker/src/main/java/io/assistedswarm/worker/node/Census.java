package io.assistedswarm.worker.node;

import java.util.concurrent.atomic.AtomicInteger;

/** How many hosts this worker holds. */
public final class Census {
    private final AtomicInteger hosts = new AtomicInteger();

    public void hostCame() {
        hosts.incrementAndGet();
    }

    public void hostLeft() {
        hosts.decrementAndGet();
    }

    public int hosts() {
        return hosts.get();
    }
}
