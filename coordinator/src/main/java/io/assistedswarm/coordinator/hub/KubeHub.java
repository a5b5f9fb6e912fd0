package io.assistedswarm.coordinator.hub;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.vertx5.Vertx5HttpClientFactory;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub by way of fabric8. */
public final class KubeHub implements Hub, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeHub.class);
    private static final String FIELD_MANAGER = "assisted-swarm";
    private static final int WATCH_RECONNECT_MILLIS = 250;

    /** The API server sends a bookmark to each watch about every minute: one that is silent for longer is dead, whatever TCP says. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(100);

    /** A token that is being renewed, a time-out, a change by somebody else, too many requests. */
    private static final Set<Integer> MAY_HEAL = Set.of(401, 408, 409, 429);

    private final KubernetesClient client;
    private final HubHealth health;
    private final Executor blocking;

    /**
     * @param health of what the client does
     * @param blocking runs the client's blocking calls
     */
    public KubeHub(KubernetesClient client, HubHealth health, Executor blocking) {
        this.client = client;
        this.health = health;
        this.blocking = blocking;
    }

    /** That sees what the client does which it is given to. */
    public static HubHealth health(InstantSource clock) {
        return new HubHealth(clock, Duration.ofMillis(WATCH_RECONNECT_MILLIS));
    }

    /**
     * As patient and as quick as the coordinator wants it.
     *
     * @param health is told how each request goes
     */
    public static KubernetesClient client(Config found, String version, HubHealth health) {
        return client(found, version, health, SILENCE_LIMIT);
    }

    /** @param silenceLimit after which a connection is given up on which nothing comes; a watch is then taken up again on another */
    public static KubernetesClient client(Config found, String version, HubHealth health, Duration silenceLimit) {
        return new KubernetesClientBuilder()
                .withKubernetesSerialization(LeanReading.serialization())
                .withHttpClientFactory(new Vertx5HttpClientFactory() {
                    @Override
                    protected void additionalConfig(
                            WebClientOptions http, WebSocketClientOptions webSockets, PoolOptions pool) {
                        int millis = Math.toIntExact(silenceLimit.toMillis());
                        http.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setReadIdleTimeout(millis);
                        webSockets.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setReadIdleTimeout(millis);
                    }
                })
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("health", health))
                .withConfig(new ConfigBuilder(found)
                        // A broken watch is taken up again after this, doubled five times at most: its own second would
                        // become
                        // half a minute, in which a cluster's hosts end without being seen.
                        .withWatchReconnectInterval(WATCH_RECONNECT_MILLIS)
                        // Its own patience, ten times doubled, would keep a refusal from the user for minutes.
                        .withRequestRetryBackoffLimit(2)
                        .withUserAgent("assisted-swarm-coordinator/" + version)
                        .build())
                .build();
    }

    @Override
    public Set<ClusterApi> apis() {
        return Set.of(ClusterApi.KUBE_API);
    }

    @Override
    public CompletionStage<Done> applySwarmManifests(SwarmSpec swarm) {
        return CompletableFuture.supplyAsync(
                () -> {
                    TemplateScope scope = TemplateScope.ofSwarm(swarm);
                    swarm.manifests().swarm().forEach(template -> apply(template, scope, swarm.id()));
                    return Done.getInstance();
                },
                blocking);
    }

    @Override
    public Watching watch(SwarmSpec swarm, Muster muster, Observer observer) {
        Executor checking = CompletableFuture.delayedExecutor(HubWatch.LOOK.toSeconds(), TimeUnit.SECONDS, blocking);
        return new HubWatch(client, swarm.id(), swarm.service().flow(), muster::host, observer, health, checking);
    }

    @Override
    public CompletionStage<DeletionView> delete(
            Remains remains,
            Duration deadline,
            BooleanSupplier force,
            Optional<DeletionView> before,
            Consumer<DeletionView> progress) {
        Deletion.Wish wish = new Deletion.Wish(remains.swarm(), deadline, force, Deletion.Wish.PATIENCE, before);
        return blocking(() -> {
            try (Deletion deletion = new Deletion(client, Kinds.of(remains.flow()), wish, progress)) {
                return deletion.run();
            }
        });
    }

    @Override
    public List<HubTroubleView> troubles() {
        return health.troubles();
    }

    /** Custom resources need none. */
    @Override
    public long restRequests(SwarmId swarm) {
        return 0;
    }

    @Override
    public void forget(SwarmId swarm) {
        health.forget(swarm);
    }

    @Override
    public CompletionStage<List<OrphanView>> orphans(Predicate<SwarmId> known, Set<ServiceSpec> services) {
        return blocking(() -> OrphanSwarms.find(client, known));
    }

    @Override
    public CompletionStage<EventsAddress> events(SwarmSpec swarm, ClusterSpec spec, Optional<HostId> host) {
        ClusterId cluster = spec.id();
        return blocking(() -> host.map(one -> found(
                        Kinds.AGENT, Labels.SWARM, cluster.swarm().value())
                        .withField("metadata.name", Identity.hostUuid(one).toString())
                        .list()
                        .getItems()
                        .stream())
                .orElseGet(() -> Stream.of(Kinds.AGENT_CLUSTER_INSTALL, Kinds.INFRA_ENV)
                        .flatMap(kind -> found(kind, Labels.CLUSTER, cluster.name()).list().getItems().stream()))
                .map(Reading::eventsUrl)
                .filter(url -> !url.isEmpty())
                .findFirst()
                .map(url -> EventsAddress.named(url, swarm.service()))
                .orElseThrow(() -> new IllegalStateException("no object on the hub says where they are")));
    }

    private FilterWatchListDeletable<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            found(Kinds kind, String label, String value) {
        return client.genericKubernetesResources(kind.context())
                .inAnyNamespace()
                .withLabel(label, value);
    }

    private <T> CompletionStage<T> blocking(Callable<T> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IllegalStateException("interrupted while asking the hub", e);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(
                                e.getCause() == null
                                        ? e.getMessage()
                                        : e.getCause().getMessage(),
                                e);
                    }
                },
                blocking);
    }

    /** Says in the log whether the hub can be reached; it may come later. */
    public CompletionStage<Boolean> probe() {
        return CompletableFuture.supplyAsync(
                () -> {
                    String url = client.getMasterUrl().toString();
                    try {
                        LOG.info(
                                "the hub at [{}] is Kubernetes [{}]",
                                url,
                                client.getKubernetesVersion().getGitVersion());
                        return true;
                    } catch (KubernetesClientException e) {
                        LOG.warn(
                                "cannot reach the hub at [{}]: {}; going on, as it may come up later",
                                url,
                                e.getMessage());
                        return false;
                    }
                },
                blocking);
    }

    @Override
    public void close() {
        client.close();
    }

    private void apply(Manifests.Template template, TemplateScope scope, SwarmId swarm) {
        try {
            byte[] yaml = scope.renderYaml(template).getBytes(StandardCharsets.UTF_8);
            for (HasMetadata object :
                    client.load(new ByteArrayInputStream(yaml)).items()) {
                // Whatever the template says: what does not carry the label would never be deleted.
                Map<String, String> labels = new LinkedHashMap<>();
                Optional.ofNullable(object.getMetadata().getLabels()).ifPresent(labels::putAll);
                labels.put(Labels.SWARM, swarm.value());
                object.getMetadata().setLabels(labels);
                client.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            }
        } catch (IllegalArgumentException e) {
            throw new Refused("manifest " + template.name() + ": " + e.getMessage(), e);
        } catch (KubernetesClientException e) {
            boolean clientsFault = e.getCode() >= 400 && e.getCode() < 500 && !MAY_HEAL.contains(e.getCode());
            // A strict API server answers 500 to a server-side apply with a field that the kind does not have.
            boolean undeclared = String.valueOf(e.getMessage()).contains("field not declared in schema");
            if (clientsFault || undeclared) {
                throw new Refused("manifest " + template.name() + " was refused: " + e.getMessage(), e);
            }
            throw e;
        }
    }
}
