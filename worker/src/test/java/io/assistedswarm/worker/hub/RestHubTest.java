package io.assistedswarm.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.NoAuthorization;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestHubTest {
    private static final String CLUSTER_ID = "11111111-1111-4111-8111-111111111111";
    private static final String INFRA_ENV_ID = "22222222-2222-4222-8222-222222222222";
    private static final ClusterSpec SINGLE = Samples.singleNode().withApi(ClusterApi.REST);
    private static final ClusterSpec MULTI = Samples.cluster(3, 2).withApi(ClusterApi.REST);
    private static final ClusterSpec LATE =
            Samples.special(Samples.lateBinding()).withApi(ClusterApi.REST);
    private static final HostId HOST = SINGLE.host(0);
    private static final String HOST_PATH = "/infra-envs/" + INFRA_ENV_ID + "/hosts/" + Identity.hostUuid(HOST);
    private static final String OURS = "[{\"id\":\"" + CLUSTER_ID
            + "\",\"name\":\"quickstart-7f3a-0\",\"tags\":\"assisted_swarm_quickstart_7f3a\"}]";
    private static final String SOMEBODY_ELSES =
            "[{\"id\":\"99999999-9999-4999-8999-999999999999\",\"name\":\"quickstart-7f3a-0\"}]";
    private static final String OUR_INFRA_ENV = "[{\"id\":\"" + INFRA_ENV_ID
            + "\",\"name\":\"quickstart-7f3a-0_assisted-swarm\",\"cluster_id\":\"" + CLUSTER_ID + "\"}]";

    private TestingService service;
    private HubsByApi hubs;
    private SwarmSpec swarm;

    @BeforeEach
    void open() throws IOException {
        service = new TestingService();
        service.always("POST /clusters", 201, "{\"id\":\"" + CLUSTER_ID + "\"}");
        service.always("POST /infra-envs", 201, "{\"id\":\"" + INFRA_ENV_ID + "\"}");
        service.always("GET /clusters", 200, "[]");
        service.always("GET /infra-envs", 200, "[]");
        SwarmSpec sample = Samples.swarm();
        ServiceSpec spec = sample.service();
        swarm = sample.withService(new ServiceSpec(
                service.url(),
                false,
                "",
                spec.sshPublicKey(),
                spec.pullSecret(),
                spec.releaseImage(),
                spec.openshiftVersion(),
                spec.baseDomain(),
                spec.agentImage()));
        as(NoAuthorization.INSTANCE);
    }

    private void as(UserAuthorization user) {
        close();
        hubs = new HubsByApi(
                Optional.empty(),
                any -> user,
                new HubSettings(1000, 1000, 64, Duration.ofSeconds(20)),
                RequestTimes.IGNORED,
                "assisted-swarm-worker/test");
    }

    @AfterEach
    void close() {
        if (hubs != null) {
            hubs.close();
        }
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"401, true", "403, true", "404, false", "200, false", "500, false"})
    void asksOnceAsAnAgentWhetherTheServiceLetsItIn(int status, boolean refused) {
        String nowhere = "/clusters/00000000-0000-0000-0000-000000000000";
        service.always("GET " + nowhere, status, "{\"message\":\"no, not agents-token\"}");
        assertThat(hubs.refusalOfAgent(swarm.service(), new Secret("agents-token"))
                        .toCompletableFuture()
                        .join())
                .isEqualTo(refused ? Optional.of(status + " {\"message\":\"no, not …\"}") : Optional.empty());
        assertThat(service.calls()).containsExactly("GET " + nowhere);
    }

    @Test
    void doesNotKnowWhatAServiceSaysToAgentsThatDoesNotAnswer() {
        service.close();
        assertThat(hubs.refusalOfAgent(swarm.service(), new Secret("agents-token"))
                        .toCompletableFuture()
                        .join())
                .isEmpty();
    }

    @Test
    void registersAClusterAndThenItsInfraEnv() {
        done(create(MULTI, 1));
        assertThat(service.calls()).containsExactly("POST /clusters", "POST /infra-envs");
        JsonNode cluster = service.seen().getFirst().body();
        assertThat(cluster.path("name").asText()).isEqualTo("quickstart-7f3a-0");
        assertThat(cluster.path("tags").asText()).isEqualTo("assisted_swarm_quickstart_7f3a");
        assertThat(cluster.path("control_plane_count").asInt()).isEqualTo(3);
        assertThat(cluster.path("openshift_version").asText()).isEqualTo("4.18");
        assertThat(cluster.at("/api_vips/0/ip").asText()).isEqualTo(Identity.API_VIP);
        assertThat(cluster.at("/ingress_vips/0/ip").asText()).isEqualTo(Identity.INGRESS_VIP);
        assertThat(cluster.at("/machine_networks/0/cidr").asText()).isEqualTo(Identity.MACHINE_NETWORK);
        assertThat(cluster.path("pull_secret").asText()).isEqualTo(Samples.PULL_SECRET);
        JsonNode infraEnv = service.seen().getLast().body();
        assertThat(infraEnv.path("name").asText()).isEqualTo("quickstart-7f3a-0_assisted-swarm");
        assertThat(infraEnv.path("cluster_id").asText()).isEqualTo(CLUSTER_ID);
    }

    @Test
    void addsTheUsersOwnManifestsBeforeThereCanBeHosts() {
        ClusterSpec special = Samples.special(Samples.everything()).withApi(ClusterApi.REST);
        swarm = new SwarmSpec(
                swarm.id(),
                swarm.service(),
                swarm.runtime(),
                swarm.manifests()
                        .withExtra(List.of(new Template("b.json", "{}"), new Template("own/a.yaml", "kind: A"))),
                swarm.deadlines());
        service.always("POST /clusters/" + CLUSTER_ID + "/manifests", 201, "{}");
        done(create(special, 1));
        assertThat(service.calls())
                .containsExactly(
                        "POST /clusters",
                        "POST /clusters/" + CLUSTER_ID + "/manifests",
                        "POST /clusters/" + CLUSTER_ID + "/manifests",
                        "POST /infra-envs");
        JsonNode manifest = service.seen().get(1).body();
        assertThat(manifest.path("file_name").asText()).isEqualTo("a.yaml");
        assertThat(manifest.path("content").asText()).isEqualTo("a2luZDogQQ==");
    }

    @Test
    void countsWhatItFetchesAndKeepsNothing() {
        done(create(MULTI, 1));
        service.always(
                "GET /clusters/" + CLUSTER_ID + "/downloads/credentials?file_name=kubeconfig", 200, "apiVersion: v1");
        service.always("GET /clusters/" + CLUSTER_ID + "/logs?logs_type=all", 200, "");
        assertThat(fetch(Download.KUBECONFIG))
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(fetched -> {
                    assertThat(fetched.bytes()).isEqualTo("apiVersion: v1".length());
                    assertThat(fetched.took()).isPositive();
                });
        assertThat(fetch(Download.LOGS))
                .succeedsWithin(Duration.ofSeconds(20))
                .extracting(Fetched::bytes)
                .isEqualTo(0L);
    }

    @Test
    void saysWhyThereIsNothingToFetchYet() {
        done(create(MULTI, 1));
        service.always(
                "GET /clusters/" + CLUSTER_ID + "/downloads/credentials?file_name=kubeconfig",
                409,
                "{\"reason\":\"files can be downloaded later\"}");
        assertThat(trouble(fetch(Download.KUBECONFIG)))
                .returns(409, HubTrouble::status)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("files can be downloaded later");
    }

    private CompletableFuture<Fetched> fetch(Download what) {
        return hubs.of(swarm, MULTI).fetch(MULTI.id(), what).toCompletableFuture();
    }

    @Test
    void leavesTheNetworkOfASingleNodeToItsUser() {
        done(create(SINGLE, 1));
        JsonNode cluster = service.seen().getFirst().body();
        assertThat(cluster.path("control_plane_count").asInt()).isEqualTo(1);
        assertThat(cluster.has("api_vips")).isFalse();
        assertThat(cluster.has("user_managed_networking")).isFalse();
    }

    @Test
    void givesEachHostItsStaticNetwork() {
        done(create(
                new ClusterSpec(
                        Samples.CLUSTER, 3, 0, true, false, Map.of(), ClusterTraits.PLAIN, Map.of(), ClusterApi.REST),
                1));
        JsonNode networks = service.seen().getLast().body().path("static_network_config");
        assertThat(networks).hasSize(3);
        assertThat(networks.at("/2/mac_interface_map/0/mac_address").asText()).isEqualTo(Identity.mac(MULTI.host(2)));
        assertThat(networks.at("/2/network_yaml").asText()).contains(Identity.ipv4(MULTI.host(2)));
    }

    @Test
    void doesNotBindAnInfraEnvWhoseHostsAreBoundLater() {
        done(create(LATE, 1));
        assertThat(service.seen().getLast().body().has("cluster_id")).isFalse();
    }

    @Test
    void makesOnlyAnInfraEnvWhereThereIsToBeNoCluster() {
        done(create(Samples.infraEnvOnly(2).withApi(ClusterApi.REST), 1));
        assertThat(service.calls()).containsExactly("POST /infra-envs");
    }

    @Test
    void doesNotMakeASecondClusterWhenTheAnswerGotLost() {
        service.losesNext("POST /clusters");
        assertThat(trouble(create(MULTI, 1)).status()).isZero();
        service.always("GET /clusters", 200, OURS);

        done(create(MULTI, 1));
        assertThat(service.calls())
                .containsExactlyInAnyOrder("POST /clusters", "GET /clusters", "GET /infra-envs", "POST /infra-envs");
        assertThat(service.seen().getLast().body().path("cluster_id").asText()).isEqualTo(CLUSTER_ID);
    }

    @Test
    void doesNotTakeAnothersClusterOfThatNameForItsOwn() {
        service.losesNext("POST /clusters");
        failure(create(MULTI, 1));
        service.always("GET /clusters", 200, SOMEBODY_ELSES);

        done(create(MULTI, 1));
        assertThat(service.calls()).filteredOn("POST /clusters"::equals).hasSize(2);
    }

    @Test
    void findsWhatAnEarlierActorHasMadeElsewhere() {
        service.always("GET /clusters", 200, OURS);
        service.always("GET /infra-envs", 200, OUR_INFRA_ENV);
        done(create(MULTI, 2));
        assertThat(service.calls()).containsExactlyInAnyOrder("GET /clusters", "GET /infra-envs");
    }

    @Test
    void goesOnWithTheInfraEnvAfterTrouble() {
        service.next("POST /infra-envs", 503, "{\"code\":\"503\",\"reason\":\"busy\"}");
        assertThat(trouble(create(MULTI, 1)).status()).isEqualTo(503);
        done(create(MULTI, 1));
        assertThat(service.calls()).filteredOn("POST /clusters"::equals).hasSize(1);
        assertThat(service.calls()).filteredOn("POST /infra-envs"::equals).hasSize(2);
    }

    @Test
    void tellsAHostWhatItIsToBe() {
        service.always("PATCH " + HOST_PATH, 201, "{}");
        done(create(SINGLE, 1));
        done(hub(SINGLE).bindHost(SINGLE, HOST));
        assertThat(service.seen().getLast().call()).isEqualTo("PATCH " + HOST_PATH);
        assertThat(service.seen().getLast().body().toString())
                .contains("\"host_role\":\"master\"", "\"host_name\":\"quickstart-7f3a-0-0\"");
    }

    @Test
    void looksUpAnInfraEnvThatWasMadeElsewhereOnce() {
        service.always("GET /clusters", 200, OURS);
        service.always("GET /infra-envs", 200, OUR_INFRA_ENV);
        service.always("PATCH " + HOST_PATH, 201, "{}");
        done(hub(SINGLE).bindHost(SINGLE, HOST));
        done(hub(SINGLE).bindHost(SINGLE, HOST));
        assertThat(service.calls()).filteredOn("GET /infra-envs"::equals).hasSize(1);
    }

    @Test
    void bindsAHostThatWasDiscoveredWithoutACluster() {
        service.always("PATCH " + HOST_PATH, 201, "{}");
        service.always("POST " + HOST_PATH + "/actions/bind", 200, "{}");
        done(create(LATE, 1));
        done(hub(LATE).bindHost(LATE, HOST));
        assertThat(service.seen().getLast().body().path("cluster_id").asText()).isEqualTo(CLUSTER_ID);
    }

    @Test
    void isContentWithAHostThatIsBoundAlready() {
        service.always("PATCH " + HOST_PATH, 201, "{}");
        service.always("POST " + HOST_PATH + "/actions/bind", 409, "{\"reason\":\"already bound\"}");
        service.always("GET " + HOST_PATH, 200, "{\"cluster_id\":\"" + CLUSTER_ID + "\"}");
        done(create(LATE, 1));
        done(hub(LATE).bindHost(LATE, HOST));
    }

    @Test
    void beginsTheInstallation() {
        service.always("POST /clusters/" + CLUSTER_ID + "/actions/install", 202, "{}");
        done(create(SINGLE, 1));
        done(hub(SINGLE).release(SINGLE.id()));
        assertThat(service.calls().getLast()).isEqualTo("POST /clusters/" + CLUSTER_ID + "/actions/install");
    }

    @ParameterizedTest
    @CsvSource({"ready, false", "preparing-for-installation, true", "installing, true"})
    void triesAnInstallationAgainThatHasNotBegun(String status, boolean begun) {
        service.always("POST /clusters/" + CLUSTER_ID + "/actions/install", 409, "{\"reason\":\"not ready\"}");
        service.always("GET /clusters/" + CLUSTER_ID + "?exclude-hosts=true", 200, "{\"status\":\"" + status + "\"}");
        done(create(SINGLE, 1));
        CompletionStage<Done> released = hub(SINGLE).release(SINGLE.id());
        if (begun) {
            done(released);
        } else {
            assertThat(trouble(released).status()).isEqualTo(409);
        }
    }

    @Test
    void letsAnInstalledClusterTakeMoreHostsOnlyOnce() {
        ClusterSpec growing =
                Samples.special(ClusterTraits.PLAIN.withHosts(0, 2)).withApi(ClusterApi.REST);
        String path = "/clusters/" + CLUSTER_ID;
        done(create(growing, 1));
        done(hub(growing).createHost(swarm, growing, growing.host(0)));
        assertThat(service.calls()).hasSize(2);

        service.next("GET " + path + "?exclude-hosts=true", 200, "{\"status\":\"installed\"}");
        service.next("POST " + path + "/actions/allow-add-hosts", 202, "{}");
        done(hub(growing).createHost(swarm, growing, growing.host(3)));
        service.next("GET " + path + "?exclude-hosts=true", 200, "{\"status\":\"installed\"}");
        service.next("POST " + path + "/actions/allow-add-hosts", 400, "{\"reason\":\"Expected installed\"}");
        service.always("GET " + path + "?exclude-hosts=true", 200, "{\"status\":\"adding-hosts\"}");
        done(hub(growing).createHost(swarm, growing, growing.host(4)));
        done(hub(growing).createHost(swarm, growing, growing.host(4)));
        assertThat(service.calls())
                .filteredOn(call -> call.endsWith("allow-add-hosts"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400, RequestRefused, PLAN",
        "401, Unauthorized, PLAN",
        "403, Forbidden, PLAN",
        "405, NotSupported, PLAN",
        "501, NotSupported, PLAN"
    })
    void givesUpWhatIsRefused(int status, String reason, Side side) {
        service.next("POST /clusters", status, "{\"code\":" + status + ",\"message\":\"no, no\"}");
        HubRefusal refusal = (HubRefusal) failure(create(MULTI, 1));
        assertThat(refusal.failure().reason()).isEqualTo(reason);
        assertThat(refusal.failure().side()).isEqualTo(side);
        assertThat(refusal).hasMessageContaining("no, no");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 429, 500, 502, 503})
    void mayTryAgainWhatIsNotRefused(int status) {
        service.next("POST /clusters", status, "<html>proxy</html>");
        assertThat(trouble(create(MULTI, 1)).status()).isEqualTo(status);
    }

    @Test
    void quotesNoPartOfThePullSecret() {
        service.next("POST /clusters", 400, "{\"reason\":\"bad auth c2VjcmV0OnNlY3JldA== of quay.io\"}");
        assertThat(failure(create(MULTI, 1)))
                .hasMessageNotContaining("c2VjcmV0OnNlY3JldA==")
                .hasMessageContaining("is not shown");
    }

    @Test
    void asksOnceMoreWithAnotherTokenAndNoMore() {
        Tokens tokens = new Tokens();
        as(tokens);
        service.next("POST /clusters", 401, "{\"message\":\"expired\"}");
        done(create(MULTI, 1));
        assertThat(service.seen())
                .extracting(TestingService.Seen::authorization)
                .containsExactly("Bearer t1", "Bearer t2", "Bearer t2");
        assertThat(tokens.refused).containsExactly("Bearer t1");

        service.next("POST /clusters", 401, "{\"message\":\"foreign\"}");
        service.next("POST /clusters", 401, "{\"message\":\"foreign\"}");
        ClusterSpec other = MULTI.withId(new ClusterId(Samples.SWARM, 1));
        HubRefusal refusal = (HubRefusal) failure(hub(other).createCluster(swarm, other, 1));
        assertThat(refusal.failure().reason()).isEqualTo("Unauthorized");
        assertThat(refusal).hasMessageNotContaining("t3").hasMessageNotContaining("t2");
        assertThat(service.calls()).filteredOn("POST /clusters"::equals).hasSize(4);
    }

    @Test
    void isInTroubleWithoutAToken() {
        as(new UserAuthorization() {
            @Override
            public CompletionStage<Map<String, String>> headers() {
                return CompletableFuture.failedFuture(new IllegalStateException("the token's issuer does not answer"));
            }

            @Override
            public void refused(Map<String, String> headers) {}
        });
        assertThat(trouble(create(MULTI, 1))).hasMessageContaining("issuer");
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void countsItsRequests() {
        done(create(MULTI, 1));
        assertThat(hubs.requests()).isEqualTo(2);
    }

    /** Each one is good until it is refused. */
    private static final class Tokens implements UserAuthorization {
        private final AtomicInteger number = new AtomicInteger(1);
        private final List<String> refused = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<Map<String, String>> headers() {
            return CompletableFuture.completedFuture(Map.of("Authorization", "Bearer t" + number.get()));
        }

        @Override
        public void refused(Map<String, String> headers) {
            refused.add(headers.get("Authorization"));
            number.incrementAndGet();
        }
    }

    private CompletionStage<Done> create(ClusterSpec cluster, int generation) {
        return hub(cluster).createCluster(swarm, cluster, generation);
    }

    private Hub hub(ClusterSpec cluster) {
        return hubs.of(swarm, cluster);
    }

    private static void done(CompletionStage<Done> stage) {
        assertThat(stage.toCompletableFuture().join()).isEqualTo(Done.getInstance());
    }

    private static HubTrouble trouble(CompletionStage<?> stage) {
        return (HubTrouble) failure(stage);
    }

    private static Throwable failure(CompletionStage<?> stage) {
        try {
            stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            return e.getCause();
        }
        throw new AssertionError("it succeeded");
    }
}
