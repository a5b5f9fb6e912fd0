package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.hub.Hub.Remains;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.junit.jupiter.api.Test;

class HubByApiTest {
    private static final SwarmId SWARM = new SwarmId("night-7f3a");
    private final OneKind kube = new OneKind(ClusterApi.KUBE_API, "Agent");
    private final OneKind rest = new OneKind(ClusterApi.REST, "Host (REST)");
    private final Hub both = new HubByApi(Optional.of(kube), rest);
    private final Hub restOnly = new HubByApi(Optional.empty(), rest);

    @Test
    void asksOnlyTheOneThatTheSwarmHasClustersOf() {
        delete(both, Set.of(ClusterApi.REST));
        assertThat(kube.asked).isEmpty();
        assertThat(rest.asked).containsExactly("delete");
        both.applySwarmManifests(swarm(ClusterApi.REST));
        assertThat(kube.asked).isEmpty();
    }

    @Test
    void countsTheRequestsOfThePartThatHasNoWatch() {
        assertThat(both.restRequests(SWARM)).isEqualTo(7);
        assertThat(restOnly.restRequests(SWARM)).isEqualTo(7);
    }

    @Test
    void bothPartsForget() {
        both.forget(SWARM);
        restOnly.forget(SWARM);
        assertThat(kube.asked).containsExactly("forget");
        assertThat(rest.asked).containsExactly("forget", "forget");
    }

    @Test
    void addsUpWhatIsDeletedInBothWays() {
        List<DeletionView> progress = new ArrayList<>();
        DeletionView view = both.delete(
                        remains(Set.of(ClusterApi.values())),
                        Duration.ofSeconds(1),
                        () -> false,
                        Optional.empty(),
                        progress::add)
                .toCompletableFuture()
                .join();
        assertThat(view.deleted()).isEqualTo(Map.of("Agent", 1L, "Host (REST)", 1L));
        // A kind that is not named is taken for gone: so nothing is said before both have counted.
        assertThat(progress)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.created()).containsOnlyKeys("Agent", "Host (REST)"));
    }

    @Test
    void takesASwarmThatLeftClustersOfBothKindsForOne() {
        List<OrphanView> orphans =
                both.orphans(known -> false, Set.of()).toCompletableFuture().join();
        assertThat(orphans)
                .singleElement()
                .satisfies(orphan -> assertThat(orphan.objects()).isEqualTo(Map.of("Agent", 1L, "Host (REST)", 1L)));
    }

    @Test
    void cannotBeAskedForKubernetesWithoutAKubeConfig() {
        assertThat(restOnly.apis()).containsExactly(ClusterApi.REST);
        assertThat(restOnly.orphans(known -> false, Set.of())
                        .toCompletableFuture()
                        .join())
                .hasSize(1);
        assertThatThrownBy(() -> delete(restOnly, Set.of(ClusterApi.values()))).hasMessageContaining("no kube config");
        assertThat(rest.asked).doesNotContain("delete");
    }

    private static void delete(Hub hub, Set<ClusterApi> apis) {
        hub.delete(remains(apis), Duration.ofSeconds(1), () -> false, Optional.empty(), view -> {})
                .toCompletableFuture()
                .join();
    }

    private static Remains remains(Set<ClusterApi> apis) {
        return new Remains(SWARM, apis, BareMetalFlow.IMAGE, Set.of());
    }

    private static SwarmSpec swarm(ClusterApi api) {
        return new SwarmSpec(SWARM, null, null, null, null, Set.of(api));
    }

    /** Has one object of one kind. */
    private static final class OneKind implements Hub {
        private final ClusterApi api;
        private final String kind;
        private final List<String> asked = new ArrayList<>();

        private OneKind(ClusterApi api, String kind) {
            this.api = api;
            this.kind = kind;
        }

        @Override
        public Set<ClusterApi> apis() {
            return Set.of(api);
        }

        @Override
        public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
            asked.add("apply");
            return CompletableFuture.completedFuture(Done.getInstance());
        }

        @Override
        public Watching watch(SwarmSpec swarm, Muster muster, Observer observer) {
            return () -> {};
        }

        @Override
        public CompletionStage<DeletionView> delete(
                Remains remains,
                Duration deadline,
                BooleanSupplier force,
                Optional<DeletionView> before,
                Consumer<DeletionView> progress) {
            asked.add("delete");
            DeletionView view = new DeletionView(Map.of(kind, 1L), Map.of(kind, 1L), Map.of(kind, 0L), List.of());
            progress.accept(view);
            return CompletableFuture.completedFuture(view);
        }

        @Override
        public List<HubTroubleView> troubles() {
            return List.of();
        }

        @Override
        public long restRequests(SwarmId swarm) {
            return api == ClusterApi.REST ? 7 : 0;
        }

        @Override
        public void forget(SwarmId swarm) {
            asked.add("forget");
        }

        @Override
        public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec cluster, Optional<HostId> host) {
            return CompletableFuture.completedFuture(new EventsAddress(kind, Map.of()));
        }

        @Override
        public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services) {
            return CompletableFuture.completedFuture(
                    List.of(new OrphanView(SWARM.value(), Map.of(kind, 1L), false, Optional.empty())));
        }
    }
}
