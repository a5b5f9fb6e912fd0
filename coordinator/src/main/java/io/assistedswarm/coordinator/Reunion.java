package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.RecordedWorker;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Presence;
import io.assistedswarm.protocol.WorkerName;
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
 * @param workers of the earlier coordinator's cluster whose process may live
 * @param patience how long they are waited for, and not replaced
 * @param changes what is to be recorded of it
 */
record Reunion(Address self, List<RecordedWorker> workers, Duration patience, List<Change> changes) {
    private static final Duration FOR_A_LOOK = Duration.ofSeconds(1);

    /** Looks at every worker that the record knows; blocks for about a second at most. */
    static Reunion of(Memory memory, Address self, Fencing fencing, Executor blocking) {
        Map<RecordedWorker, CompletableFuture<Presence>> looks = new LinkedHashMap<>();
        memory.workers()
                .forEach(worker -> looks.put(
                        worker,
                        CompletableFuture.supplyAsync(
                                () -> Presence.of(AddressFromURIString.parse(worker.address()), FOR_A_LOOK),
                                blocking)));
        List<RecordedWorker> living = looks.entrySet().stream()
                .filter(look -> look.getValue().join() != Presence.ENDED)
                .map(Map.Entry::getKey)
                .toList();
        List<WorkerName> ended = memory.workers().stream()
                .filter(worker -> !living.contains(worker))
                .map(RecordedWorker::name)
                .toList();
        boolean moved = memory.coordinator()
                .filter(address -> !address.equals(self.toString()))
                .isPresent();
        return new Reunion(
                self,
                living,
                moved ? fencing.holdLimit() : fencing.untilReplaced(),
                List.of(new Change.CoordinatorListens(self.toString()), new Change.WorkersForgotten(ended)));
    }

    void join(ActorSystem<?> system) {
        Cluster cluster = Cluster.get(system);
        if (workers.isEmpty()) {
            cluster.manager().tell(Join.create(self));
        } else {
            // Itself comes first, so that it forms a cluster of its own when none of them lives after all; but it asks
            // them before.
            List<Address> nodes = Stream.concat(
                            Stream.of(self),
                            workers.stream().map(worker -> AddressFromURIString.parse(worker.address())))
                    .toList();
            cluster.manager().tell(new JoinSeedNodes(nodes));
        }
    }
}
