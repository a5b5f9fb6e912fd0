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
     * @throws IllegalArgumentException that says what to do when there is none
     */
    public static KubeConnection open(Optional<Path> kubeconfig, String userAgent) {
        Config config = kubeconfig.map(KubeConnection::fromFile).orElseGet(KubeConnection::found);
        config.setUserAgent(userAgent);
        // Each attempt is ours, so that it is counted, shown by describe and paced.
        config.setRequestRetryBackoffLimit(0);
        return new KubeConnection(config);
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

    private static Config found() {
        boolean inCluster = System.getenv("KUBERNETES_SERVICE_HOST") != null;
        boolean file = Config.getKubeconfigFilenames().stream().map(File::new).anyMatch(File::canRead);
        if (!inCluster && !file) {
            throw new IllegalArgumentException(
                    "no kube config: neither " + String.join(", ", Config.getKubeconfigFilenames())
                            + " nor a pod's service account is there. Name one with --kubeconfig or KUBECONFIG.");
        }
        return Config.autoConfigure(null);
    }
}
