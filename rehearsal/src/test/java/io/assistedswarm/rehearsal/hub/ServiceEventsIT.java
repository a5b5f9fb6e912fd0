package io.assistedswarm.rehearsal.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.hub.Hub.EventsAddress;
import io.assistedswarm.coordinator.hub.HubHealth;
import io.assistedswarm.coordinator.hub.KubeHub;
import io.assistedswarm.coordinator.hub.ServiceEvents;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The events of a service with TLS, at the address that the object names: with {@code AUTH_TYPE=local}, which takes no user, with the
 * key in it; with {@code AUTH_TYPE=agent-installer-local} with the watcher's token, or the user's.
 */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class ServiceEventsIT {
    private static final SwarmId SWARM = new SwarmId("signed");
    private static final String KEY = "api_key=";

    @TempDir
    Path folder;

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private RehearsalHub hub;
    private KubeHub kube;

    private void open(String mode) throws Exception {
        hub = RehearsalHub.start(new RehearsalHub.Options(
                folder,
                0,
                0,
                new TimeScale(100),
                1_000,
                false,
                ServiceVariables.of(Map.of("AUTH_TYPE", mode)),
                List.of(),
                true));
        Config config = Config.fromKubeconfig(hub.kubeconfig().toFile());
        try (KubernetesClient user =
                new KubernetesClientBuilder().withConfig(config).build()) {
            create(user);
        }
        HubHealth health = KubeHub.health(InstantSource.system());
        kube = new KubeHub(KubeHub.client(config, "test", health, Duration.ofSeconds(2)), health, blocking);
    }

    @AfterEach
    void close() {
        kube.close();
        hub.close();
        blocking.close();
    }

    @Test
    void areReadWithTheKeyInTheirAddressAndWithoutItAreNot() throws Exception {
        open("local");
        EventsAddress address = address(service());
        assertThat(address.url()).startsWith("https://").contains("cluster_id=", KEY);
        assertRead(address);

        int key = address.url().indexOf(KEY);
        EventsAddress unsigned = new EventsAddress(address.url().substring(0, key - 1), Map.of());
        EventsAddress forged = new EventsAddress(address.url() + "x", Map.of());
        for (EventsAddress wrong : List.of(unsigned, forged)) {
            assertThat(new ServiceEvents(blocking, InstantSource.system()).latest(service(), wrong))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withMessageContaining("the service answered 401")
                    .withMessageNotContaining(address.url().substring(key));
        }
    }

    @Test
    void areReadAsAWatcherOrAsTheUser() throws Exception {
        open("agent-installer-local");
        Secret user = token("user-token");
        Secret agent = token("agent-token");
        Secret watcher = token("watcher-token");
        Secret none = new Secret("");

        EventsAddress asWatcher = address(with(AuthSpec.agentInstallerLocal(user, agent, watcher)));
        assertThat(asWatcher.headers()).containsOnly(Map.entry("Watcher-Authorization", watcher.reveal()));
        assertRead(asWatcher);
        EventsAddress asUser = address(with(AuthSpec.agentInstallerLocal(user, agent, none)));
        assertThat(asUser.headers()).containsOnly(Map.entry("Authorization", user.reveal()));
        assertRead(asUser);

        assertThat(new ServiceEvents(blocking, InstantSource.system())
                        .latest(service(), address(with(AuthSpec.agentInstallerLocal(none, agent, none)))))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("the service answered 401");
    }

    @Test
    void noTokenGoesElsewhereThanToItsService() throws Exception {
        open("agent-installer-local");
        ServiceSpec service =
                with(AuthSpec.agentInstallerLocal(token("user-token"), token("agent-token"), token("watcher-token")));
        String there = hub.serviceUrl() + "/api/assisted-install/v2/events?cluster_id=c";
        assertThat(EventsAddress.named(there, service).headers()).isNotEmpty();
        for (String elsewhere :
                List.of(there.replace("https:", "http:"), there.replaceFirst("127.0.0.1", "127.0.0.2"), "no address")) {
            assertThat(EventsAddress.named(elsewhere, service).headers()).isEmpty();
        }
    }

    private Secret token(String file) throws IOException {
        return new Secret(Files.readString(folder.resolve(file)).strip());
    }

    private EventsAddress address(ServiceSpec service) {
        return await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(
                        () -> kube.events(swarm(service), cluster(), Optional.empty())
                                .toCompletableFuture()
                                .join(),
                        known -> true);
    }

    private void assertRead(EventsAddress address) {
        assertThat(new ServiceEvents(blocking, InstantSource.system()).latest(service(), address))
                .succeedsWithin(Duration.ofSeconds(10))
                .satisfies(read -> assertThat(read.events())
                        .extracting(ServiceEventView::message)
                        .anyMatch(message -> message.contains("Successfully registered cluster")));
    }

    private ServiceSpec with(AuthSpec auth) {
        return service().withAuth(auth);
    }

    private ServiceSpec service() {
        return new ServiceSpec(
                hub.serviceUrl(), false, folder.resolve("ca.crt").toString(), "", new Secret("{}"), "", "", "", "");
    }

    private static SwarmSpec swarm(ServiceSpec service) {
        return new SwarmSpec(SWARM, service, null, null, Deadlines.DEFAULT);
    }

    private static ClusterSpec cluster() {
        return new ClusterSpec(new ClusterId(SWARM, 0), 1, 0, false, false, Map.of());
    }

    private static void create(KubernetesClient user) {
        user.load(new ByteArrayInputStream("""
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: signed-0}
                        ---
                        apiVersion: v1
                        kind: Secret
                        type: kubernetes.io/dockerconfigjson
                        metadata: {name: pull, namespace: signed-0}
                        stringData: {.dockerconfigjson: '{"auths":{"quay.io":{"auth":"YTpi"}}}'}
                        ---
                        apiVersion: hive.openshift.io/v1
                        kind: ClusterImageSet
                        metadata: {name: signed-0}
                        spec: {releaseImage: "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64"}
                        ---
                        apiVersion: hive.openshift.io/v1
                        kind: ClusterDeployment
                        metadata: {name: signed-0, namespace: signed-0}
                        spec:
                          baseDomain: example.com
                          clusterName: signed-0
                          clusterInstallRef: {group: extensions.hive.openshift.io, kind: AgentClusterInstall, version: v1beta1, name: signed-0}
                          platform: {agentBareMetal: {agentSelector: {}}}
                          pullSecretRef: {name: pull}
                        ---
                        apiVersion: extensions.hive.openshift.io/v1beta1
                        kind: AgentClusterInstall
                        metadata:
                          name: signed-0
                          namespace: signed-0
                          labels: {assistedswarm.io/swarm: signed, assistedswarm.io/cluster: signed-0}
                        spec:
                          clusterDeploymentRef: {name: signed-0}
                          imageSetRef: {name: signed-0}
                          provisionRequirements: {controlPlaneAgents: 1}
                          sshPublicKey: ssh
                          networking:
                            clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]
                            serviceNetwork: [172.30.0.0/16]
                            machineNetwork: [{cidr: 10.123.0.0/16}]
                        """.getBytes(StandardCharsets.UTF_8)))
                .items()
                .forEach(object -> user.resource(object).create());
    }
}
