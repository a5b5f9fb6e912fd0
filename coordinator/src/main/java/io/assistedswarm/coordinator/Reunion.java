package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.protocol.Presence;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * How a coordinator comes to its cluster: to that of an earlier one by way of the workers that still run, or else to one of its own.
 *
 * @param workers nodes of the earlier coordinator's cluster whose process may live
 */
record Reunion(Address self, List<Address> workers) {
    private static final Duration FOR_A_LOOK = Duration.ofSeconds(1);

    /** Looks at every worker that the record knows; blocks for about a second at most. */
    static Reunion of(Memory memory, Address self, Executor blocking) {
        Map<Address, CompletableFuture<Presence>> looks = new LinkedHashMap<>();
        memory.workers().stream()
                .map(worker -> AddressFromURIString.parse(worker.address()))
                .forEach(node ->
                        looks.put(node, CompletableFuture.supplyAsync(() -> Presence.of(node, FOR_A_LOOK), blocking)));
        return new Reunion(
                self,
                looks.entrySet().stream()
                        .filter(look -> look.getValue().join() != Presence.ENDED)
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** What is to be recorded. */
    List<Change> changes() {
        return List.of(new Change.CoordinatorListens(self.toString()));
    }

    void join(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        if (workers.isEmpty()) {
            cluster.manager().tell(Join.create(self));
        } else {
            // Itself comes first, so that it forms a cluster of its own when none of them lives after all; but it asks
            // them before.
            cluster.manager()
                    .tell(new JoinSeedNodes(
                            Stream.concat(Stream.of(self), workers.stream()).toList()));
        }
    }
}
