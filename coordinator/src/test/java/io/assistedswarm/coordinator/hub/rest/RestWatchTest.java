package io.assistedswarm.coordinator.hub.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.NoAuthorization;
import io.assistedswarm.protocol.NoToken;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserSides;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestWatchTest {
    private static final SwarmId SWARM = new SwarmId("night-7f3a");
    private static final String TAG = "assisted_swarm_night_7f3a";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ClusterSpec PAIR =
            new ClusterSpec(new ClusterId(SWARM, 0), 2, 0, false, false, Map.of()).withApi(ClusterApi.REST);
    private static final ClusterSpec GROWING = new ClusterSpec(
            PAIR.id(), 1, 0, false, false, Map.of(), ClusterTraits.PLAIN.withHosts(0, 1), Map.of(), ClusterApi.REST);
    private static final ClusterSpec POOL =
            new ClusterSpec(new ClusterId(SWARM, 1), 1, 0, false, true, Map.of()).withApi(ClusterApi.REST);

    private static final String FORBIDDEN = "the service keeps answering with status 403 refused by the test";

    private TestingRestService service;
    private UserSides sides;
    private RestCalls calls;
    private final Sightings seen = new Sightings();
    private final TestingUser user = new TestingUser();
    private Optional<RestWatch> watch = Optional.empty();

    @BeforeEach
    void open() throws IOException {
        service = new TestingRestService();
        sides = new UserSides(any -> user, Duration.ofSeconds(10), "test");
        calls = new RestCalls(sides.of(service.spec()), "", InstantSource.system());
    }

    @AfterEach
    void close() {
        watch.ifPresent(RestWatch::close);
        sides.close();
        service.close();
    }

    @Test
    void showsAClusterWithItsHostsAsTheirObjectsWould() {
        String cluster = service.cluster("night-7f3a-0", TAG, "ready");
        String infraEnv = service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        service.host(infraEnv, uuid(PAIR, 0), "known");
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> !seen.agents.isEmpty());

        assertThat(seen.infraEnvs).singleElement().satisfies(state -> {
            assertThat(state.isoDownloadUrl()).contains("/byid/" + infraEnv);
            assertThat(state.eventsUrl()).endsWith("/v2/events?infra_env_id=" + infraEnv);
        });
        assertThat(seen.machines).extracting(BareMetalHostState::host).containsExactly(PAIR.host(0), PAIR.host(1));
        assertThat(seen.machines)
                .allSatisfy(machine -> assertThat(machine.detached()).isTrue());
        assertThat(seen.installs).singleElement().satisfies(state -> {
            assertThat(state.state()).isEqualTo("ready");
            assertThat(state.held()).isTrue();
            assertThat(state.infraId()).isEmpty();
        });
        assertThat(seen.agents).extracting(AgentState::host).containsExactly(PAIR.host(0));
    }

    @Test
    void tellsOnlyWhatHasChanged() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> polls(cluster) > 3);
        assertThat(seen.installs).hasSize(1);
        assertThat(seen.installs.getFirst().infraId()).isEqualTo(cluster);
        service.status(cluster, "finalizing");
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 2);
    }

    @Test
    void asksNoMoreWhenNothingMoreIsToCome() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installed");
        String infraEnv = service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        service.host(infraEnv, uuid(PAIR, 0), "installed");
        service.host(infraEnv, uuid(PAIR, 1), "installed");
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> polls(cluster) == 1);
        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> polls(cluster) == 1);
        // The list, the image's URL, and the cluster with its hosts.
        assertThat(calls.count()).isEqualTo(3);
    }

    @Test
    void asksForTheImageAgainBeforeItsUrlRunsOutWhileHostsNeedIt() {
        service.signImages(Instant.now().plus(Duration.ofMinutes(9)));
        String cluster = service.cluster("night-7f3a-0", TAG, "insufficient");
        String infraEnv = service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        service.host(infraEnv, uuid(PAIR, 0), "known");
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> images(infraEnv) > 2);
        await().atMost(PATIENCE).until(() -> seen.machines.size() > 4);
        assertThat(seen.infraEnvs).extracting(InfraEnvState::isoDownloadUrl).doesNotHaveDuplicates();
        assertThat(seen.machines)
                .extracting(BareMetalHostState::host)
                .as("both are offered the new one")
                .contains(PAIR.host(0), PAIR.host(1));
        assertThat(seen.machines)
                .filteredOn(machine -> machine.host().equals(PAIR.host(1)))
                .extracting(BareMetalHostState::imageUrl)
                .containsSubsequence(
                        "http://images/bytoken/" + infraEnv + ".1/4.18/x86_64/full.iso",
                        "http://images/bytoken/" + infraEnv + ".2/4.18/x86_64/full.iso");

        service.host(infraEnv, uuid(PAIR, 1), "known");
        await().atMost(PATIENCE)
                .until(() -> seen.agents.stream().anyMatch(agent -> agent.host().equals(PAIR.host(1))));
        long asked = images(infraEnv);
        long polled = polls(cluster);
        await().atMost(PATIENCE).until(() -> polls(cluster) > polled + 3);
        assertThat(images(infraEnv)).as("all hosts have booted").isEqualTo(asked);
    }

    @Test
    void asksForTheImageOnceWhileItsUrlIsGoodForLong() {
        service.signImages(Instant.now().plus(Duration.ofMinutes(11)));
        String cluster = service.cluster("night-7f3a-0", TAG, "insufficient");
        String infraEnv = service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> polls(cluster) > 3);
        assertThat(images(infraEnv)).isEqualTo(1);
    }

    @Test
    void offersAMachineThatJoinsOnlyWhenTheClusterLetsIt() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installed");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(GROWING);
        await().atMost(PATIENCE).until(() -> polls(cluster) > 2);
        assertThat(seen.machines).extracting(BareMetalHostState::host).containsExactly(GROWING.host(0));
        service.status(cluster, "adding-hosts");
        await().atMost(PATIENCE).until(() -> seen.machines.size() == 2);
        assertThat(seen.machines.getLast().host()).isEqualTo(GROWING.host(1));
    }

    @Test
    void looksIntoTheInfraEnvForHostsWithoutACluster() {
        String infraEnv = service.infraEnv("night-7f3a-1_assisted-swarm", "");
        service.host(infraEnv, uuid(POOL, 0), "known-unbound");
        watch(POOL);
        await().atMost(PATIENCE).until(() -> !seen.agents.isEmpty());
        assertThat(seen.agents.getFirst().state()).isEqualTo("known-unbound");
        assertThat(service.calls()).noneMatch(call -> call.startsWith("GET /clusters"));
    }

    @Test
    void looksAtOnceForWhatHasJustBeenCreated() {
        watch(new RestWatch.Pace(Duration.ofMinutes(1), Duration.ofMinutes(1)), PAIR);
        await().atMost(PATIENCE).until(() -> service.calls().contains("GET /infra-envs"));
        String cluster = service.cluster("night-7f3a-0", TAG, "insufficient");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch.orElseThrow().created(PAIR.id());
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1);
    }

    @Test
    void asksOneThingAtATimeWhileTheServiceIsInTrouble() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1);
        service.down(503);
        await().atMost(PATIENCE).until(() -> !calls.troubles().isEmpty());
        assertThat(calls.troubles().getFirst().request()).isEqualTo("GET /v2/clusters/…");
        service.down(0);
        service.status(cluster, "finalizing");
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 2);
        assertThat(calls.troubles()).isEmpty();
    }

    /** Of the clusters that are there: others are refused to the worker that is to create them. */
    @Test
    void tellsOfEachClusterThatItsUserIsNotAcceptedAnyMore() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR, POOL);
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1);
        user.failure = Optional.of(new IllegalStateException("the sign-on answered with 503"));
        await().atMost(PATIENCE).until(() -> !calls.troubles().isEmpty());
        assertThat(seen.refusals).isEmpty();
        user.failure = Optional.of(new NoToken("the sign-on answered with 400 invalid_grant"));
        await().atMost(PATIENCE).until(() -> !seen.refusals.isEmpty());
        long asked = polls(cluster);
        await().atMost(PATIENCE).until(() -> seen.refusals.size() > 3);
        assertThat(seen.refusals)
                .containsOnly(
                        UserRefused.unauthorized(PAIR.id(), "not sent: the sign-on answered with 400 invalid_grant"));
        assertThat(polls(cluster)).isEqualTo(asked);
    }

    @Test
    void tellsOfAllClustersWhenEverythingIsForbiddenForGood() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        String pool = service.infraEnv("night-7f3a-1_assisted-swarm", "");
        service.host(pool, uuid(POOL, 0), "discovering");
        watch(PAIR, POOL);
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1 && seen.agents.size() == 1);
        service.down(403);
        await().atMost(PATIENCE).until(() -> seen.refusals.size() == 2);
        assertThat(seen.refusals)
                .containsExactlyInAnyOrder(
                        UserRefused.forbidden(PAIR.id(), FORBIDDEN), UserRefused.forbidden(POOL.id(), FORBIDDEN));
        int asked = service.calls().size();
        await().during(Duration.ofMillis(300))
                .atMost(PATIENCE)
                .until(() -> service.calls().size() == asked);
    }

    @Test
    void aPassing403FailsNobody() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1);
        for (int times = 0; times < Forbiddance.TIMES_THAT_DECIDE - 1; times++) {
            service.refuseNext("GET /clusters/" + cluster, 403);
        }
        service.status(cluster, "finalizing");
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 2);
        assertThat(seen.refusals).isEmpty();
        assertThat(calls.troubles()).isEmpty();
    }

    /** As when it has been taken from the user. */
    @Test
    void whatIsForbiddenOfOneClusterConcernsItAlone() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        String pool = service.infraEnv("night-7f3a-1_assisted-swarm", "");
        watch(PAIR, POOL);
        await().atMost(PATIENCE).until(() -> seen.installs.size() == 1);
        for (int times = 0; times < 100; times++) {
            service.refuseNext("GET /clusters/" + cluster, 403);
        }
        await().atMost(PATIENCE).until(() -> !seen.refusals.isEmpty());
        long asked = polls(cluster);
        service.host(pool, uuid(POOL, 0), "discovering");
        await().atMost(PATIENCE).until(() -> seen.agents.size() == 1);
        assertThat(seen.refusals).containsExactly(UserRefused.forbidden(PAIR.id(), FORBIDDEN));
        assertThat(polls(cluster)).as("asked no more").isEqualTo(asked);
    }

    /** A worker has made it, and it is in no list that the coordinator may see. */
    @Test
    void tellsOfAClusterThatIsForbiddenBeforeItWasSeen() {
        service.down(403);
        watch(PAIR, POOL);
        watch.orElseThrow().created(PAIR.id());
        await().atMost(PATIENCE).until(() -> !seen.refusals.isEmpty());
        assertThat(seen.refusals).containsOnly(UserRefused.forbidden(PAIR.id(), FORBIDDEN));
    }

    @Test
    void asksNothingAnyMoreOnceItIsClosed() {
        String cluster = service.cluster("night-7f3a-0", TAG, "installing");
        service.infraEnv("night-7f3a-0_assisted-swarm", cluster);
        watch(PAIR);
        await().atMost(PATIENCE).until(() -> polls(cluster) > 0);
        watch.orElseThrow().close();
        long[] before = {-1};
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            boolean still = before[0] == polls(cluster);
            before[0] = polls(cluster);
            return still;
        });
    }

    private long images(String infraEnv) {
        return service.calls().stream()
                .filter(call -> call.equals("GET /infra-envs/" + infraEnv + "/downloads/image-url"))
                .count();
    }

    private long polls(String cluster) {
        return service.calls().stream()
                .filter(("GET /clusters/" + cluster)::equals)
                .count();
    }

    private void watch(ClusterSpec... clusters) {
        watch(new RestWatch.Pace(Duration.ofMillis(20), Duration.ofMillis(40)), clusters);
    }

    private void watch(RestWatch.Pace pace, ClusterSpec... clusters) {
        Hub.Muster muster = new Hub.Muster() {
            @Override
            public List<ClusterSpec> clusters() {
                return List.of(clusters);
            }

            @Override
            public Optional<HostId> host(String uuid) {
                return Optional.empty();
            }
        };
        String events = service.url() + "/api/assisted-install/v2/events?infra_env_id=";
        watch = Optional.of(new RestWatch(SWARM, muster, seen, calls, events::concat, pace, InstantSource.system()));
        watch.get().start();
    }

    private static String uuid(ClusterSpec cluster, int index) {
        return Identity.hostUuid(cluster.host(index)).toString();
    }

    /** Accepted until the test says how he is not. */
    private static final class TestingUser implements UserAuthorization {
        private volatile Optional<RuntimeException> failure = Optional.empty();

        @Override
        public CompletionStage<Map<String, String>> headers() {
            return failure.<CompletionStage<Map<String, String>>>map(CompletableFuture::failedFuture)
                    .orElseGet(NoAuthorization.INSTANCE::headers);
        }

        @Override
        public void refused(Map<String, String> headers) {}
    }

    private static final class Sightings implements Hub.Observer {
        private final List<InfraEnvState> infraEnvs = new CopyOnWriteArrayList<>();
        private final List<AgentClusterInstallState> installs = new CopyOnWriteArrayList<>();
        private final List<BareMetalHostState> machines = new CopyOnWriteArrayList<>();
        private final List<AgentState> agents = new CopyOnWriteArrayList<>();
        private final List<UserRefused> refusals = new CopyOnWriteArrayList<>();

        @Override
        public void infraEnv(InfraEnvState state) {
            infraEnvs.add(state);
        }

        @Override
        public void agentClusterInstall(AgentClusterInstallState state) {
            installs.add(state);
        }

        @Override
        public void bareMetalHost(BareMetalHostState state) {
            machines.add(state);
        }

        @Override
        public void preprovisioningImage(PreprovisioningImageState state) {
            throw new AssertionError("there is no PreprovisioningImage");
        }

        @Override
        public void agent(AgentState state) {
            agents.add(state);
        }

        @Override
        public void userRefused(UserRefused state) {
            refusals.add(state);
        }
    }
}
