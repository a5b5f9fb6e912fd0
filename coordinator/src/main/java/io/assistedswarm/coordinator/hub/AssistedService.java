package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The REST API of the service under test, as far as the coordinator itself asks it. */
public final class AssistedService {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String COMPONENT_VERSIONS = "/api/assisted-install/v2/component-versions";
    private static final String AGENT = "discovery-agent";
    private static final String INSTALLER = "assisted-installer";
    private static final String CONTROLLER = "assisted-installer-controller";

    private final Executor blocking;

    /** @param blocking reads the CA bundle */
    public AssistedService(Executor blocking) {
        this.blocking = blocking;
    }

    /**
     * The images that the service announces, of which it must name at least the agent's; a failure's message says what to do about
     * it.
     */
    public CompletionStage<Images> images(ServiceSpec service) {
        return CompletableFuture.supplyAsync(() -> client(service), blocking)
                .thenCompose(client -> client.sendAsync(
                                HttpRequest.newBuilder(uri(service))
                                        .timeout(TIMEOUT)
                                        .GET()
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        // The client lives until its answer is there.
                        .whenComplete((answer, failure) -> client.close()))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw failure.getCause() instanceof Unusable unusable
                                ? unusable
                                : new Unreachable("cannot reach the service at " + service.url() + ": " + said(failure)
                                        + "; is it running, and is serviceEndpoint right?");
                    }
                    return images(service, answer);
                });
    }

    private static Images images(ServiceSpec service, HttpResponse<String> answer) {
        String asked = "the service at " + service.url() + " answered GET " + COMPONENT_VERSIONS + " with "
                + answer.statusCode();
        if (answer.statusCode() == 401 || answer.statusCode() == 403) {
            throw new Unusable(asked
                    + ": it wants authentication; set agentImage in the service config, or run it with AUTH_TYPE=none");
        }
        if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
            throw new Unreachable(asked + "; try again when it is up");
        }
        if (answer.statusCode() != 200) {
            throw new Unusable(asked + "; is serviceEndpoint the address of an assisted-service?");
        }
        try {
            JsonNode versions = new JsonMapper().readTree(answer.body()).path("versions");
            if (versions.path(AGENT).asText().isEmpty()) {
                throw new Unusable(asked + ", but named no " + AGENT);
            }
            return new Images(
                    versions.path(AGENT).asText(),
                    versions.path(INSTALLER).asText(),
                    versions.path(CONTROLLER).asText());
        } catch (JsonProcessingException e) {
            throw new Unusable(
                    asked + " and something that is not JSON; is serviceEndpoint the address of an assisted-service?");
        }
    }

    private static URI uri(ServiceSpec service) {
        try {
            return URI.create(service.url().replaceAll("/+$", "") + COMPONENT_VERSIONS);
        } catch (IllegalArgumentException e) {
            throw new Unusable("'" + service.url() + "' is not an address");
        }
    }

    /**
     * A client that trusts what the service config says.
     *
     * @throws Unusable if the CA bundle cannot be used
     */
    public static HttpClient client(ServiceSpec service) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
        try {
            if (service.insecure()) {
                builder.sslContext(context(new TrustManager[] {new Credulous()}));
            } else if (!service.caFile().isEmpty()) {
                builder.sslContext(context(trusting(Path.of(service.caFile()))));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new Unusable("cannot use the CA bundle '" + service.caFile() + "': " + e.getMessage());
        }
        return builder.build();
    }

    private static SSLContext context(TrustManager[] managers) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers, new SecureRandom());
        return context;
    }

    private static TrustManager[] trusting(Path caFile) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var input = Files.newInputStream(caFile)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(input)) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static String said(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The service does not answer, or not now. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message, null, false, false);
        }
    }

    /** The service cannot be used as it is configured. */
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }
    }

    /** For {@code insecure: true}. The extended type, as the plain one would still have host names checked. */
    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
