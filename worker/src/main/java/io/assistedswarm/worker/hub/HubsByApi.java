package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserSides;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Goes by the interface that a cluster's plan names; clusters of both kinds may be in one swarm. */
public final class HubsByApi implements Hubs {
    private static final Logger log = LoggerFactory.getLogger(HubsByApi.class);
    private final Optional<KubeHub> kube;
    private final Hub drivesKube;
    private final UserSides services;
    private final RateLimit rateLimit;
    private final RequestTimes times;
    private final Duration timeout;
    private final String userAgent;
    private final Map<Side, RestHub> rest = new ConcurrentHashMap<>();

    /** One user's side of a swarm. */
    private record Side(SwarmId swarm, ServiceSpec service) {}

    /**
     * @param kubeconfig empty to look for it where kubectl does; there need not be one where no cluster is driven by the Kubernetes API
     * @param users in whose name a service's user side is called
     * @param settings of the requests to the Kubernetes API, and of all requests to services together
     * @throws IllegalArgumentException if the kube config that is named cannot be read
     */
    public HubsByApi(
            Optional<Path> kubeconfig,
            Function<ServiceSpec, UserAuthorization> users,
            HubSettings settings,
            RequestTimes times,
            String userAgent) {
        this.kube =
                KubeConnection.find(kubeconfig, userAgent).map(connection -> new KubeHub(connection, settings, times));
        this.drivesKube = kube.<Hub>map(hub -> hub).orElseGet(() -> new NoKubeHub(KubeConnection.notFound()));
        this.services = new UserSides(users, settings.timeout(), userAgent);
        this.rateLimit = settings.rateLimit();
        this.times = times;
        this.timeout = settings.timeout();
        this.userAgent = userAgent;
    }

    /** What is amiss if clusters are driven by the Kubernetes API; empty for nothing. */
    public Optional<String> withoutKube() {
        return kube.isPresent() ? Optional.empty() : Optional.of(KubeConnection.notFound());
    }

    @Override
    public Hub of(SwarmSpec swarm, ClusterSpec cluster) {
        return cluster.api() == ClusterApi.KUBE_API
                ? drivesKube
                : rest.computeIfAbsent(
                        new Side(swarm.id(), swarm.service()), side -> new RestHub(swarm, requestsTo(swarm.service())));
    }

    private RestRequests requestsTo(ServiceSpec service) {
        return new RestRequests(services.of(service), rateLimit, times, service.pullSecret());
    }

    @Override
    public CompletionStage<Optional<String>> refusalOfAgent(ServiceSpec service, Secret token) {
        return rateLimit
                .send(() -> AgentsDoor.refusal(service, token, timeout, userAgent))
                .exceptionally(failure -> {
                    log.debug("the service was not to be asked as an agent: {}", failure.getMessage());
                    return Optional.empty();
                });
    }

    @Override
    public long requests() {
        return kube.map(KubeHub::requests).orElse(0L) + services.requests();
    }

    @Override
    public void close() {
        kube.ifPresent(KubeHub::close);
        services.close();
    }
}
