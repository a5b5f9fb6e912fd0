package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An informer's store that keeps of an object what is needed to name and delete it: an Agent alone has tens of kilobytes of inventory, and
 * an object's metadata, most of it empty, is still 2 KB. Objects that it gives are made of that when they are asked for.
 */
final class NamesOnly implements ItemStore<GenericKubernetesResource> {
    private final Map<String, Named> names = new ConcurrentHashMap<>();

    /**
     * What its key does not say.
     *
     * @param swarm by its label; null without it
     * @param deletionTimestamp null as long as it is not being deleted
     */
    private record Named(
            String uid, String resourceVersion, String swarm, List<String> finalizers, String deletionTimestamp) {
        private static Named of(ObjectMeta metadata) {
            Map<String, String> labels = metadata.getLabels();
            return new Named(
                    metadata.getUid(),
                    metadata.getResourceVersion(),
                    labels == null ? null : shared(labels.get(Labels.SWARM)),
                    metadata.getFinalizers().stream().map(Named::shared).toList(),
                    metadata.getDeletionTimestamp());
        }

        /** The same for all objects of a swarm. */
        private static String shared(String text) {
            return text == null ? null : text.intern();
        }

        private GenericKubernetesResource object(String key) {
            int slash = key.indexOf('/');
            ObjectMeta metadata = new ObjectMeta();
            metadata.setNamespace(slash < 0 ? null : key.substring(0, slash));
            metadata.setName(key.substring(slash + 1));
            metadata.setUid(uid);
            metadata.setResourceVersion(resourceVersion);
            metadata.setLabels(swarm == null ? Map.of() : Map.of(Labels.SWARM, swarm));
            metadata.setFinalizers(finalizers);
            metadata.setDeletionTimestamp(deletionTimestamp);
            GenericKubernetesResource object = new GenericKubernetesResource();
            object.setMetadata(metadata);
            return object;
        }
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        return object(key, names.put(key, Named.of(object.getMetadata())));
    }

    @Override
    public GenericKubernetesResource remove(String key) {
        return object(key, names.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return names.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return names.entrySet().stream().map(entry -> object(entry.getKey(), entry.getValue()));
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public GenericKubernetesResource get(String key) {
        return object(key, names.get(key));
    }

    /** Or handlers would be told of what a first LIST brings from here, without its status. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private static GenericKubernetesResource object(String key, Named named) {
        return named == null ? null : named.object(key);
    }
}
