package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.RestMarks;
import io.assistedswarm.protocol.SwarmId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.Done;

/**
 * The ids that the service has given to the clusters and infra-envs of a swarm. Each is known from its creation on; what was created
 * elsewhere, or by a request whose answer got lost, is looked up in the service's lists, by name and tag, as it cannot be asked for either one.
 */
final class RestIds {
    private final SwarmId swarm;
    private final RestRequests requests;
    private final Map<ClusterId, String> clusters = new ConcurrentHashMap<>();
    private final Map<ClusterId, String> infraEnvs = new ConcurrentHashMap<>();
    private CompletableFuture<Done> lookUp = CompletableFuture.completedFuture(Done.getInstance());
    private Optional<CompletableFuture<Done>> next = Optional.empty();

    RestIds(SwarmId swarm, RestRequests requests) {
        this.swarm = swarm;
        this.requests = requests;
    }

    Optional<String> knownCluster(ClusterId cluster) {
        return Optional.ofNullable(clusters.get(cluster));
    }

    Optional<String> knownInfraEnv(ClusterId cluster) {
        return Optional.ofNullable(infraEnvs.get(cluster));
    }

    /** @param made as the service answers its creation */
    String rememberCluster(ClusterId cluster, JsonNode made) {
        return remember(clusters, cluster, made);
    }

    /** @param made as the service answers its creation */
    String rememberInfraEnv(ClusterId cluster, JsonNode made) {
        return remember(infraEnvs, cluster, made);
    }

    /** Fails with {@link HubTrouble} as long as the service has none. */
    CompletionStage<String> cluster(ClusterId cluster) {
        return find("cluster", cluster, this::knownCluster);
    }

    /** Fails with {@link HubTrouble} as long as the service has none. */
    CompletionStage<String> infraEnv(ClusterId cluster) {
        return find("infra-env", cluster, this::knownInfraEnv);
    }

    private CompletionStage<String> find(String what, ClusterId cluster, Function<ClusterId, Optional<String>> known) {
        return known.apply(cluster)
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> lookUp().thenApply(done -> known.apply(cluster)
                        .orElseThrow(() -> new HubTrouble(
                                "the service has no " + what + " of " + cluster, 404, Optional.empty(), null))));
    }

    /**
     * Reads both lists, begun after this call, so that they hold whatever was there then. All who call while another look-up is under way
     * share the one after it.
     */
    synchronized CompletionStage<Done> lookUp() {
        if (lookUp.isDone()) {
            return begin();
        }
        if (next.isEmpty()) {
            next = Optional.of(
                    lookUp.handle((done, failure) -> Done.getInstance()).thenCompose(done -> beginNext()));
        }
        return next.get();
    }

    private synchronized CompletionStage<Done> beginNext() {
        next = Optional.empty();
        return begin();
    }

    private CompletionStage<Done> begin() {
        lookUp = requests.get("/clusters")
                .thenCombine(requests.get("/infra-envs"), (allClusters, allInfraEnvs) -> {
                    allClusters.forEach(each -> RestMarks.cluster(text(each, "name"), text(each, "tags"))
                            .filter(this::isOurs)
                            .ifPresent(cluster -> clusters.putIfAbsent(cluster, text(each, "id"))));
                    allInfraEnvs.forEach(each -> RestMarks.clusterOfInfraEnv(text(each, "name"))
                            .filter(this::isOurs)
                            .ifPresent(cluster -> infraEnvs.putIfAbsent(cluster, text(each, "id"))));
                    return Done.getInstance();
                })
                .toCompletableFuture();
        return lookUp;
    }

    private boolean isOurs(ClusterId cluster) {
        return cluster.swarm().equals(swarm);
    }

    private static String remember(Map<ClusterId, String> ids, ClusterId cluster, JsonNode made) {
        String id = text(made, "id");
        if (id.isEmpty()) {
            throw new HubTrouble("the service's answer names no id of " + cluster, 0, Optional.empty(), null);
        }
        ids.put(cluster, id);
        return id;
    }

    private static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }
}
