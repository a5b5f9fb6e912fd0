package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.metrics.MetricsPage;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;

/** The coordinator's HTTP server: JSON under {@code /api/v1}, and {@code /health} and {@code /ready} for probes. */
public final class HttpApi {
    /** Longer than the longest ask behind a route, so that the route's own answer arrives and not the server's. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(90);

    /** Requests under way get this long when the server is unbound. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private HttpApi() {}

    /**
     * Listens, and answers requests by asking the coordinator's actor.
     *
     * @param port 0 for any free one
     * @return fails when the address is taken or not ours
     * @throws IllegalArgumentException when the certificate cannot be used
     */
    public static CompletionStage<Binding> bind(
            ActorSystem<?> system,
            ActorRef<SwarmsCommand> swarms,
            Preflight preflight,
            MetricsPage metrics,
            String host,
            int port,
            Access access) {
        ServerBuilder server = Http.get(system).newServerAt(host, port);
        Optional<RenewedTls> tls = access.tls().map(RenewedTls::new);
        return tls.map(certificate -> server.enableHttps(ConnectionContext.httpsServer(certificate::engine)))
                .orElse(server)
                .adaptSettings(settings -> settings.withTimeouts(settings.getTimeouts()
                        .withRequestTimeout(scala.concurrent.duration.Duration.fromNanos(REQUEST_TIMEOUT.toNanos()))))
                .bind(new RequestGuard(access.token())
                        .before(new ApiRoutes(system.scheduler(), swarms, preflight, metrics).routes())
                        .handler(system))
                .thenApply(binding -> new Binding(binding, tls.map(certificate -> host)));
    }

    /** A listening server. */
    public static final class Binding {
        private final ServerBinding binding;

        /** With TLS the name that the certificate is for. */
        private final Optional<String> certified;

        private Binding(ServerBinding binding, Optional<String> certified) {
            this.binding = binding;
            this.certified = certified;
        }

        /** Without a slash at the end: {@code http://127.0.0.1:7480}. */
        public String url() {
            InetSocketAddress address = binding.localAddress();
            String host = certified.orElse(address.getAddress().getHostAddress());
            return (certified.isPresent() ? "https://" : "http://") + (host.indexOf(':') < 0 ? host : "[" + host + "]")
                    + ":" + address.getPort();
        }

        public CompletionStage<Done> unbind() {
            return binding.terminate(DRAIN).thenApply(terminated -> Done.getInstance());
        }
    }
}
