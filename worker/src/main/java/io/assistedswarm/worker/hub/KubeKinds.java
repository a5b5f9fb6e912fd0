package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.Failure.Side;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Where objects of a kind are found: asked of the API once for each group and version. */
final class KubeKinds {
    private final KubeRequests requests;
    private final Map<String, CompletableFuture<JsonNode>> known = new ConcurrentHashMap<>();

    KubeKinds(KubeRequests requests) {
        this.requests = requests;
    }

    /** A kind's plural name, and whether it lives in namespaces. */
    record Resource(String apiVersion, String plural, boolean namespaced) {
        String path(String namespace, String name) {
            String root = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
            return root + (namespaced ? "/namespaces/" + namespace : "") + "/" + plural + "/" + name;
        }
    }

    CompletionStage<Resource> find(String apiVersion, String kind) {
        return resources(apiVersion).thenCompose(list -> {
            for (JsonNode resource : list.path("resources")) {
                String name = resource.path("name").asText();
                if (resource.path("kind").asText().equals(kind) && !name.contains("/")) {
                    return CompletableFuture.completedFuture(new Resource(
                            apiVersion, name, resource.path("namespaced").asBoolean()));
                }
            }
            // It may be installed later: the next look is a new one.
            known.remove(apiVersion);
            return KubeRequests.failed(new HubRefusal(
                    Side.PLAN,
                    "UnknownKind",
                    "the hub knows no kind " + kind + " in " + apiVersion
                            + ". Install assisted-service's CRDs there, or correct the manifest."));
        });
    }

    private CompletionStage<JsonNode> resources(String apiVersion) {
        CompletableFuture<JsonNode> mine = new CompletableFuture<>();
        CompletableFuture<JsonNode> earlier = known.putIfAbsent(apiVersion, mine);
        if (earlier != null) {
            return earlier;
        }
        requests.get(apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion)
                .whenComplete((list, failure) -> {
                    if (failure == null) {
                        mine.complete(list);
                    } else {
                        known.remove(apiVersion, mine);
                        mine.completeExceptionally(notThere(apiVersion, failure));
                    }
                });
        return mine;
    }

    private static Throwable notThere(String apiVersion, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        boolean absent = cause instanceof HubTrouble trouble && trouble.status() == 404;
        return absent
                ? new HubRefusal(
                        Side.PLAN,
                        "UnknownKind",
                        "the hub does not serve " + apiVersion + ". Install assisted-service's CRDs there.")
                : cause;
    }
}
