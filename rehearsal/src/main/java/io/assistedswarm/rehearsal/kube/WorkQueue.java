package io.assistedswarm.rehearsal.kube;

import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Things to look at one after the other on a thread of their own; what is already waiting is not queued twice. */
final class WorkQueue<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

    private final BlockingQueue<T> queue = new LinkedBlockingQueue<>();
    private final Set<T> waiting = ConcurrentHashMap.newKeySet();
    private final Consumer<T> work;
    private final Thread thread;

    WorkQueue(String name, Consumer<T> work) {
        this.work = work;
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    void add(T item) {
        if (waiting.add(item)) {
            queue.add(item);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                var item = queue.take();
                // From here on it may be queued again: what happens during the work is not missed.
                waiting.remove(item);
                handle(item);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(T item) {
        try {
            work.accept(item);
        } catch (RuntimeException failure) {
            LOG.error("[{}] failed at [{}] and goes on with the next", thread.getName(), item, failure);
        }
    }
}
