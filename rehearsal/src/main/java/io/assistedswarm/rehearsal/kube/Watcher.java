package io.assistedswarm.rehearsal.kube;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The queue between a kind's writers, who never wait, and one watch, which may be slow: one that falls too far behind is cut off. */
final class Watcher implements AutoCloseable {
    private final Shelf shelf;
    private final Selection selection;
    private final List<WatchEvent> backlog;
    private final long startVersion;
    private final BlockingQueue<WatchEvent> queue;
    private volatile boolean cutOff;

    /** @param backlog what is sent first */
    Watcher(Shelf shelf, Selection selection, List<WatchEvent> backlog, long startVersion, int capacity) {
        this.shelf = shelf;
        this.selection = selection;
        this.backlog = backlog;
        this.startVersion = startVersion;
        this.queue = new ArrayBlockingQueue<>(capacity);
    }

    List<WatchEvent> backlog() {
        return backlog;
    }

    /** The state that the backlog ends with. */
    long startVersion() {
        return startVersion;
    }

    /** Whether events were lost; the watch has to end, its client starts again where it stands. */
    boolean isCutOff() {
        return cutOff;
    }

    Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
        return Optional.ofNullable(queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Called by the shelf, in the order of versions. */
    void offer(StoreEvent event) {
        if (!cutOff && event.version() > startVersion) {
            event.seenBy(selection).ifPresent(seen -> cutOff = !queue.offer(seen));
        }
    }

    boolean isIdle() {
        return queue.isEmpty();
    }

    void cutOff() {
        cutOff = true;
    }

    @Override
    public void close() {
        shelf.forget(this);
    }
}
