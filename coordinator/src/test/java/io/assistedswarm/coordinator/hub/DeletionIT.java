package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is left after a deletion on a hub that does not always answer. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1)
class DeletionIT {
    private static final SwarmId SWARM = new SwarmId("night");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String HELD = "{\"metadata\":{\"finalizers\":[\"agent.example/ai-deprovision\"]}}";

    private TestingKubeApi api;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        api = new TestingKubeApi();
        client = KubeHub.client(
                new ConfigBuilder(Config.empty()).withMasterUrl(api.url()).build(),
                "test",
                KubeHub.health(InstantSource.system()));
        api.put(Kinds.NAMESPACE, "", "night-0", "night", "");
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", "");
        api.put(Kinds.INFRA_ENV, "night-0", "night-0", "night", "");
        api.put(Kinds.BARE_METAL_HOST, "night-0", "night-0-0", "night", "");
        api.put(Kinds.SECRET, "night-0", "pull-secret", "night", "");
        api.put(Kinds.CLUSTER_IMAGE_SET, "", "night", "night", "");
        api.put(Kinds.NAMESPACE, "", "theirs", "", "");
        api.put(Kinds.CLUSTER_DEPLOYMENT, "theirs", "theirs", "", "");
        api.put(Kinds.CLUSTER_DEPLOYMENT, "theirs", "day-0", "day", "");
        api.put(Kinds.CLUSTER_IMAGE_SET, "", "theirs", "", "");
    }

    @AfterEach
    void stop() {
        client.close();
        api.close();
    }

    @Test
    void deletesAllThatCarriesTheLabelAndTouchesNothingElse() throws Exception {
        DeletionView view = delete(LONG);
        assertThat(view.stuck()).isEmpty();
        assertThat(view.created()).isEqualTo(view.deleted()).containsEntry("Secret", 1L);
        assertThat(view.left().values()).containsOnly(0L);
        assertOthersAreThere();
        assertThat(api.requests)
                .filteredOn(request -> request.startsWith("DELETE"))
                .allMatch(request -> request.contains("night"));
    }

    @Test
    void deletesPreprovisioningImagesInTheConvergedFlow() throws Exception {
        api.put(Kinds.PREPROVISIONING_IMAGE, "night-0", "night-0-0", "night", "");
        api.put(Kinds.PREPROVISIONING_IMAGE, "theirs", "theirs", "", "");
        DeletionView view = delete(BareMetalFlow.CONVERGED, LONG, Optional.empty());
        assertThat(view.stuck()).isEmpty();
        assertThat(view.deleted()).containsEntry("PreprovisioningImage", 1L);
        assertThat(view.left()).containsEntry("PreprovisioningImage", 0L);
        assertThat(api.has(Kinds.PREPROVISIONING_IMAGE, "theirs", "theirs")).isTrue();
    }

    @Test
    void doesNotAskAHubForPreprovisioningImagesThatHasNone() throws Exception {
        api.hasNo(Kinds.PREPROVISIONING_IMAGE);
        assertThat(delete(LONG).created()).doesNotContainKey("PreprovisioningImage");
        assertThat(api.requests).noneMatch(request -> request.contains("preprovisioningimages"));
    }

    @Test
    void namesWhatAFinalizerHoldsWhenTheTimeIsOver() throws Exception {
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", HELD);
        DeletionView view = delete(Duration.ofSeconds(4));
        assertThat(view.left()).containsEntry("ClusterDeployment", 1L).containsEntry("InfraEnv", 0L);
        assertThat(view.stuck())
                .anySatisfy(line -> assertThat(line)
                        .contains("ClusterDeployment night-0/night-0 is held by agent.example/ai-deprovision")
                        .contains("kubectl patch clusterdeployments.hive.openshift.io night-0 -n night-0"));
        assertThat(api.has(Kinds.NAMESPACE, "", "night-0"))
                .as("the namespace, while the service has not let go")
                .isTrue();
        assertThat(api.requests)
                .filteredOn(request -> request.startsWith("DELETE") && request.contains("clusterdeployments"))
                .as("what is being deleted is not deleted again")
                .hasSize(1);
        assertOthersAreThere();
    }

    @Test
    void countsOnWhenItIsRepeated() throws Exception {
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", HELD);
        DeletionView first = delete(Duration.ofSeconds(4));
        api.remove(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0");
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", "");
        DeletionView second = delete(LONG, Optional.of(first));
        assertThat(second.stuck()).isEmpty();
        assertThat(second.created()).isEqualTo(first.created());
        assertThat(second.deleted()).isEqualTo(second.created());
    }

    @Test
    void deletesAgainWhatABusyHubDidNotTake() throws Exception {
        api.fail(5, DeletionIT::isDelete, 429, Map.of("Retry-After", "1"));
        api.fail(5, DeletionIT::isDelete, 500, Map.of());
        assertThat(delete(LONG).stuck()).isEmpty();
        assertThat(api.hasFaults()).isFalse();
        assertOthersAreThere();
    }

    @Test
    void namesWhatTheHubDoesNotLetItDelete() throws Exception {
        api.fail(1_000, request -> isDelete(request) && request.contains("/infraenvs/"), 403, Map.of());
        DeletionView view = delete(Duration.ofSeconds(4));
        assertThat(view.stuck())
                .anySatisfy(line -> assertThat(line).startsWith("InfraEnv night-0/night-0 cannot be deleted: "));
    }

    @Test
    void bearsDroppedAndOutdatedWatches() throws Exception {
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", HELD);
        CompletableFuture<Void> letGo = CompletableFuture.runAsync(
                () -> {
                    api.dropWatches();
                    api.remove(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0");
                    api.forgetHistory();
                },
                CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS));
        assertThat(delete(LONG).stuck()).isEmpty();
        letGo.join();
    }

    @Test
    void goesOnWhenTheHubWasAwayForSomeSeconds() throws Exception {
        api.stop();
        CompletableFuture<Void> back = CompletableFuture.runAsync(
                () -> {
                    try {
                        api.start();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                CompletableFuture.delayedExecutor(4, TimeUnit.SECONDS));
        assertThat(delete(LONG).stuck()).isEmpty();
        back.join();
    }

    @Test
    void saysThatAHubDidNotAnswerAtAll() {
        api.stop();
        assertThatThrownBy(() -> delete(Duration.ofSeconds(2)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("did not list the swarm's objects before the deadline");
    }

    @Test
    void findsTheKindsOfAPlansOwnManifestsAndWhatIsInOtherNamespaces() throws Exception {
        api.put(TestingKubeApi.CONFIG_MAP, "theirs", "night-settings", "night", "");
        api.put(TestingKubeApi.CONFIG_MAP, "theirs", "night-0", "", "");
        api.put(TestingKubeApi.WIDGET, "", "night", "night", "");
        api.put(TestingKubeApi.WIDGET, "", "night-0", "day", "");
        DeletionView view = delete(LONG);
        assertThat(view.stuck()).isEmpty();
        assertThat(view.deleted()).containsEntry("ConfigMap", 1L).containsEntry("Widget", 1L);
        assertThat(api.has(TestingKubeApi.CONFIG_MAP, "theirs", "night-settings"))
                .isFalse();
        assertThat(api.has(TestingKubeApi.WIDGET, "", "night")).isFalse();
        assertThat(api.has(TestingKubeApi.CONFIG_MAP, "theirs", "night-0"))
                .as("one that only looks like the swarm's")
                .isTrue();
        assertThat(api.has(TestingKubeApi.WIDGET, "", "night-0")).isTrue();
        assertOthersAreThere();
    }

    @Test
    void keepsANamespaceWithWhatOthersHavePutThere() throws Exception {
        api.put(Kinds.SECRET, "night-0", "theirs", "", "");
        api.put(TestingKubeApi.CONFIG_MAP, "night-0", "kube-root-ca.crt", "", "");
        api.put(Kinds.NAMESPACE, "", "night-1", "night", "");
        DeletionView view = delete(LONG);
        assertThat(view.left()).containsEntry("Namespace", 1L).containsEntry("Secret", 0L);
        assertThat(view.stuck())
                .singleElement()
                .asString()
                .startsWith("Namespace night-0 holds what the swarm has not created: Secret theirs; ")
                .endsWith("swarm delete night --force");
        assertThat(api.has(Kinds.SECRET, "night-0", "theirs")).isTrue();
        assertThat(api.has(Kinds.NAMESPACE, "", "night-1")).isFalse();
        api.remove(Kinds.SECRET, "night-0", "theirs");
        DeletionView again = delete(LONG, Optional.of(view));
        assertThat(again.stuck()).isEmpty();
        assertThat(again.created())
                .containsEntry("Namespace", 2L)
                .containsEntry("Secret", 1L)
                .isEqualTo(again.deleted());
    }

    @Test
    void freesByForceWhatAFinalizerHoldsAndNothingWithoutTheLabel() throws Exception {
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", HELD);
        api.put(Kinds.CLUSTER_DEPLOYMENT, "theirs", "day-0", "day", HELD);
        api.put(Kinds.SECRET, "night-0", "theirs", "", "");
        DeletionView view = delete(
                BareMetalFlow.IMAGE,
                new Deletion.Wish(SWARM, LONG, () -> true, Duration.ZERO, Optional.empty()),
                progress -> {});
        assertThat(view.stuck()).isEmpty();
        assertThat(view.left().values()).containsOnly(0L);
        assertThat(api.requests)
                .filteredOn(request -> request.startsWith("PATCH"))
                .isNotEmpty()
                .allMatch(request -> request.endsWith("/namespaces/night-0/clusterdeployments/night-0"));
        assertOthersAreThere();
    }

    @Test
    void sumsUpWhatWasCutOffInTheMiddle() throws Exception {
        api.put(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0", "night", HELD);
        List<DeletionView> seen = new CopyOnWriteArrayList<>();
        delete(
                BareMetalFlow.IMAGE,
                new Deletion.Wish(SWARM, Duration.ofSeconds(4), () -> false, Duration.ZERO, Optional.empty()),
                seen::add);
        api.remove(Kinds.CLUSTER_DEPLOYMENT, "night-0", "night-0");
        // Of the first attempt nothing is known but its beginning, as after a kill -9.
        DeletionView second = delete(LONG, Optional.of(seen.getFirst()));
        assertThat(second.stuck()).isEmpty();
        assertThat(second.created())
                .isEqualTo(seen.getFirst().created())
                .containsEntry("ClusterDeployment", 1L)
                .containsEntry("InfraEnv", 1L)
                .isEqualTo(second.deleted());
    }

    @Test
    void endsTheSameWhenItWasInterruptedAnywhere() throws Exception {
        for (int calls = 1; calls <= 4; calls++) {
            stop();
            start();
            AtomicInteger left = new AtomicInteger(calls);
            assertThatThrownBy(() -> delete(
                            BareMetalFlow.IMAGE,
                            new Deletion.Wish(SWARM, LONG, () -> false, Duration.ZERO, Optional.empty()),
                            progress -> {
                                if (left.decrementAndGet() == 0) {
                                    throw new IllegalStateException("the coordinator died");
                                }
                            }))
                    .hasMessage("the coordinator died");
            assertThat(delete(LONG).stuck()).isEmpty();
            assertOthersAreThere();
        }
    }

    @Test
    void namesAKindThatTheHubDoesNotList() throws Exception {
        api.fail(1_000, request -> request.startsWith("GET") && request.contains("/widgets"), 503, Map.of());
        DeletionView view = delete(LONG);
        assertThat(view.stuck()).isEmpty();
        assertThat(view.notCounted()).singleElement().asString().contains("widgets.example.com");
    }

    @Test
    void findsSwarmsThatNoRecordKnows() throws Exception {
        api.put(TestingKubeApi.CONFIG_MAP, "theirs", "x", "Not-A-Swarm", "");
        List<OrphanView> orphans = OrphanSwarms.find(client, new SwarmId("day")::equals);
        assertThat(orphans).singleElement().satisfies(orphan -> {
            assertThat(orphan.id()).isEqualTo("night");
            assertThat(orphan.objects())
                    .containsOnly(
                            Map.entry("Namespace", 1L),
                            Map.entry("ClusterDeployment", 1L),
                            Map.entry("InfraEnv", 1L),
                            Map.entry("BareMetalHost", 1L),
                            Map.entry("Secret", 1L),
                            Map.entry("ClusterImageSet", 1L));
        });
    }

    private static boolean isDelete(String request) {
        return request.startsWith("DELETE");
    }

    private DeletionView delete(Duration deadline) throws Exception {
        return delete(deadline, Optional.empty());
    }

    private DeletionView delete(Duration deadline, Optional<DeletionView> before) throws Exception {
        return delete(BareMetalFlow.IMAGE, deadline, before);
    }

    private DeletionView delete(BareMetalFlow flow, Duration deadline, Optional<DeletionView> before) throws Exception {
        return delete(flow, new Deletion.Wish(SWARM, deadline, () -> false, Duration.ZERO, before), progress -> {});
    }

    private DeletionView delete(BareMetalFlow flow, Deletion.Wish wish, Consumer<DeletionView> progress)
            throws Exception {
        try (Deletion deletion = new Deletion(client, Kinds.of(flow), wish, progress)) {
            return deletion.run();
        }
    }

    private void assertOthersAreThere() {
        assertThat(api.has(Kinds.NAMESPACE, "", "theirs")).isTrue();
        assertThat(api.has(Kinds.CLUSTER_DEPLOYMENT, "theirs", "theirs")).isTrue();
        assertThat(api.has(Kinds.CLUSTER_DEPLOYMENT, "theirs", "day-0")).isTrue();
        assertThat(api.has(Kinds.CLUSTER_IMAGE_SET, "", "theirs")).isTrue();
    }
}
