package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What others have put into a swarm's namespace, and would lose with it. */
final class ForeignObjects {
    private static final long NAMED_AT_MOST = 5;

    /** Kinds that somebody would miss, besides those that the swarm itself is made of. */
    private static final List<ObjectKind> MISSED = List.of(
            new ObjectKind("", "v1", "ConfigMap", "configmaps", true),
            new ObjectKind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
            new ObjectKind("", "v1", "Pod", "pods", true));

    /** Kubernetes and OpenShift put these into every namespace. */
    private static final Set<String> OF_EVERY_NAMESPACE = Set.of("kube-root-ca.crt", "openshift-service-ca.crt");

    private static final Set<String> SECRETS_OF_ACCOUNTS =
            Set.of("kubernetes.io/service-account-token", "kubernetes.io/dockercfg");

    private final KubernetesClient client;
    private final SwarmId swarm;

    ForeignObjects(KubernetesClient client, SwarmId swarm) {
        this.client = client;
        this.swarm = swarm;
    }

    /**
     * Some of them, as {@code Secret name}; blocks.
     *
     * @param kinds that the swarm is made of
     * @throws KubernetesClientException when the hub would not say
     */
    List<String> in(String namespace, List<ObjectKind> kinds) {
        List<String> found = new ArrayList<>();
        Stream.concat(kinds.stream().filter(ObjectKind::namespaced), MISSED.stream())
                .distinct()
                .forEach(kind -> of(kind, namespace).stream()
                        .limit(NAMED_AT_MOST)
                        .map(object -> kind.kind() + " " + object.getMetadata().getName())
                        .forEach(found::add));
        return found;
    }

    private List<GenericKubernetesResource> of(ObjectKind kind, String namespace) {
        try {
            return client
                    .genericKubernetesResources(kind.context())
                    .inNamespace(namespace)
                    .list(new ListOptionsBuilder()
                            .withLabelSelector(Labels.SWARM + "!=" + swarm.value())
                            .build())
                    .getItems()
                    .stream()
                    .filter(ForeignObjects::wouldBeMissed)
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 403 || e.getCode() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    /** What belongs to another object goes and stays with that. */
    private static boolean wouldBeMissed(GenericKubernetesResource object) {
        Object type = object.getAdditionalProperties().get("type");
        return object.getMetadata().getOwnerReferences().isEmpty()
                && !OF_EVERY_NAMESPACE.contains(object.getMetadata().getName())
                && !(type instanceof String text && SECRETS_OF_ACCOUNTS.contains(text));
    }
}
