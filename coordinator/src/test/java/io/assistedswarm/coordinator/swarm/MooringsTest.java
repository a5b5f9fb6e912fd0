package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;

class MooringsTest {
    private static final Address WORKER = new Address("pekko", "assisted-swarm", "127.0.0.1", 25_521);

    private final List<String> written = new ArrayList<>();
    private final List<CompletableFuture<Done>> writes = new ArrayList<>();
    private final Moorings moorings = new Moorings(locations -> {
        written.addAll(locations.keySet());
        writes.add(new CompletableFuture<>());
        return writes.getLast();
    });

    @Test
    void writesEachOnceAndHasAllWaitForIt() {
        List<CompletableFuture<Done>> moored = List.of(moor("w1"), moor("w1"), moor("w2"), moor("w1", "w2"));
        assertThat(written).containsExactly("w1", "w2");
        assertThat(moored).noneMatch(CompletableFuture::isDone);

        writes.get(0).complete(Done.getInstance());
        assertThat(moored).map(CompletableFuture::isDone).containsExactly(true, true, false, false);

        writes.get(1).complete(Done.getInstance());
        assertThat(moored).allMatch(CompletableFuture::isDone);
        assertThat(moor("w1", "w2")).isCompleted();
        assertThat(written).hasSize(2);
    }

    @Test
    void writesAgainWhatCouldNotBeWritten() {
        CompletableFuture<Done> first = moor("w1");
        writes.get(0).completeExceptionally(new IllegalStateException("no majority"));
        assertThat(first).isCompletedExceptionally();

        CompletableFuture<Done> second = moor("w1");
        assertThat(second).isNotDone();
        writes.get(1).complete(Done.getInstance());
        assertThat(second).isCompleted();
    }

    private CompletableFuture<Done> moor(String... shards) {
        Map<String, Address> locations = new HashMap<>();
        for (String shard : shards) {
            locations.put(shard, WORKER);
        }
        return moorings.moor(locations).toCompletableFuture();
    }
}
