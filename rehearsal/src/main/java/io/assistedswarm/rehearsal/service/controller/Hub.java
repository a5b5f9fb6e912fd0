package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Kubernetes API as the controllers use it: caches to read from, small merge patches to write with. */
final class Hub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
    private static final String BY_NAMESPACE = "namespace";
    private static final String BY_MAC = "mac";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private final KubernetesClient client;
    private final Map<Kind, SharedIndexInformer<GenericKubernetesResource>> caches = new EnumMap<>(Kind.class);

    Hub(KubernetesClient client) {
        this.client = client;
    }

    /** Starts a cache; {@code changed} is told of every object that is there, comes, changes or goes, and must not block. */
    void watch(Kind kind, Consumer<HubObject> changed) {
        SharedIndexInformer<GenericKubernetesResource> informer = client.genericKubernetesResources(kind.context())
                .inAnyNamespace()
                .runnableInformer(0)
                // By itself it ends for good when a watch breaks in a way that it does not know.
                .exceptionHandler((started, failure) -> {
                    LOG.warn("the watch of [{}] is interrupted: {}", kind.kind(), failure.toString());
                    return true;
                })
                .removeNamespaceIndex()
                .addIndexers(Map.of(
                        BY_NAMESPACE,
                        resource -> List.of(resource.getMetadata().getNamespace()),
                        BY_MAC,
                        resource -> macs(kind, new HubObject(resource))));
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(GenericKubernetesResource resource) {
                changed.accept(new HubObject(resource));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource resource) {
                changed.accept(new HubObject(resource));
            }

            @Override
            public void onDelete(GenericKubernetesResource resource, boolean unknownFinalState) {
                changed.accept(new HubObject(resource));
            }
        });
        caches.put(kind, informer);
    }

    /** Fills the caches; returns when all are. */
    void start() {
        caches.values().forEach(SharedIndexInformer::run);
    }

    Optional<HubObject> get(Kind kind, ObjectKey key) {
        return Optional.ofNullable(cache(kind).getIndexer().getByKey(key.namespace() + "/" + key.name()))
                .map(HubObject::new);
    }

    Stream<HubObject> all(Kind kind) {
        return cache(kind).getIndexer().list().stream().map(HubObject::new);
    }

    Stream<HubObject> inNamespace(Kind kind, String namespace) {
        return cache(kind).getIndexer().byIndex(BY_NAMESPACE, namespace).stream()
                .map(HubObject::new);
    }

    /** BareMetalHosts that boot from the MAC, or Agents that have an interface with it. */
    Stream<HubObject> withMac(Kind kind, String namespace, String mac) {
        return cache(kind).getIndexer().byIndex(BY_MAC, macKey(namespace, mac)).stream()
                .map(HubObject::new);
    }

    static List<String> macs(HubObject agent) {
        return agent.objects("status", "inventory", "interfaces").stream()
                .map(nic -> String.valueOf(nic.getOrDefault("macAddress", "")))
                .filter(mac -> !mac.isEmpty())
                .toList();
    }

    private static List<String> macs(Kind kind, HubObject object) {
        List<String> macs = switch (kind) {
            case BARE_METAL_HOST -> List.of(object.text("spec", "bootMACAddress"));
            case AGENT -> macs(object);
            default -> List.of();
        };
        return macs.stream().map(mac -> macKey(object.key().namespace(), mac)).toList();
    }

    private static String macKey(String namespace, String mac) {
        return namespace + "/" + mac.toLowerCase(Locale.ROOT);
    }

    Optional<HubObject> clusterImageSet(String name) {
        return Optional.ofNullable(client.genericKubernetesResources(Kind.CLUSTER_IMAGE_SET.context())
                        .withName(name)
                        .get())
                .map(HubObject::new);
    }

    Optional<Secret> secret(ObjectKey key) {
        return Optional.ofNullable(client.secrets()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get());
    }

    Optional<ConfigMap> configMap(ObjectKey key) {
        return Optional.ofNullable(client.configMaps()
                .inNamespace(key.namespace())
                .withName(key.name())
                .get());
    }

    void labelSecret(ObjectKey key, Map<String, String> labels) {
        client.secrets()
                .inNamespace(key.namespace())
                .withName(key.name())
                .patch(MERGE, Json.text(Map.of("metadata", Map.of("labels", labels))));
    }

    /** Creates the Secret unless it is there. */
    void createSecret(Secret secret) {
        try {
            client.secrets()
                    .inNamespace(secret.getMetadata().getNamespace())
                    .resource(secret)
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    /** Creates the object unless it is there. */
    void create(Kind kind, ObjectMeta metadata, Map<String, Object> spec) {
        GenericKubernetesResource resource = new GenericKubernetesResource();
        resource.setApiVersion(kind.apiVersion());
        resource.setKind(kind.kind());
        resource.setMetadata(metadata);
        resource.setAdditionalProperty("spec", spec);
        try {
            client.genericKubernetesResources(kind.context())
                    .inNamespace(metadata.getNamespace())
                    .resource(resource)
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    void patch(Kind kind, ObjectKey key, Map<String, Object> patch) {
        resource(kind, key).patch(MERGE, Json.text(patch));
    }

    void patchStatus(Kind kind, ObjectKey key, Map<String, Object> status) {
        resource(kind, key).subresource("status").patch(MERGE, Json.text(Map.of("status", status)));
    }

    /** Writes what of the status differs, if anything does. */
    void ensureStatus(Kind kind, HubObject object, Map<String, Object> status) {
        MergePatch.between(object.map("status"), status).ifPresent(patch -> patchStatus(kind, object.key(), patch));
    }

    /** Finalizers are a list that others write too, so the patch holds only for the version that was read. */
    void addFinalizer(Kind kind, HubObject object, String finalizer, Map<String, Object> moreMetadata) {
        List<String> finalizers = new ArrayList<>(object.finalizers());
        finalizers.add(finalizer);
        Map<String, Object> metadata = new LinkedHashMap<>(moreMetadata);
        metadata.put("finalizers", finalizers);
        metadata.put("resourceVersion", object.resourceVersion());
        patch(kind, object.key(), Map.of("metadata", metadata));
    }

    void removeFinalizer(Kind kind, HubObject object, String finalizer) {
        if (!object.has(finalizer)) {
            return;
        }
        List<String> finalizers = new ArrayList<>(object.finalizers());
        finalizers.remove(finalizer);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("finalizers", finalizers.isEmpty() ? null : finalizers);
        metadata.put("resourceVersion", object.resourceVersion());
        try {
            patch(kind, object.key(), Map.of("metadata", metadata));
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    void delete(Kind kind, ObjectKey key) {
        resource(kind, key).delete();
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, ObjectKey key) {
        return client.genericKubernetesResources(kind.context())
                .inNamespace(key.namespace())
                .withName(key.name());
    }

    private SharedIndexInformer<GenericKubernetesResource> cache(Kind kind) {
        return caches.get(kind);
    }

    @Override
    public void close() {
        caches.values().forEach(SharedIndexInformer::stop);
    }
}
