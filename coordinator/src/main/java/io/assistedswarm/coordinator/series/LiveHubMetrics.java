package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.plan.Alert;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Those of the hub that is there. */
public final class LiveHubMetrics implements HubMetrics {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 32 << 20;

    private final InstantSource clock;
    private final Executor blocking;

    /** @param blocking reads pages */
    public LiveHubMetrics(InstantSource clock, Executor blocking) {
        this.clock = clock;
        this.blocking = blocking;
    }

    @Override
    public Collected collect(Metrics metrics, List<Alert> alerts, Instant from, Instant to) {
        return new Inquiry(metrics, from, to, clock, Thread::sleep).collect(alerts);
    }

    @Override
    public CompletionStage<Scrape> scrape(ServiceSpec service, Metrics.Scrape wanted) {
        return CompletableFuture.supplyAsync(() -> read(service, wanted), blocking);
    }

    private Scrape read(ServiceSpec service, Metrics.Scrape wanted) {
        String url = wanted.url().isEmpty() ? service.url().replaceAll("/+$", "") + "/metrics" : wanted.url();
        try (HttpClient client = AssistedService.client(service)) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] page = body.readNBytes(MOST_BYTES + 1);
                if (answer.statusCode() != 200) {
                    return Scrape.failed(clock.instant(), url + " answers " + answer.statusCode());
                }
                return page.length > MOST_BYTES
                        ? Scrape.failed(clock.instant(), url + " is bigger than " + (MOST_BYTES >> 20) + " MiB")
                        : Scrape.of(clock.instant(), new String(page, StandardCharsets.UTF_8), wanted);
            }
        } catch (IOException e) {
            return Scrape.failed(
                    clock.instant(),
                    "no answer from " + url + ": "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } catch (AssistedService.Unusable | IllegalArgumentException e) {
            return Scrape.failed(clock.instant(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Scrape.failed(clock.instant(), "interrupted");
        }
    }
}
