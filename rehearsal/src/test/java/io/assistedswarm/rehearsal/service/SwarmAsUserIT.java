package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.hub.Hub.Muster;
import io.assistedswarm.coordinator.hub.Hub.Observer;
import io.assistedswarm.coordinator.hub.Hub.Remains;
import io.assistedswarm.coordinator.hub.Hub.Watching;
import io.assistedswarm.coordinator.hub.rest.RestHub;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.NoAuthorization;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.rehearsal.service.TestingRecorder.Exchange;
import io.assistedswarm.worker.hub.Hub;
import io.assistedswarm.worker.hub.HubSettings;
import io.assistedswarm.worker.hub.HubsByApi;
import io.assistedswarm.worker.hub.RequestTimes;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * All that worker and coordinator send as a service's user, from the creation of clusters of each kind to their deletion, compared with
 * the service's public API description: paths, queries, required and known fields with their types, statuses.
 */
class SwarmAsUserIT {
    private static final SwarmId SWARM = new SwarmId("user-7f3a");
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final ClusterSpec SINGLE = cluster(0, 1, 0, false, ClusterTraits.PLAIN);
    private static final ClusterSpec GROWING = cluster(1, 3, 2, false, ClusterTraits.PLAIN.withHosts(0, 1));
    private static final ClusterSpec LATE = cluster(2, 3, 0, true, traits(true));
    private static final ClusterSpec POOL =
            new ClusterSpec(new ClusterId(SWARM, 3), 1, 0, false, true, Map.of()).withApi(ClusterApi.REST);
    private static final List<ClusterSpec> ALL = List.of(SINGLE, GROWING, LATE, POOL);

    private final UserApiDescription description = new UserApiDescription();
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<ClusterId, String> infraEnvs = new ConcurrentHashMap<>();
    private TestingHub service;
    private TestingRecorder recorder;
    private TestingRest rest;
    private SwarmSpec swarm;
    private HubsByApi hubs;
    private RestHub coordinator;
    private Watching watching;

    private static ClusterSpec cluster(
            int index, int controlPlanes, int workers, boolean nmstate, ClusterTraits traits) {
        return new ClusterSpec(
                new ClusterId(SWARM, index),
                controlPlanes,
                workers,
                nmstate,
                false,
                Map.of(),
                traits,
                Map.of(),
                ClusterApi.REST);
    }

    private static ClusterTraits traits(boolean lateBinding) {
        return new ClusterTraits(
                0,
                0,
                lateBinding,
                Hold.NONE,
                Platform.BAREMETAL,
                Networking.CLUSTER_MANAGED,
                List.of(),
                List.of(),
                "4.18",
                Map.of(),
                Map.of(),
                Map.of(),
                List.of("own/chrony.yaml", "a.json"));
    }

    @BeforeEach
    void start() throws IOException {
        service = TestingHub.start(Map.of("ENABLE_KUBE_API", "false"));
        recorder = new TestingRecorder(service.url);
        rest = new TestingRest(service.url);
        swarm = new SwarmSpec(
                SWARM,
                new ServiceSpec(
                        recorder.url(),
                        false,
                        "",
                        "ecdsa KEY",
                        new Secret("{\"auths\":{\"quay.io\":{\"auth\":\"YTpi\"}}}"),
                        "quay.io/ocp-release:4.18.52-x86_64",
                        "4.18",
                        "example.com",
                        TestingRows.SETTINGS.images().agent()),
                new RuntimeSpec.Exec(List.of(), Map.of(), List.of(), Map.of()),
                new Manifests(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(
                                new Template("own/chrony.yaml", "kind: MachineConfig\n"),
                                new Template("a.json", "{\"kind\":\"ConfigMap\"}"))),
                Deadlines.DEFAULT,
                Set.of(ClusterApi.REST));
        hubs = new HubsByApi(
                Optional.empty(),
                spec -> NoAuthorization.INSTANCE,
                new HubSettings(1000, 1000, 64, Duration.ofSeconds(20)),
                RequestTimes.IGNORED,
                "assisted-swarm-worker/test");
        coordinator = new RestHub(spec -> NoAuthorization.INSTANCE, "test", InstantSource.system(), blocking);
        watching = coordinator.watch(swarm, new Everything(), new Seeing(infraEnvs));
    }

    @AfterEach
    void stop() {
        watching.close();
        coordinator.close();
        hubs.close();
        recorder.close();
        service.close();
        blocking.shutdownNow();
    }

    @Test
    void sendsWhatIsDescribed() {
        ALL.forEach(this::create);
        List<TestingAgent> single = discovered(SINGLE, 0, 1, "known");
        install(SINGLE, single);
        List<TestingAgent> growing = discovered(GROWING, 0, 5, "known");
        install(GROWING, growing);
        rest.finish(uuid(GROWING), growing);
        until(() -> status(GROWING).equals("installed"));
        for (Download what : Download.values()) {
            done(worker(GROWING).fetch(GROWING.id(), what));
        }
        assertThat(worker(LATE).fetch(LATE.id(), Download.KUBECONFIG).toCompletableFuture())
                .as("nothing is installed there")
                .failsWithin(LONGEST)
                .withThrowableThat()
                .withMessageContaining(" 409 cluster ");
        grow(GROWING);
        bindLate();
        assertThat(rest.call("GET", "/v2/clusters/" + uuid(LATE) + "/manifests", "")
                        .json())
                .extracting(manifest -> manifest.path("file_name").asText())
                .containsExactly("chrony.yaml", "a.json");
        discovered(POOL, 0, 1, "known-unbound");
        ALL.forEach(cluster -> done(coordinator.events(swarm, cluster, Optional.empty())));
        assertThat(status(SINGLE)).as("when it is deleted").isEqualTo("installing");
        watching.close();

        DeletionView deleted = coordinator
                .delete(Remains.of(swarm), LONGEST, () -> false, Optional.empty(), progress -> {})
                .toCompletableFuture()
                .join();

        assertThat(deleted.left().values()).containsOnly(0L);
        List<Exchange> exchanges = recorder.exchanges();
        assertThat(exchanges.stream()
                        .flatMap(exchange -> description.differences(exchange).stream())
                        .distinct())
                .as("the service's code answers so, though it is not described (BindHostInternal)")
                .containsExactly(
                        "POST /v2/infra-envs/{infra_env_id}/hosts/{host_id}/actions/bind: status 409 is not described");
        assertThat(exchanges.stream()
                        .flatMap(exchange -> description.callOf(exchange).stream())
                        .map(DescribedCall::toString)
                        .distinct())
                .containsExactlyInAnyOrder(
                        "POST /v2/clusters",
                        "GET /v2/clusters",
                        "GET /v2/clusters/{cluster_id}",
                        "DELETE /v2/clusters/{cluster_id}",
                        "POST /v2/clusters/{cluster_id}/actions/install",
                        "POST /v2/clusters/{cluster_id}/actions/cancel",
                        "POST /v2/clusters/{cluster_id}/actions/allow-add-hosts",
                        "POST /v2/clusters/{cluster_id}/manifests",
                        "GET /v2/clusters/{cluster_id}/downloads/credentials",
                        "GET /v2/clusters/{cluster_id}/logs",
                        "POST /v2/infra-envs",
                        "GET /v2/infra-envs",
                        "DELETE /v2/infra-envs/{infra_env_id}",
                        "GET /v2/infra-envs/{infra_env_id}/downloads/image-url",
                        "GET /v2/infra-envs/{infra_env_id}/hosts",
                        "GET /v2/infra-envs/{infra_env_id}/hosts/{host_id}",
                        "PATCH /v2/infra-envs/{infra_env_id}/hosts/{host_id}",
                        "DELETE /v2/infra-envs/{infra_env_id}/hosts/{host_id}",
                        "POST /v2/infra-envs/{infra_env_id}/hosts/{host_id}/actions/bind",
                        "POST /v2/infra-envs/{infra_env_id}/hosts/{host_id}/actions/install");
    }

    private void create(ClusterSpec cluster) {
        done(worker(cluster).createCluster(swarm, cluster, 1));
        watching.created(cluster.id());
        await().atMost(LONGEST).until(() -> infraEnvs.containsKey(cluster.id()));
    }

    private List<TestingAgent> discovered(ClusterSpec cluster, int first, int count, String status) {
        List<TestingAgent> agents = new ArrayList<>(IntStream.range(first, first + count)
                .mapToObj(cluster::host)
                .map(this::agent)
                .toList());
        agents.forEach(TestingAgent::register);
        pollUntil(cluster, agents, status);
        return agents;
    }

    private TestingAgent agent(HostId host) {
        return new TestingAgent(
                TestingCaller.unrecorded(service.url),
                infraEnvs.get(host.cluster()),
                Identity.hostUuid(host).toString(),
                "rest-" + host.index(),
                host.index());
    }

    private void pollUntil(ClusterSpec cluster, List<TestingAgent> agents, String status) {
        until(() -> {
            agents.forEach(TestingAgent::poll);
            return agents.stream()
                    .allMatch(agent -> rest.call("GET", path(cluster, agent), "")
                            .text("status")
                            .equals(status));
        });
    }

    private String path(ClusterSpec cluster, TestingAgent agent) {
        return "/v2/infra-envs/" + infraEnvs.get(cluster.id()) + "/hosts/" + agent.id;
    }

    private void install(ClusterSpec cluster, List<TestingAgent> agents) {
        agents.forEach(agent -> done(worker(cluster).bindHost(cluster, cluster.host(agent.index()))));
        rest.pollUntil(uuid(cluster), agents, "ready");
        done(worker(cluster).release(cluster.id()));
        // As after an answer that got lost.
        done(worker(cluster).release(cluster.id()));
        rest.goToReboot(agents, infraEnvs.get(cluster.id()));
    }

    private void grow(ClusterSpec cluster) {
        HostId late = cluster.host(5);
        done(worker(cluster).createHost(swarm, cluster, late));
        done(worker(cluster).createHost(swarm, cluster, late));
        List<TestingAgent> agents = discovered(cluster, 5, 1, "known");
        done(worker(cluster).bindHost(cluster, late));
        done(worker(cluster).installHost(late));
        rest.goToReboot(agents, infraEnvs.get(cluster.id()));
    }

    private void bindLate() {
        List<TestingAgent> agents = discovered(LATE, 0, 3, "known-unbound");
        for (TestingAgent agent : agents) {
            done(worker(LATE).bindHost(LATE, LATE.host(agent.index())));
            done(worker(LATE).bindHost(LATE, LATE.host(agent.index())));
            agent.poll();
            agent.register();
        }
        rest.pollUntil(uuid(LATE), agents, "ready");
    }

    private String uuid(ClusterSpec cluster) {
        for (JsonNode each : rest.call("GET", "/v2/clusters", "").json()) {
            if (each.path("name").asText().equals(cluster.id().name())) {
                return each.path("id").asText();
            }
        }
        throw new AssertionError("the service has no cluster " + cluster.id());
    }

    private String status(ClusterSpec cluster) {
        return rest.call("GET", "/v2/clusters/" + uuid(cluster), "").text("status");
    }

    private Hub worker(ClusterSpec cluster) {
        return hubs.of(swarm, cluster);
    }

    private static <T> void done(CompletionStage<T> asked) {
        assertThat(asked.toCompletableFuture()).succeedsWithin(LONGEST);
    }

    private record Everything() implements Muster {
        @Override
        public List<ClusterSpec> clusters() {
            return ALL;
        }

        @Override
        public Optional<HostId> host(String uuid) {
            return ALL.stream()
                    .flatMap(cluster -> cluster.hosts().stream())
                    .filter(host -> Identity.hostUuid(host).toString().equals(uuid))
                    .findFirst();
        }
    }

    /** Learns the infra-envs' ids as workers do, from their images. */
    private record Seeing(Map<ClusterId, String> infraEnvs) implements Observer {
        @Override
        public void infraEnv(InfraEnvState state) {
            String url = state.isoDownloadUrl();
            infraEnvs.put(
                    state.cluster(), url.substring(url.indexOf("/byid/") + 6).substring(0, 36));
        }

        @Override
        public void agentClusterInstall(AgentClusterInstallState state) {}

        @Override
        public void bareMetalHost(BareMetalHostState state) {}

        @Override
        public void preprovisioningImage(PreprovisioningImageState state) {}

        @Override
        public void agent(AgentState state) {}

        @Override
        public void userRefused(UserRefused state) {}
    }
}
