package io.assistedswarm.coordinator.swarm;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;

/** Where shards are, each written once, as it never moves, and again only when that failed. May be used from several threads. */
final class Moorings {
    private final Function<Map<String, Address>, CompletionStage<Done>> write;
    private final Map<String, CompletableFuture<Done>> shards = new ConcurrentHashMap<>();

    /** @param write writes where some shards are */
    Moorings(Function<Map<String, Address>, CompletionStage<Done>> write) {
        this.write = write;
    }

    /** Completes when all are written; fails as a write did. */
    CompletionStage<Done> moor(Map<String, Address> locations) {
        return CompletableFuture.allOf(locations.entrySet().stream()
                        .map(location -> moor(location.getKey(), location.getValue()))
                        .toArray(CompletableFuture[]::new))
                .thenApply(all -> Done.getInstance());
    }

    private CompletableFuture<Done> moor(String shard, Address node) {
        CompletableFuture<Done> written = new CompletableFuture<>();
        CompletableFuture<Done> before = shards.putIfAbsent(shard, written);
        if (before != null) {
            return before;
        }
        write(Map.of(shard, node)).whenComplete((done, failure) -> {
            if (failure == null) {
                written.complete(done);
            } else {
                shards.remove(shard, written);
                written.completeExceptionally(failure);
            }
        });
        return written;
    }

    private CompletionStage<Done> write(Map<String, Address> locations) {
        try {
            return write.apply(locations);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
