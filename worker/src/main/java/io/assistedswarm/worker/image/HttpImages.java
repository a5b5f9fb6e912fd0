package io.assistedswarm.worker.image;

import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.Trust;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Images by HTTP; the bytes are counted as they come and kept nowhere. */
public final class HttpImages implements Images, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** Until the headers: a service that took the connection and says nothing must not hold a host for ever. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final Map<Trust, HttpClient> clients = new ConcurrentHashMap<>();

    @Override
    public Download download(String url, ServiceSpec service) {
        try {
            HttpClient client = clients.computeIfAbsent(Trust.of(service), HttpImages::client);
            return new HttpDownload(
                    client,
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(ANSWER_TIMEOUT)
                            .build());
        } catch (IllegalArgumentException noUrl) {
            // Not its message, which quotes the URL: it may hold a token. And not an argument of the plan's.
            return new NoDownload(new IllegalStateException("the service has given an image URL that is none"));
        }
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
    }

    private record NoDownload(RuntimeException why) implements Download {
        @Override
        public CompletableFuture<Downloaded> result() {
            return CompletableFuture.failedFuture(why);
        }

        @Override
        public void cancel() {}
    }

    private static final class HttpDownload implements Download {
        private final AtomicLong bytes = new AtomicLong();
        private final CompletableFuture<HttpResponse<Void>> exchange;
        private final CompletableFuture<Downloaded> result;

        private HttpDownload(HttpClient client, HttpRequest request) {
            long start = System.nanoTime();
            exchange = client.sendAsync(
                    request,
                    BodyHandlers.ofByteArrayConsumer(part -> part.ifPresent(some -> bytes.addAndGet(some.length))));
            result = exchange.thenApply(response -> {
                if (response.statusCode() != 200) {
                    throw ImageRefused.orTrouble(response.statusCode());
                }
                return new Downloaded(bytes.get(), Duration.ofNanos(System.nanoTime() - start));
            });
        }

        @Override
        public CompletableFuture<Downloaded> result() {
            return result;
        }

        @Override
        public void cancel() {
            exchange.cancel(true);
        }
    }

    private static HttpClient client(Trust trust) {
        return trust.in(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NORMAL))
                .build();
    }
}
