package io.assistedswarm.worker.process;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Work that is done by one thread at a time, be it that it takes minutes: unlike a monitor, which before Java 24 would keep the carrier of
 * a virtual thread from all others. Work may ask for more of it.
 */
public final class OneAtATime {
    private final ReentrantLock lock = new ReentrantLock();

    public <T> T get(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    public void run(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }
}
