package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.junit.jupiter.api.Test;

class MooringsTest {
    private static final Address WORKER = new Address("pekko", "assisted-swarm", "127.0.0.1", 25_521);

    private final List<Set<String>> written = new ArrayList<>();
    private final List<CompletableFuture<Done>> writes = new ArrayList<>();
    private final Moorings moorings = new Moorings(berths -> {
        written.add(berths.keySet());
        writes.add(new CompletableFuture<>());
        return writes.getLast();
    });

    @Test
    void writesTheFirstAtOnceAndTogetherWhatComesMeanwhile() {
        CompletableFuture<Done> first = moor("a");
        List<CompletableFuture<Done>> others = List.of(moor("b"), moor("c"));
        assertThat(written).containsExactly(Set.of("a"));

        writes.get(0).complete(Done.getInstance());
        assertThat(first).isCompleted();
        assertThat(written).containsExactly(Set.of("a"), Set.of("b", "c"));
        assertThat(others).noneMatch(CompletableFuture::isDone);

        writes.get(1).complete(Done.getInstance());
        assertThat(others).allMatch(CompletableFuture::isDone);
    }

    @Test
    void writesNoMoreAtATimeThanAMessageHolds() {
        CompletableFuture<Done> first = moor("first");
        List<CompletableFuture<Done>> others = IntStream.range(0, Moorings.LARGEST_WRITE + 1)
                .mapToObj(i -> moor("w1-" + i))
                .toList();
        writes.get(0).complete(Done.getInstance());
        writes.get(1).complete(Done.getInstance());
        writes.get(2).complete(Done.getInstance());

        assertThat(written).extracting(Set::size).containsExactly(1, Moorings.LARGEST_WRITE, 1);
        assertThat(first).isCompleted();
        assertThat(others).allMatch(CompletableFuture::isDone);
    }

    @Test
    void writesWhatIsTooMuchForOneByItself() {
        Map<String, Address> many = IntStream.range(0, Moorings.LARGEST_WRITE + 5)
                .boxed()
                .collect(Collectors.toMap(i -> "w1-" + i, i -> WORKER));
        CompletableFuture<Done> large = moorings.moor(many).toCompletableFuture();
        writes.get(0).complete(Done.getInstance());

        assertThat(large).isCompleted();
    }

    @Test
    void goesOnAfterAWriteThatFailed() {
        CompletableFuture<Done> first = moor("a");
        CompletableFuture<Done> second = moor("b");
        writes.get(0).completeExceptionally(new IllegalStateException("no majority"));
        assertThat(first).isCompletedExceptionally();

        writes.get(1).complete(Done.getInstance());
        assertThat(second).isCompleted();
    }

    private CompletableFuture<Done> moor(String berth) {
        return moorings.moor(Map.of(berth, WORKER)).toCompletableFuture();
    }
}
