package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.kube.KubeApiServer;
import io.assistedswarm.rehearsal.kube.KubeApiSettings;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.trouble.Door;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Kubernetes API and service in this JVM, so fast that a test costs a second, and patient with hosts that a test polls late. */
final class TestingHub implements AutoCloseable {
    private static final double SCALE = 100;
    private static final Duration PATIENCE = Duration.ofHours(1);
    private final KubeApiServer kube;
    private final KubernetesClient serviceClient;
    final KubernetesClient client;
    final AssistedService service;
    final String url;
    final Credentials credentials;
    /** Of the tokens only. */
    final TestingClock clock = new TestingClock();

    private TestingHub(
            KubeApiServer kube, Door door, ServiceVariables variables, Duration imageCooldown, Duration leaderLease) {
        this.kube = kube;
        this.url = "http://127.0.0.1:" + door.address().getPort();
        this.serviceClient = connect();
        this.client = connect();
        ServiceSettings settings = ServiceSettings.at(url, new TimeScale(SCALE), 1_000)
                .with(variables)
                .with(Credentials.Lives.USUAL, clock)
                .with(patient(ServiceSettings.Timeouts.DEFAULT, imageCooldown, leaderLease));
        this.credentials = settings.credentials();
        this.service = AssistedService.start(
                settings,
                door,
                serviceClient,
                Clock.systemUTC(),
                new TroubleSchedule.Place(kube.disturbance(), kube.door(), () -> {}, TroubleSchedule.Credentials.NONE));
    }

    static TestingHub start(Map<String, String> variables) throws IOException {
        return start(variables, ServiceSettings.Timeouts.DEFAULT.imageCooldown());
    }

    /** As long as a time of the service lasts here. */
    static Duration scaled(Duration real) {
        return Duration.ofNanos((long) (real.toNanos() / SCALE));
    }

    /** @param imageCooldown before it is scaled */
    static TestingHub start(Map<String, String> variables, Duration imageCooldown) throws IOException {
        return start(variables, imageCooldown, ServiceSettings.Timeouts.DEFAULT.leaderLease());
    }

    /** @param leaderLease before it is scaled */
    static TestingHub startWithLease(Duration leaderLease) throws IOException {
        return start(Map.of(), ServiceSettings.Timeouts.DEFAULT.imageCooldown(), leaderLease);
    }

    private static TestingHub start(Map<String, String> variables, Duration imageCooldown, Duration leaderLease)
            throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        KubeApiServer kube = KubeApiServer.start(anyPort, KubeApiSettings.defaults());
        return new TestingHub(
                kube, Door.bind(anyPort, Optional.empty()), ServiceVariables.of(variables), imageCooldown, leaderLease);
    }

    private static ServiceSettings.Timeouts patient(
            ServiceSettings.Timeouts limits, Duration imageCooldown, Duration leaderLease) {
        return new ServiceSettings.Timeouts(
                limits.hostMonitor(),
                limits.clusterMonitor(),
                PATIENCE,
                limits.bootstrapGrace(),
                PATIENCE,
                PATIENCE,
                PATIENCE,
                limits.installation(),
                limits.finalizing(),
                imageCooldown,
                leaderLease);
    }

    /** A client of its own, for who must not disturb others. */
    private KubernetesClient connect() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(kube.url().toString())
                        .build())
                .build();
    }

    @Override
    public void close() {
        client.close();
        service.close();
        serviceClient.close();
        kube.close();
    }
}
