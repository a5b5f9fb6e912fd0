package io.assistedswarm.coordinator.swarm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;

/**
 * Where berths are, written many at a time and one write after another: each write costs in proportion to all that have been written before, so
 * that thousands of clusters which are admitted together, each with a write of its own, would never be done. May be used from several threads.
 */
final class Moorings {
    /** Keeps the message of a write under the largest that nodes exchange (1 MiB): a berth takes some 150 bytes. */
    static final int LARGEST_WRITE = 1_000;

    private final Function<Map<String, Address>, CompletionStage<Done>> write;
    private final Queue<Mooring> waiting = new ArrayDeque<>();
    private boolean writing;

    private record Mooring(Map<String, Address> berths, CompletableFuture<Done> done) {}

    /** @param write writes where some berths are */
    Moorings(Function<Map<String, Address>, CompletionStage<Done>> write) {
        this.write = write;
    }

    /** Completes when it is written; fails as the write did that it was part of. */
    CompletionStage<Done> moor(Map<String, Address> berths) {
        Mooring mooring = new Mooring(berths, new CompletableFuture<>());
        List<Mooring> next;
        synchronized (this) {
            waiting.add(mooring);
            next = next();
        }
        write(next);
        return mooring.done();
    }

    /** Takes those that are written next; empty while a write is under way. */
    private synchronized List<Mooring> next() {
        List<Mooring> next = new ArrayList<>();
        if (!writing) {
            int berths = 0;
            while (!waiting.isEmpty()
                    && (next.isEmpty() || berths + waiting.peek().berths().size() <= LARGEST_WRITE)) {
                berths += waiting.peek().berths().size();
                next.add(waiting.remove());
            }
            writing = !next.isEmpty();
        }
        return next;
    }

    private void write(List<Mooring> moorings) {
        if (moorings.isEmpty()) {
            return;
        }
        Map<String, Address> berths = new HashMap<>();
        moorings.forEach(mooring -> berths.putAll(mooring.berths()));
        CompletionStage<Done> written;
        try {
            written = write.apply(berths);
        } catch (RuntimeException e) {
            written = CompletableFuture.failedFuture(e);
        }
        written.whenComplete((done, failure) -> {
            List<Mooring> next;
            synchronized (this) {
                writing = false;
                next = next();
            }
            write(next);
            for (Mooring mooring : moorings) {
                if (failure == null) {
                    mooring.done().complete(done);
                } else {
                    mooring.done().completeExceptionally(failure);
                }
            }
        });
    }
}
