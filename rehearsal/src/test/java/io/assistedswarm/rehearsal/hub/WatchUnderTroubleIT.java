package io.assistedswarm.rehearsal.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.hub.HubHealth;
import io.assistedswarm.coordinator.hub.KubeHub;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.trouble.TroubleFile;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule.State;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The coordinator's watches see what happens during and after each trouble of the Kubernetes API, once. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class WatchUnderTroubleIT {
    private static final SwarmId SWARM = new SwarmId("watched");
    private static final String OURS = "clients: [assisted-swarm-coordinator]";

    @TempDir
    Path folder;

    private final Queue<InfraEnvState> seen = new ConcurrentLinkedQueue<>();
    private RehearsalHub hub;
    private KubernetesClient user;
    private KubeHub watching;
    private Hub.Watching watch;

    @BeforeEach
    void open() throws Exception {
        hub = RehearsalHub.start(new RehearsalHub.Options(
                folder, 0, 0, new TimeScale(100), 1_000, false, ServiceVariables.DEFAULT, List.of(), false));
        user = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(hub.kubeUrl())
                        .withOauthToken(hub.kubeApi().tokens().ofService())
                        .build())
                .build();
        Config config = Config.fromKubeconfig(hub.kubeconfig().toFile());
        HubHealth health = KubeHub.health(InstantSource.system());
        watching = new KubeHub(
                KubeHub.client(config, "test", health, Duration.ofSeconds(2)),
                health,
                Executors.newVirtualThreadPerTaskExecutor());
        watch = watching.watch(swarm(), new NoHosts(), new Seeing());
        create("watched-0");
        awaitSeen("watched-0");
    }

    @AfterEach
    void close() {
        watch.close();
        watching.close();
        user.close();
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{hub: kubernetes, kind: refused, duration: 1s}",
                "{hub: kubernetes, kind: restart}",
                "{hub: kubernetes, kind: gone, duration: 1s, " + OURS + "}",
                "{hub: kubernetes, kind: dropped, duration: 1s, " + OURS + "}",
                "{hub: kubernetes, kind: silent, duration: 1s, " + OURS + "}",
                "{hub: kubernetes, kind: slow, latency: 300ms, duration: 2s, " + OURS + "}",
                "[{hub: kubernetes, kind: restart}, {hub: kubernetes, kind: answer, status: 500, duration: 1s, " + OURS
                        + "}]",
                "[{hub: kubernetes, kind: restart}, {hub: kubernetes, kind: answer, status: 429, retryAfter: 1s, duration: 1s, "
                        + OURS + "}]",
                "[{hub: kubernetes, kind: token, duration: 1s}, {hub: kubernetes, kind: restart}]",
                "[{hub: kubernetes, kind: silent, duration: 1s, verbs: [watch]}, {hub: kubernetes, kind: token, duration: 5s}]",
            })
    void seesEachStateOnce(String trouble) throws Exception {
        hub.troubles()
                .add(TroubleFile.parse(
                        "test", "troubles: " + (trouble.startsWith("[") ? trouble : "[" + trouble + "]")));
        await().until(() ->
                hub.troubles().standings().stream().noneMatch(standing -> standing.state() == State.PLANNED));
        if (!trouble.contains("refused")) {
            create("watched-1");
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> hub.troubles().standings().stream().allMatch(standing -> standing.state() == State.OVER));
        create("watched-2");

        awaitSeen("watched-2");
        assertThat(isSeen("watched-1")).isEqualTo(!trouble.contains("refused"));
        assertThat(seen).doesNotHaveDuplicates();
    }

    private void awaitSeen(String name) {
        await().atMost(Duration.ofSeconds(15)).until(() -> isSeen(name));
    }

    private boolean isSeen(String cluster) {
        return seen.stream().anyMatch(state -> state.cluster().name().equals(cluster));
    }

    private void create(String name) {
        user.load(new ByteArrayInputStream("""
                        apiVersion: agent-install.openshift.io/v1beta1
                        kind: InfraEnv
                        metadata:
                          name: %1$s
                          namespace: default
                          labels: {assistedswarm.io/swarm: watched, assistedswarm.io/cluster: %1$s}
                        spec: {pullSecretRef: {name: none}}
                        """.formatted(name).getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object -> user.resource(object).create());
    }

    private static SwarmSpec swarm() {
        ServiceSpec service = new ServiceSpec("http://service", false, "", "", new Secret("{}"), "", "", "", "");
        return new SwarmSpec(SWARM, service, null, null, Deadlines.DEFAULT);
    }

    private static final class NoHosts implements Hub.Muster {
        @Override
        public List<ClusterSpec> clusters() {
            return List.of();
        }

        @Override
        public Optional<HostId> host(String uuid) {
            return Optional.empty();
        }
    }

    private final class Seeing implements Hub.Observer {
        @Override
        public void infraEnv(InfraEnvState state) {
            seen.add(state);
        }

        @Override
        public void agentClusterInstall(AgentClusterInstallState state) {}

        @Override
        public void bareMetalHost(BareMetalHostState state) {}

        @Override
        public void agent(AgentState state) {}

        @Override
        public void userRefused(UserRefused state) {}

        @Override
        public void preprovisioningImage(PreprovisioningImageState state) {}
    }
}
