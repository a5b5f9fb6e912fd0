package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.kube.KubeApiServer;
import io.assistedswarm.rehearsal.kube.KubeApiSettings;
import io.assistedswarm.rehearsal.service.AssistedService;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.Speakers;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.service.auth.AuthType;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.trouble.Door;
import io.assistedswarm.rehearsal.trouble.Trouble;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes API and the assisted-service of a rehearsal, in this JVM, on loopback. */
public final class RehearsalHub implements AutoCloseable {
    private static final int HIGHEST_PORT = 65_535;

    /**
     * The service gives a connection up on which nothing comes for so long, a watch then begins on another: the real one finds a dead one
     * within 45 s by HTTP/2 pings (k8s.io/apimachinery, util/net/http.go), which are not spoken here. Above the minute between bookmarks.
     */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(75);

    private static final Logger log = LoggerFactory.getLogger(RehearsalHub.class);
    private final KubeApiServer kube;
    private final KubernetesClient client;
    private final AssistedService service;
    private final HubFiles files;
    private final String serviceUrl;

    private RehearsalHub(
            KubeApiServer kube, KubernetesClient client, AssistedService service, HubFiles files, String serviceUrl) {
        this.kube = kube;
        this.client = client;
        this.service = service;
        this.files = files;
        this.serviceUrl = serviceUrl;
    }

    /**
     * Ports 0 mean any free one.
     *
     * @param tokenLife of the tokens that the service takes of users; empty for as long as is usual
     * @param tls the service is served by https only, with a certificate of an authority of the hub's own
     */
    public record Options(
            Path directory,
            int port,
            int kubePort,
            TimeScale scale,
            long isoBytes,
            boolean softTimeouts,
            ServiceVariables variables,
            List<Trouble> troubles,
            boolean tls,
            Optional<Duration> tokenLife) {
        public Options {
            troubles = List.copyOf(troubles);
            troubles.stream()
                    .filter(trouble -> trouble.kind() == Trouble.Kind.TOKEN
                            && trouble.part() == Trouble.Part.SERVICE
                            && variables.authType() != AuthType.RHSSO)
                    .findFirst()
                    .ifPresent(trouble -> {
                        throw new IllegalArgumentException(
                                "--trouble: " + trouble + ": the service's tokens run out only with --auth rhsso");
                    });
            check("--port", port);
            check("--kube-port", kubePort);
            if (isoBytes < 0) {
                throw new IllegalArgumentException("--iso-bytes must not be negative, not " + isoBytes);
            }
        }

        public Options(
                Path directory,
                int port,
                int kubePort,
                TimeScale scale,
                long isoBytes,
                boolean softTimeouts,
                ServiceVariables variables,
                List<Trouble> troubles,
                boolean tls) {
            this(directory, port, kubePort, scale, isoBytes, softTimeouts, variables, troubles, tls, Optional.empty());
        }

        private static void check(String flag, int port) {
            if (port < 0 || port > HIGHEST_PORT) {
                throw new IllegalArgumentException(flag + " " + port + " is not in 0..65535");
            }
        }
    }

    /**
     * Returns when everything listens and the files are written.
     *
     * @throws IOException if a port is taken or a file cannot be written
     */
    public static RehearsalHub start(Options options) throws IOException {
        return start(options, SILENCE_LIMIT);
    }

    static RehearsalHub start(Options options, Duration silenceLimit) throws IOException {
        Optional<ServiceCertificate> certificate =
                options.tls() ? Optional.of(ServiceCertificate.in(options.directory())) : Optional.empty();
        Door door = bind(options.port(), certificate.map(ServiceCertificate::context));
        String url = (options.tls() ? "https" : "http") + "://" + ServiceCertificate.HOST + ":"
                + door.address().getPort();
        KubeApiServer kube = null;
        KubernetesClient client = null;
        AssistedService service = null;
        try {
            kube = KubeApiServer.start(loopback(options.kubePort()), KubeApiSettings.defaults());
            client = client(kube, silenceLimit);
            ServiceSettings settings = ServiceSettings.at(url, options.scale(), options.isoBytes())
                    .with(options.variables())
                    .with(
                            new Credentials.Lives(options.tokenLife(), Credentials.Lives.USUAL.image()),
                            Clock.systemUTC())
                    .withSoftTimeouts(options.softTimeouts())
                    .withAuthority(
                            certificate.map(ServiceCertificate::authorityPem).orElse(""));
            service = AssistedService.start(settings, door, client, Clock.systemUTC(), place(kube, options));
            ServiceDeployment.write(client, settings);
            HubFiles files = HubFiles.write(options, settings, certificate.map(ServiceCertificate::authority), kube);
            log.info(
                    "rehearsal hub serves [{}] and [{}], {} times faster than real",
                    url,
                    kube.url(),
                    options.scale().factor());
            service.troubles().add(options.troubles());
            return new RehearsalHub(kube, client, service, files, url);
        } catch (IOException | RuntimeException e) {
            close(service, client, kube);
            door.close();
            throw e;
        }
    }

    private static Door bind(int port, Optional<SSLContext> tls) throws IOException {
        try {
            return Door.bind(loopback(port), tls);
        } catch (IOException e) {
            throw new IOException(
                    "port %d of the assisted-service: %s; choose another with --port".formatted(port, e.getMessage()),
                    e);
        }
    }

    private static TroubleSchedule.Place place(KubeApiServer kube, Options options) {
        return new TroubleSchedule.Place(kube.disturbance(), kube.door(), () -> {}, new TroubleSchedule.Credentials() {
            @Override
            public void expire() {
                kube.tokens().expire();
            }

            @Override
            public void renew() {
                kube.writeKubeconfig(HubFiles.kubeconfig(options));
            }
        });
    }

    private static KubernetesClient client(KubeApiServer kube, Duration silenceLimit) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(kube.url().toString())
                .withUserAgent("assisted-service/rehearsal")
                .withOauthToken(kube.tokens().ofService())
                .build();
        return new KubernetesClientBuilder()
                .withHttpClientFactory(new Vertx5HttpClientFactory() {
                    @Override
                    protected void additionalConfig(
                            WebClientOptions http, WebSocketClientOptions webSockets, PoolOptions pool) {
                        int millis = Math.toIntExact(silenceLimit.toMillis());
                        http.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setReadIdleTimeout(millis);
                        webSockets.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setReadIdleTimeout(millis);
                    }
                })
                .withConfig(config)
                .build();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String serviceUrl() {
        return serviceUrl;
    }

    public String kubeUrl() {
        return kube.url().toString();
    }

    public KubeApiServer kubeApi() {
        return kube;
    }

    /** What goes wrong with it, and when. */
    public TroubleSchedule troubles() {
        return service.troubles();
    }

    /** Who spoke for which host so far. */
    public Speakers speakers() {
        return service.speakers();
    }

    public Path kubeconfig() {
        return files.kubeconfig();
    }

    public Path serviceConfig() {
        return files.serviceConfig();
    }

    @Override
    public void close() {
        close(service, client, kube);
    }

    private static void close(AssistedService service, KubernetesClient client, KubeApiServer kube) {
        if (service != null) {
            service.close();
        }
        if (client != null) {
            client.close();
        }
        if (kube != null) {
            kube.close();
        }
    }
}
