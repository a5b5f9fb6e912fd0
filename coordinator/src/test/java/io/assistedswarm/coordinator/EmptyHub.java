package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** A hub on which nothing is; it keeps which swarms it was asked for. */
public final class EmptyHub implements Hub {
    public final Set<SwarmId> applied = ConcurrentHashMap.newKeySet();
    public final Set<SwarmId> watched = ConcurrentHashMap.newKeySet();

    @Override
    public Set<ClusterApi> apis() {
        return Set.of(ClusterApi.values());
    }

    @Override
    public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
        applied.add(swarm.id());
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public Watching watch(SwarmSpec swarm, Muster muster, Observer observer) {
        watched.add(swarm.id());
        return () -> {};
    }

    @Override
    public List<HubTroubleView> troubles() {
        return List.of();
    }

    @Override
    public long restRequests(SwarmId swarm) {
        return 0;
    }

    @Override
    public void forget(SwarmId swarm) {}

    @Override
    public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host) {
        return CompletableFuture.failedFuture(new IllegalStateException("no object on the hub says where they are"));
    }

    @Override
    public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        return CompletableFuture.completedFuture(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
    }
}
