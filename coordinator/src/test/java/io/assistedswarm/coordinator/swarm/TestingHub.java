package io.assistedswarm.coordinator.swarm;

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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/** A hub that the test completes. */
final class TestingHub implements Hub {
    volatile CompletionStage<Done> applied = CompletableFuture.completedFuture(Done.getInstance());
    final AtomicInteger applications = new AtomicInteger();
    final CompletableFuture<Observer> observer = new CompletableFuture<>();
    volatile Function<String, Optional<HostId>> hosts = uuid -> Optional.empty();
    final CompletableFuture<Done> watchClosed = new CompletableFuture<>();
    final CompletableFuture<Optional<DeletionView>> deletionAsked = new CompletableFuture<>();
    volatile BooleanSupplier forced = () -> false;
    volatile Optional<RuntimeException> orphansFailure = Optional.empty();
    volatile List<OrphanView> orphans = List.of();
    volatile List<HubTroubleView> troubles = List.of();
    volatile long restRequests;
    final List<SwarmId> forgotten = new CopyOnWriteArrayList<>();
    volatile CompletableFuture<DeletionView> deletion = new CompletableFuture<>();

    @Override
    public Set<ClusterApi> apis() {
        return Set.of(ClusterApi.values());
    }

    @Override
    public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
        applications.incrementAndGet();
        return applied;
    }

    @Override
    public Watching watch(SwarmSpec swarm, Muster muster, Observer watcher) {
        observer.complete(watcher);
        hosts = muster::host;
        return () -> watchClosed.complete(Done.getInstance());
    }

    @Override
    public CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        forced = force;
        deletionAsked.complete(before);
        return deletion;
    }

    @Override
    public List<HubTroubleView> troubles() {
        return troubles;
    }

    @Override
    public long restRequests(SwarmId swarm) {
        return restRequests;
    }

    @Override
    public void forget(SwarmId swarm) {
        forgotten.add(swarm);
    }

    @Override
    public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host) {
        return CompletableFuture.failedFuture(new IllegalStateException("no object on the hub says where they are"));
    }

    @Override
    public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services) {
        if (orphansFailure.isPresent()) {
            return CompletableFuture.failedFuture(orphansFailure.get());
        }
        return CompletableFuture.completedFuture(orphans.stream()
                .filter(orphan -> !known.test(new SwarmId(orphan.id())))
                .toList());
    }
}
