package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.hub.Hub.Remains;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.NoAuthorization;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RestDeletionTest {
    private static final SwarmId SWARM = new SwarmId("night-7f3a");
    private static final String TAG = "assisted_swarm_night_7f3a";
    private static final Duration LONG = Duration.ofSeconds(20);

    private TestingRestService service;
    private RestHub hub;

    @BeforeEach
    void open() throws IOException {
        service = new TestingRestService();
        hub = new RestHub(
                any -> NoAuthorization.INSTANCE,
                "test",
                InstantSource.system(),
                Executors.newVirtualThreadPerTaskExecutor());
    }

    @AfterEach
    void close() {
        hub.close();
        service.close();
    }

    @Test
    void deletesAndCountsWhatTheSwarmHasMadeAndNothingElse() {
        String installed = service.cluster("night-7f3a-0", TAG, "installed");
        String hosts = service.infraEnv("night-7f3a-0_assisted-swarm", installed);
        service.host(hosts, "h0", "installed");
        service.host(hosts, "h1", "installed");
        String pool = service.infraEnv("night-7f3a-1_assisted-swarm", "");
        service.host(pool, "h2", "known-unbound");
        service.cluster("night-7f3a-2", "", "installed");
        service.cluster("other-7f3a-0", "assisted_swarm_other_7f3a", "installed");
        service.infraEnv("night-7f3a-3", "");

        DeletionView view = delete(LONG, Optional.empty());
        assertThat(view.created()).containsExactlyInAnyOrderEntriesOf(counts(1, 2, 3));
        assertThat(view.deleted()).containsExactlyInAnyOrderEntriesOf(counts(1, 2, 3));
        assertThat(view.left()).containsExactlyInAnyOrderEntriesOf(counts(0, 0, 0));
        assertThat(view.stuck()).isEmpty();
        assertThat(service.left()).containsExactlyInAnyOrder("night-7f3a-2", "other-7f3a-0", "night-7f3a-3");
    }

    @Test
    void cancelsAnInstallationFirst() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        assertThat(delete(LONG, Optional.empty()).left()).containsEntry(Holding.CLUSTER, 0L);
        assertThat(service.calls())
                .containsSubsequence("POST /clusters/" + cluster + "/actions/cancel", "DELETE /clusters/" + cluster);
    }

    @Test
    void deletesBothOfThoseThatALostAnswerHasMadeTwo() {
        service.cluster("night-7f3a-0", TAG, "insufficient");
        service.cluster("night-7f3a-0", TAG, "insufficient");
        assertThat(delete(LONG, Optional.empty()).deleted()).containsEntry(Holding.CLUSTER, 2L);
        assertThat(service.left()).isEmpty();
    }

    @Test
    void triesAgainWhatTheServiceDidNotDo() {
        String cluster = service.cluster("night-7f3a-0", TAG, "error");
        service.refuseNext("DELETE /clusters/" + cluster, 500);
        service.refuseNext("GET /infra-envs", 503);
        DeletionView view = delete(LONG, Optional.empty());
        assertThat(view.left()).containsEntry(Holding.CLUSTER, 0L);
        assertThat(view.stuck()).isEmpty();
    }

    @Test
    void goesOnCountingWhereAnEarlierAttemptEnded() {
        service.infraEnv("night-7f3a-0_assisted-swarm", "");
        DeletionView before = new DeletionView(counts(3, 3, 9), counts(3, 2, 9), counts(0, 1, 0), List.of());
        DeletionView view = delete(LONG, Optional.of(before));
        assertThat(view.created()).containsExactlyInAnyOrderEntriesOf(counts(3, 3, 9));
        assertThat(view.deleted()).containsExactlyInAnyOrderEntriesOf(counts(3, 3, 9));
        assertThat(delete(LONG, Optional.of(view))).isEqualTo(view);
    }

    @Test
    void saysWhatIsLeftWhenTheTimeIsUp() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installed");
        for (int i = 0; i < 10; i++) {
            service.refuseNext("DELETE /clusters/" + cluster, 500);
        }
        DeletionView view = delete(Duration.ofMillis(1), Optional.empty());
        assertThat(view.left()).containsEntry(Holding.CLUSTER, 1L);
        assertThat(view.stuck()).singleElement().asString().contains("night-7f3a-0", cluster, "delete the swarm again");
    }

    @Test
    void doesNotClaimToHaveDeletedWhatItCannotList() {
        service.down(503);
        assertThatThrownBy(() -> delete(Duration.ofMillis(1), Optional.empty()))
                .hasMessageContaining("did not list")
                .hasMessageContaining("503");
    }

    @Test
    @Timeout(30)
    void doesNotWaitForLongerThanThereIsTime() {
        service.down(503);
        service.askToWait(3600);
        assertThatThrownBy(() -> delete(Duration.ofSeconds(20), Optional.empty()))
                .hasMessageContaining("did not list");
    }

    @Test
    void findsSwarmsThatNoRecordKnows() {
        service.cluster("night-7f3a-0", TAG, "installed");
        service.infraEnv("night-7f3a-0_assisted-swarm", "");
        service.cluster("known-1111-0", "assisted_swarm_known_1111", "ready");
        service.cluster("somebody", "", "ready");
        List<OrphanView> orphans = hub.orphans(swarm -> swarm.value().equals("known-1111"), Set.of(service.spec()))
                .toCompletableFuture()
                .join();
        assertThat(orphans).singleElement().satisfies(orphan -> {
            assertThat(orphan.id()).isEqualTo("night-7f3a");
            assertThat(orphan.objects()).isEqualTo(Map.of(Holding.CLUSTER, 1L, Holding.INFRA_ENV, 1L));
        });
    }

    private DeletionView delete(Duration deadline, Optional<DeletionView> before) {
        List<DeletionView> progress = new ArrayList<>();
        DeletionView view = hub.delete(
                        new Remains(SWARM, Set.of(ClusterApi.REST), BareMetalFlow.IMAGE, Set.of(service.spec())),
                        deadline,
                        () -> false,
                        before,
                        progress::add)
                .toCompletableFuture()
                .join();
        assertThat(progress).isNotEmpty();
        return view;
    }

    private static Map<String, Long> counts(long clusters, long infraEnvs, long hosts) {
        return Map.of(Holding.CLUSTER, clusters, Holding.INFRA_ENV, infraEnvs, Holding.HOST, hosts);
    }
}
