package io.assistedswarm.rehearsal.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.rehearsal.kube.KubeApiServer;
import io.assistedswarm.rehearsal.kube.KubeApiSettings;
import io.assistedswarm.worker.Backoff;
import io.assistedswarm.worker.Setback;
import io.assistedswarm.worker.WorkerSettings;
import io.assistedswarm.worker.hub.HubSettings;
import io.assistedswarm.worker.hub.KubeConnection;
import io.assistedswarm.worker.hub.KubeHub;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the load comes back after the Kubernetes API was away, with the settings that a worker has when nobody sets any, and all times of a real
 * run divided by twenty.
 */
class LoadAfterOutageIT {
    private static final Logger LOG = LoggerFactory.getLogger(LoadAfterOutageIT.class);
    private static final int ACTORS = 600;
    private static final int FASTER = 20;
    private static final Duration OUTAGE = Duration.ofMinutes(2).dividedBy(FASTER);
    private static final Duration WINDOW = Duration.ofSeconds(6).dividedBy(FASTER);

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch served = new CountDownLatch(ACTORS);

    private Backoff retry;

    @Test
    void comesBackSpreadOut() throws Exception {
        WorkerSettings settings =
                WorkerSettings.read(Map.of("join", "127.0.0.1:1", "name", "load", "data", folder.toString()));
        Backoff configured = settings.times().retry();
        retry = new Backoff(
                configured.first().dividedBy(FASTER), configured.cap().dividedBy(FASTER), configured.jitter());
        HubSettings hubSettings = new HubSettings(
                settings.hub().requestsPerSecond() * FASTER,
                settings.hub().burst(),
                settings.hub().unanswered(),
                settings.hub().timeout());
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Path kubeconfig = folder.resolve("kubeconfig");
        try (KubeApiServer kube = KubeApiServer.start(anyPort, KubeApiSettings.defaults())) {
            kube.writeKubeconfig(kubeconfig);
            try (KubeHub hub = new KubeHub(
                    KubeConnection.find(Optional.of(kubeconfig), "load").orElseThrow(), hubSettings)) {
                kube.door().shut();
                for (int i = 0; i < ACTORS; i++) {
                    HostId host = new HostId(new ClusterId(new SwarmId("load"), i), 0);
                    attempt(hub, host, 1);
                }
                CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(OUTAGE.toMillis(), TimeUnit.MILLISECONDS))
                        .get();
                kube.door().open();
                List<Long> perWindow = new ArrayList<>();
                long before = 0;
                while (!served.await(WINDOW.toMillis(), TimeUnit.MILLISECONDS) && perWindow.size() < 100) {
                    long now = requests(kube);
                    perWindow.add(now - before);
                    before = now;
                }
                over.set(true);
                LOG.info("requests in each [{}] after the outage: {}", WINDOW, perWindow);

                assertThat(served.getCount()).isZero();
                // Back within the longest wait and some, and never most of them at once.
                assertThat(perWindow).hasSizeBetween(3, 10);
                assertThat(perWindow).allSatisfy(count -> assertThat(count).isLessThan(ACTORS / 2));
            }
        }
    }

    /** As host and cluster actors do: until the hub has answered. What it is asked for is not there, which is an answer too. */
    private void attempt(KubeHub hub, HostId host, int number) {
        var unused = hub.bindHost(new ClusterSpec(host.cluster(), 1, 0, false, false, Map.of()), host)
                .whenComplete((done, failure) -> {
                    Setback setback = failure == null ? null : Setback.of(failure);
                    if (setback == null || setback.message().contains("404")) {
                        served.countDown();
                    } else if (!over.get()) {
                        CompletableFuture.delayedExecutor(
                                        setback.pause(retry, number).toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> attempt(hub, host, number + 1));
                    }
                });
    }

    private static long requests(KubeApiServer kube) {
        return kube.requestCounts().values().stream().mapToLong(Long::longValue).sum();
    }
}
