package io.assistedswarm.worker.image;

import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Images by HTTP; the bytes are counted as they come and kept nowhere. */
public final class HttpImages implements Images, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** Until the headers: a service that took the connection and says nothing must not hold a host for ever. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final Map<Trust, HttpClient> clients = new ConcurrentHashMap<>();

    private record Trust(boolean insecure, String caFile) {}

    @Override
    public Download download(String url, ServiceSpec service) {
        try {
            HttpClient client =
                    clients.computeIfAbsent(new Trust(service.insecure(), service.caFile()), HttpImages::client);
            return new HttpDownload(
                    client,
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(ANSWER_TIMEOUT)
                            .build());
        } catch (IllegalArgumentException e) {
            return new NoDownload(e);
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
                    // Not the URL: it may hold a token.
                    throw new IllegalStateException("the image service answered with " + response.statusCode());
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
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL);
        try {
            if (trust.insecure()) {
                builder.sslContext(context(new TrustManager[] {new TrustsAnybody()}));
            } else if (!trust.caFile().isEmpty()) {
                builder.sslContext(context(trustManagers(Path.of(trust.caFile()))));
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("CA file " + trust.caFile() + " cannot be used: " + e.getMessage(), e);
        }
        return builder.build();
    }

    private static SSLContext context(TrustManager[] trustManagers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trustManagers, null);
        return context;
    }

    private static TrustManager[] trustManagers(Path caFile) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(caFile)) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /** For {@code insecure: true}. The extended kind, because otherwise the JDK would still check the host name. */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
