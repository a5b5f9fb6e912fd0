package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.SwarmSpec;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/**
 * The hub by way of the service's own REST API: what a user does there by hand, or his tools, for the clusters of one swarm. A machine is
 * nothing that this API knows of before its agent registers.
 */
final class RestHub implements Hub {
    private static final CompletionStage<Done> NOTHING_TO_DO = CompletableFuture.completedFuture(Done.getInstance());
    private static final int CONFLICT = 409;
    private static final Set<String> BEGUN = Set.of(
            "preparing-for-installation",
            "installing",
            "installing-pending-user-action",
            "finalizing",
            "installed",
            "adding-hosts");
    private final SwarmSpec swarm;
    private final RestRequests requests;
    private final RestIds ids;

    /** Clusters that were begun here: what an answer that got lost has made must not be made twice. */
    private final Set<ClusterId> begun = ConcurrentHashMap.newKeySet();

    RestHub(SwarmSpec swarm, RestRequests requests) {
        this.swarm = swarm;
        this.requests = requests;
        this.ids = new RestIds(swarm.id(), requests);
    }

    @Override
    public CompletionStage<Done> createCluster(SwarmSpec sameSwarm, ClusterSpec cluster, int generation) {
        boolean first = begun.add(cluster.id()) && generation <= 1;
        CompletionStage<Done> known = first ? NOTHING_TO_DO : ids.lookUp();
        return known.thenCompose(done -> cluster.infraEnvOnly() ? noCluster() : clusterUuid(cluster))
                .thenCompose(uuid -> addManifests(cluster, uuid).thenApply(done -> uuid))
                .thenCompose(uuid -> infraEnvUuid(cluster, uuid))
                .thenApply(uuid -> Done.getInstance());
    }

    /** Before there can be hosts to install. The service takes one that it has once more. */
    private CompletionStage<Done> addManifests(ClusterSpec cluster, Optional<String> clusterUuid) {
        CompletionStage<Done> added = NOTHING_TO_DO;
        for (Template manifest : swarm.manifests().extraOf(cluster)) {
            added = added.thenCompose(done -> done(requests.post(
                    "/clusters/" + clusterUuid.orElseThrow() + "/manifests", RestObjects.manifest(manifest))));
        }
        return added;
    }

    private static CompletionStage<Optional<String>> noCluster() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletionStage<Optional<String>> clusterUuid(ClusterSpec cluster) {
        return ids.knownCluster(cluster.id())
                .map(uuid -> CompletableFuture.completedStage(Optional.of(uuid)))
                .orElseGet(() -> requests.post("/clusters", RestObjects.cluster(swarm, cluster))
                        .thenApply(made -> Optional.of(ids.rememberCluster(cluster.id(), made))));
    }

    private CompletionStage<String> infraEnvUuid(ClusterSpec cluster, Optional<String> clusterUuid) {
        Optional<String> boundTo = clusterUuid.filter(uuid -> !cluster.traits().lateBinding());
        return ids.knownInfraEnv(cluster.id())
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> requests.post("/infra-envs", RestObjects.infraEnv(swarm, cluster, boundTo))
                        .thenApply(made -> ids.rememberInfraEnv(cluster.id(), made)));
    }

    /** There is something to do only for hosts that join an installed cluster: it has to let them. */
    @Override
    public CompletionStage<Done> createHost(SwarmSpec sameSwarm, ClusterSpec cluster, HostId host) {
        return cluster.isDayTwo(host) ? ids.cluster(cluster.id()).thenCompose(this::allowHosts) : NOTHING_TO_DO;
    }

    /** The service refuses to be told so twice, and several hosts of a cluster come at once. */
    private CompletionStage<Done> allowHosts(String cluster) {
        String path = "/clusters/" + cluster;
        return requests.get(path + "?exclude-hosts=true")
                .thenCompose(state -> state.path("status").asText().equals("adding-hosts")
                        ? NOTHING_TO_DO
                        : unlessRefused(
                                done(requests.post(path + "/actions/allow-add-hosts", Map.of())),
                                path + "?exclude-hosts=true",
                                now -> now.path("status").asText().equals("adding-hosts")));
    }

    @Override
    public CompletionStage<Done> requestImage(HostId host) {
        return NOTHING_TO_DO;
    }

    @Override
    public CompletionStage<Done> mark(HostId host, MachineState state, String imageUrl) {
        return NOTHING_TO_DO;
    }

    @Override
    public CompletionStage<Done> confirmReboot(HostId host) {
        return NOTHING_TO_DO;
    }

    /** First what it is to be, then whose: a host whose installation begins is not asked any more. */
    @Override
    public CompletionStage<Done> bindHost(ClusterSpec cluster, HostId host) {
        return path(host)
                .thenCompose(path -> requests.patch(path, RestObjects.host(cluster, host))
                        .thenCompose(
                                patched -> cluster.traits().lateBinding() ? bind(cluster.id(), path) : NOTHING_TO_DO));
    }

    private CompletionStage<Done> bind(ClusterId cluster, String path) {
        return ids.cluster(cluster)
                .thenCompose(uuid -> unlessRefused(
                        done(requests.post(path + "/actions/bind", Map.of("cluster_id", uuid))),
                        path,
                        host -> host.path("cluster_id").asText().equals(uuid)));
    }

    @Override
    public CompletionStage<Done> installHost(HostId host) {
        return path(host).thenCompose(path -> done(requests.post(path + "/actions/install", Map.of())));
    }

    /** Here nothing but this begins an installation. */
    @Override
    public CompletionStage<Done> release(ClusterId cluster) {
        return ids.cluster(cluster)
                .thenCompose(uuid -> unlessRefused(
                        done(requests.post("/clusters/" + uuid + "/actions/install", Map.of())),
                        "/clusters/" + uuid + "?exclude-hosts=true",
                        state -> BEGUN.contains(state.path("status").asText())));
    }

    /** A refusal may only mean that it has been done before, and that the answer got lost. */
    private CompletionStage<Done> unlessRefused(CompletionStage<Done> asked, String path, Predicate<JsonNode> isDone) {
        return asked.handle((done, failure) -> {
                    if (failure == null) {
                        return NOTHING_TO_DO;
                    }
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    boolean mayBeDone = switch (cause) {
                        case HubTrouble trouble -> trouble.status() == CONFLICT;
                        case HubRefusal refusal -> refusal.failure().reason().equals(Failure.REQUEST_REFUSED);
                        default -> false;
                    };
                    return mayBeDone
                            ? requests.get(path).<Done>thenApply(now -> {
                                if (isDone.test(now)) {
                                    return Done.getInstance();
                                }
                                throw new CompletionException(cause);
                            })
                            : CompletableFuture.<Done>failedFuture(cause);
                })
                .thenCompose(next -> next);
    }

    /** By the service itself, and not from its object store: only where that is Amazon's, it gives addresses there. */
    @Override
    public CompletionStage<Fetched> fetch(ClusterId cluster, Download what) {
        String file = switch (what) {
            case KUBECONFIG -> "/downloads/credentials?file_name=kubeconfig";
            case LOGS -> "/logs?logs_type=all";
        };
        return ids.cluster(cluster).thenCompose(uuid -> requests.fetch("/clusters/" + uuid + file));
    }

    private CompletionStage<String> path(HostId host) {
        return ids.infraEnv(host.cluster())
                .thenApply(uuid -> "/infra-envs/" + uuid + "/hosts/" + Identity.hostUuid(host));
    }

    private static CompletionStage<Done> done(CompletionStage<JsonNode> answer) {
        return answer.thenApply(any -> Done.getInstance());
    }
}
