package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.hub.Hub.Remains;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.NoToken;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserAuthorization;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A swarm whose clusters are of two users, each of whom the service shows what is his only. */
class DeletionOfUsersTest {
    private static final SwarmId SWARM = new SwarmId("night-7f3a");
    private static final String TAG = "assisted_swarm_night_7f3a";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration NONE = Duration.ofMillis(1);
    private static final String ALICE = "of alice";
    private static final String BOB = "of bob";

    private final List<DeletionView> told = new CopyOnWriteArrayList<>();
    private TestingRestService service;
    private RestHub hub;
    private String last;

    /** Brings the offline token as it is; or none, as the sign-on does not take it. */
    private record Bringing(String token, boolean signedOff) implements UserAuthorization {
        @Override
        public CompletionStage<Map<String, String>> headers() {
            return signedOff
                    ? CompletableFuture.failedFuture(new NoToken("the sign-on answered with 400 invalid_grant"))
                    : CompletableFuture.completedFuture(Map.of("Authorization", token));
        }

        @Override
        public void refused(Map<String, String> headers) {}
    }

    @BeforeEach
    void open() throws IOException {
        service = new TestingRestService();
        hub = hub(false);
        int number = 0;
        for (String user : List.of(ALICE, BOB)) {
            service.of(user);
            for (int i = 0; i < 2; i++) {
                last = service.cluster("night-7f3a-" + number, TAG, "installed");
                String infraEnv = service.infraEnv("night-7f3a-" + number + "_assisted-swarm", last);
                service.host(infraEnv, "host-of-" + number, "installed");
                number++;
            }
        }
    }

    private RestHub hub(boolean bobIsSignedOff) {
        return new RestHub(
                spec -> {
                    String token = spec.auth().offlineToken().reveal();
                    return new Bringing(token, bobIsSignedOff && token.equals(BOB));
                },
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
    void goesThroughAllUsers() {
        assertThat(delete(LONG, Optional.empty())).isEqualTo(whole());
        assertThat(service.left()).isEmpty();
        assertThat(hub.restRequests(SWARM)).isEqualTo(service.calls().size());
        assertThat(hub.restRequests(new SwarmId("other-7f3a"))).isZero();

        hub.forget(new SwarmId("other-7f3a"));
        assertThat(hub.restRequests(SWARM)).isPositive();
        hub.forget(SWARM);
        assertThat(hub.restRequests(SWARM)).isZero();
    }

    /** The coordinator dies with more done than recorded: what it has recorded is any of what was told. */
    @Test
    void countsRightWhenItIsBrokenOffInTheMiddleOfTheSecondUserAndRepeated() {
        for (int i = 0; i < 10; i++) {
            service.refuseNext("DELETE /clusters/" + last, 500);
        }
        DeletionView broken = delete(Duration.ofMillis(500), Optional.empty());
        assertThat(broken.left()).containsEntry(Holding.CLUSTER, 1L);
        assertThat(told).hasSizeGreaterThan(1);

        List<DeletionView> recorded = List.copyOf(told);
        service.refuseNoMore();
        assertThat(delete(LONG, Optional.of(recorded.getFirst()))).isEqualTo(whole());
        for (DeletionView before : recorded) {
            assertThat(delete(LONG, Optional.of(before)))
                    .as("after %s, when all has gone", before)
                    .isEqualTo(whole());
        }
    }

    @Test
    void aUserWhoIsNotLetInKeepsNobodyElsesAndIsNamed() {
        service.notLetIn(BOB, 401);
        assertThatThrownBy(() -> delete(NONE, Optional.empty()))
                .hasMessageContaining("did not list what the swarm has: user bob: status 401")
                .hasMessageNotContaining(BOB);
        assertThat(hub.troubles())
                .extracting(HubTroubleView::error)
                .isNotEmpty()
                .allMatch(error -> error.startsWith("user bob: status 401"));
        assertThat(service.left())
                .as("of alice")
                .hasSize(4)
                .allSatisfy(name -> assertThat(name)
                        .startsWith("night-7f3a-")
                        .doesNotContain("7f3a-0")
                        .doesNotContain("7f3a-1"));

        service.notLetIn(BOB, 0);
        assertThat(delete(LONG, Optional.of(told.getLast()))).isEqualTo(whole());
    }

    @Test
    void whatWasLeftOfAUserIsNotTakenForGoneWhileHeIsNotLetIn() {
        DeletionView before = new DeletionView(counts(4), counts(1), counts(3), List.of());
        service.notLetIn(BOB, 403);
        assertThatThrownBy(() -> delete(NONE, Optional.of(before))).hasMessageContaining("user bob: status 403");
        assertThat(told.getLast().left()).containsEntry(Holding.CLUSTER, 1L);
        assertThat(told.getLast().created()).containsEntry(Holding.CLUSTER, 4L);
    }

    @Test
    @Timeout(60)
    void doesNotWaitForAUserWhomTheSignOnRefuses() {
        hub.close();
        hub = hub(true);
        assertThatThrownBy(() -> delete(Duration.ofHours(1), Optional.empty()))
                .hasMessageContaining("user bob: not sent: the sign-on answered with 400 invalid_grant");
        assertThat(service.left()).hasSize(4);
    }

    private DeletionView delete(Duration deadline, Optional<DeletionView> before) {
        told.clear();
        ServiceSpec shared = service.spec()
                .withAuth(AuthSpec.rhsso(new Secret(""), service.url(), "client", ""))
                .sharedBy(List.of(user("alice", ALICE), user("bob", BOB)));
        return hub.delete(
                        new Remains(SWARM, Set.of(ClusterApi.REST), BareMetalFlow.IMAGE, Set.of(shared)),
                        deadline,
                        () -> false,
                        before,
                        told::add)
                .toCompletableFuture()
                .join();
    }

    private static ServiceUser user(String name, String token) {
        return new ServiceUser(name, 1, new Secret("{}"), new Secret(token));
    }

    private static DeletionView whole() {
        return new DeletionView(counts(4), counts(4), counts(0), List.of());
    }

    private static Map<String, Long> counts(long each) {
        return Map.of(Holding.CLUSTER, each, Holding.INFRA_ENV, each, Holding.HOST, each);
    }
}
