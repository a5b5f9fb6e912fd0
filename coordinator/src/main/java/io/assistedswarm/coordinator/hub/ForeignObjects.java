package io.assistedswarm.coordinator.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What others have put into a swarm's namespaces, and would lose with them. Each kind is listed once for all namespaces and by metadata alone: a list
 * per namespace would be most of what a cluster's deletion costs the hub, and what is in others' Secrets is none of ours.
 */
final class ForeignObjects {
    private static final int NAMED_AT_MOST = 5;
    private static final int PAGE = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Kinds that somebody would miss, besides those that the swarm itself is made of. */
    private static final List<ObjectKind> MISSED = List.of(
            new ObjectKind("", "v1", "ConfigMap", "configmaps", true),
            new ObjectKind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
            new ObjectKind("", "v1", "Pod", "pods", true));

    /** Kubernetes and OpenShift put these into every namespace. */
    private static final Set<String> OF_EVERY_NAMESPACE = Set.of("kube-root-ca.crt", "openshift-service-ca.crt");

    /** Secrets of accounts come with every namespace, too; their type is no metadata, but can be selected by. */
    private static final String SECRETS_OF_USERS =
            "type!=kubernetes.io/service-account-token,type!=kubernetes.io/dockercfg";

    private final KubernetesClient client;
    private final SwarmId swarm;

    ForeignObjects(KubernetesClient client, SwarmId swarm) {
        this.client = client;
        this.swarm = swarm;
    }

    /**
     * Some of them by namespace, as {@code Secret name}; namespaces without any are left out. Blocks.
     *
     * @param kinds that the swarm is made of
     * @throws KubernetesClientException when the hub would not say
     */
    Map<String, List<String>> in(Set<String> namespaces, List<ObjectKind> kinds) {
        Map<String, List<String>> found = new HashMap<>();
        Set<ObjectKind> asked = new LinkedHashSet<>();
        Stream.concat(kinds.stream().filter(ObjectKind::namespaced), MISSED.stream())
                .forEach(asked::add);
        asked.forEach(kind -> addTo(found, kind, namespaces));
        return found;
    }

    private void addTo(Map<String, List<String>> found, ObjectKind kind, Set<String> namespaces) {
        Map<String, Integer> named = new HashMap<>();
        String next = "";
        do {
            JsonNode list = page(kind, next);
            for (JsonNode item : list.path("items")) {
                JsonNode metadata = item.path("metadata");
                String namespace = metadata.path("namespace").asText();
                if (namespaces.contains(namespace)
                        && wouldBeMissed(metadata)
                        && named.merge(namespace, 1, Integer::sum) <= NAMED_AT_MOST) {
                    found.computeIfAbsent(namespace, unused -> new ArrayList<>())
                            .add(kind.kind() + " " + metadata.path("name").asText());
                }
            }
            next = list.at("/metadata/continue").asText();
        } while (!next.isEmpty());
    }

    /** Empty where there is no such kind, or none that this account may see, and so none that it could have put there. */
    private JsonNode page(ObjectKind kind, String next) {
        String path = (kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/") + kind.version() + "/"
                + kind.plural() + "?limit=" + PAGE + "&labelSelector=" + encoded(Labels.SWARM + "!=" + swarm.value())
                + (kind.kind().equals(Kinds.SECRET.type().kind()) ? "&fieldSelector=" + encoded(SECRETS_OF_USERS) : "")
                + (next.isEmpty() ? "" : "&continue=" + encoded(next));
        HttpResponse<String> answer = get(path, kind);
        if (answer.code() == 403 || answer.code() == 404) {
            return JSON.createObjectNode();
        }
        if (!answer.isSuccessful()) {
            throw new KubernetesClientException(
                    "list " + kind.kubectlName() + " was answered with " + answer.code(), answer.code(), null);
        }
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new KubernetesClientException("list " + kind.kubectlName() + " was answered with no JSON", e);
        }
    }

    private HttpResponse<String> get(String path, ObjectKind kind) {
        var request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl().toString().replaceAll("/+$", "") + path)
                .header("Accept", METADATA_ONLY)
                .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        try {
            return client.getHttpClient().sendAsync(request, String.class).join();
        } catch (CompletionException e) {
            throw new KubernetesClientException("list " + kind.kubectlName() + " got no answer", e.getCause());
        }
    }

    /** What belongs to another object goes and stays with that. */
    private static boolean wouldBeMissed(JsonNode metadata) {
        return metadata.path("ownerReferences").isEmpty()
                && !OF_EVERY_NAMESPACE.contains(metadata.path("name").asText());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
