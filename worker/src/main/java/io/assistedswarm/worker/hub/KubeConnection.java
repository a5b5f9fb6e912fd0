package io.assistedswarm.worker.hub;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The worker's one client of the Kubernetes API, with a count of what it sends. */
public final class KubeConnection implements AutoCloseable {
    private final KubernetesClient client;
    private final AtomicLong sent = new AtomicLong();

    private KubeConnection(Config config) {
        this.client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("COUNT", new Interceptor() {
                    @Override
                    public void before(BasicBuilder next, HttpRequest request, RequestTags tags) {
                        sent.incrementAndGet();
                    }
                }))
                .build();
    }

    /**
     * Finds the kube config as kubectl does: the given file, KUBECONFIG, {@code ~/.kube/config}, the pod's service account.
     *
     * @return empty when there is none in any of these places
     * @throws IllegalArgumentException if the given file cannot be read
     */
    public static Optional<KubeConnection> find(Optional<Path> kubeconfig, String userAgent) {
        Optional<Config> found =
                kubeconfig.isPresent() ? kubeconfig.map(KubeConnection::fromFile) : KubeConnection.found();
        return found.map(config -> {
            config.setUserAgent(userAgent);
            // Each attempt is ours, so that it is counted, shown by describe and paced.
            config.setRequestRetryBackoffLimit(0);
            return new KubeConnection(config);
        });
    }

    /** Where a kube config was looked for, and what to do. */
    static String notFound() {
        return "no kube config: neither " + String.join(", ", Config.getKubeconfigFilenames())
                + " nor a pod's service account is there. Name one with --kubeconfig or KUBECONFIG.";
    }

    /** URL of the API, for the log. */
    public String url() {
        return client.getMasterUrl().toString();
    }

    KubernetesClient client() {
        return client;
    }

    long requests() {
        return sent.get();
    }

    @Override
    public void close() {
        client.close();
    }

    private static Config fromFile(Path file) {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("kube config " + file + " cannot be read");
        }
        return Config.fromKubeconfig(file.toFile());
    }

    private static Optional<Config> found() {
        boolean inCluster = System.getenv("KUBERNETES_SERVICE_HOST") != null;
        boolean file = Config.getKubeconfigFilenames().stream().map(File::new).anyMatch(File::canRead);
        return inCluster || file ? Optional.of(Config.autoConfigure(null)) : Optional.empty();
    }
}
