package io.assistedswarm.protocol;

import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which certificates of a server are accepted: any, those of a CA file, or, where that is empty, those of the JDK's store. */
public record Trust(boolean insecure, String caFile) {
    /** As a service config says it. */
    public static Trust of(ServiceSpec service) {
        return new Trust(service.insecure(), service.caFile());
    }

    /**
     * The same builder, of a client that accepts those.
     *
     * @throws IllegalArgumentException with one line that names the file, if the CA file cannot be used
     */
    public HttpClient.Builder in(HttpClient.Builder client) {
        context().ifPresent(client::sslContext);
        return client;
    }

    private Optional<SSLContext> context() {
        if (insecure) {
            return Optional.of(anybody());
        }
        return caFile.isEmpty() ? Optional.empty() : Optional.of(TlsFolder.trusting(Path.of(caFile)));
    }

    private static SSLContext anybody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Credulous()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
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
