package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

/** What a watcher of 10,000 hosts costs. Started by {@code bench/dashboard}, and by no build. */
class DashboardBench {
    private static final int HOSTS = 10_000;
    private static final int MOVES_A_SECOND = 200;
    private static final int SECONDS = 20;

    @Test
    void watchesTenThousandHosts() throws Exception {
        ActorTestKit kit = ActorTestKit.create();
        TestingSwarms coordinator = new TestingSwarms();
        coordinator.add("big", Collections.nCopies(HOSTS, 1), Instant.now());
        coordinator.workers(50);
        try (KubernetesClient hub = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:9")
                        .build())
                .build()) {
            HttpApi.Binding binding = coordinator.bind(kit, hub, Optional.empty());
            HttpResponse<InputStream> stream = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(binding.url() + "/api/v1/stream?swarm=big"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            byte[] buffer = new byte[1 << 16];
            long first = 0;
            long bytes = 0;
            long began = System.nanoTime();
            long cpu = 0;
            long counted = 0;
            int moved = 0;
            try (InputStream body = stream.body()) {
                while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(SECONDS)) {
                    int read = body.read(buffer);
                    long elapsed = System.nanoTime() - began;
                    if (elapsed < TimeUnit.SECONDS.toNanos(5)) {
                        first += read;
                        cpu = cpuNanos();
                        counted = elapsed;
                    } else {
                        bytes += read;
                    }
                    int due = (int) (elapsed * MOVES_A_SECOND / 1_000_000_000L);
                    coordinator.move("big", due - moved);
                    moved = due;
                }
            }
            double seconds = (System.nanoTime() - began - counted) / 1e9;
            System.out.printf(
                    "%d hosts, %d moves a second: %d bytes in the first 5 s, then %.0f bytes a second, %.1f %% of a core (server, client and made-up coordinator)%n",
                    HOSTS, MOVES_A_SECOND, first, bytes / seconds, (cpuNanos() - cpu) / seconds / 1e7);
            assertThat(bytes).isPositive();
            binding.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }
}
