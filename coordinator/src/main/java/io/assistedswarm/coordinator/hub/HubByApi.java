package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
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
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.Done;

/** Asks the hub in the way that a cluster's plan names; a swarm may have clusters of both kinds, and is then asked for in both ways. */
public final class HubByApi implements Hub {
    private final Optional<Hub> kube;
    private final Hub rest;

    /** @param kube empty where there is no kube config */
    public HubByApi(Optional<Hub> kube, Hub rest) {
        this.kube = kube;
        this.rest = rest;
    }

    @Override
    public Set<ClusterApi> apis() {
        return kube.isPresent() ? Set.of(ClusterApi.values()) : Set.of(ClusterApi.REST);
    }

    @Override
    public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
        CompletionStage<Done> applied = CompletableFuture.completedFuture(Done.getInstance());
        for (Hub hub : of(swarm.apis())) {
            applied = applied.thenCompose(done -> hub.applySwarmManifests(swarm));
        }
        return applied;
    }

    @Override
    public Watching watch(SwarmSpec swarm, Muster muster, Observer observer) {
        List<Watching> watches = of(swarm.apis()).stream()
                .map(hub -> hub.watch(swarm, muster, observer))
                .toList();
        return new Watching() {
            @Override
            public void created(ClusterId cluster) {
                watches.forEach(watch -> watch.created(cluster));
            }

            @Override
            public void close() {
                watches.forEach(Watching::close);
            }
        };
    }

    @Override
    public CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        List<Hub> asked = of(remains.apis());
        if (asked.size() == 1) {
            return asked.getFirst().delete(remains, deadline, force, before, progress);
        }
        Parts parts = new Parts(progress);
        return asked.getFirst()
                .delete(remains, deadline, force, before, parts::ofKube)
                .thenCombine(
                        asked.getLast().delete(remains, deadline, force, before, parts::ofRest), DeletionViews::sum);
    }

    /** How far both parts of a deletion are; nothing is said before both have counted, as what is not named is taken for gone. */
    private static final class Parts {
        private final Consumer<DeletionView> progress;
        private Optional<DeletionView> ofKube = Optional.empty();
        private Optional<DeletionView> ofRest = Optional.empty();

        private Parts(Consumer<DeletionView> progress) {
            this.progress = progress;
        }

        private synchronized void ofKube(DeletionView view) {
            ofKube = Optional.of(view);
            tell();
        }

        private synchronized void ofRest(DeletionView view) {
            ofRest = Optional.of(view);
            tell();
        }

        private void tell() {
            ofKube.ifPresent(one -> ofRest.ifPresent(other -> progress.accept(DeletionViews.sum(one, other))));
        }
    }

    @Override
    public List<HubTroubleView> troubles() {
        return of(apis()).stream().flatMap(hub -> hub.troubles().stream()).toList();
    }

    @Override
    public long restRequests(SwarmId swarm) {
        return rest.restRequests(swarm);
    }

    @Override
    public void forget(SwarmId swarm) {
        kube.ifPresent(hub -> hub.forget(swarm));
        rest.forget(swarm);
    }

    @Override
    public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host) {
        return of(Set.of(cluster.api())).getFirst().events(swarm, cluster, host);
    }

    @Override
    public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services) {
        CompletionStage<List<OrphanView>> found = CompletableFuture.completedFuture(List.of());
        for (Hub hub : of(apis())) {
            found = found.thenCombine(hub.orphans(known, services), HubByApi::together);
        }
        return found;
    }

    /** A swarm that has left clusters of both kinds is one. */
    private static List<OrphanView> together(List<OrphanView> some, List<OrphanView> others) {
        Map<String, Map<String, Long>> objects = new TreeMap<>();
        Stream.concat(some.stream(), others.stream())
                .forEach(orphan -> objects.computeIfAbsent(orphan.id(), id -> new TreeMap<>())
                        .putAll(orphan.objects()));
        return objects.entrySet().stream()
                .map(entry -> new OrphanView(entry.getKey(), entry.getValue(), false, Optional.empty()))
                .toList();
    }

    /** The Kubernetes API first. */
    private List<Hub> of(Set<ClusterApi> asked) {
        return asked.stream()
                .sorted()
                .map(api -> switch (api) {
                    case KUBE_API ->
                        kube.orElseThrow(() -> new IllegalStateException(
                                "this coordinator has no kube config; start it with --kubeconfig"));
                    case REST -> rest;
                })
                .toList();
    }
}
