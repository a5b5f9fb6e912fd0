package io.assistedswarm.coordinator.hub;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** An informer's store that keeps of an object what is needed to name and delete it: an Agent alone has tens of kilobytes of inventory. */
final class NamesOnly implements ItemStore<GenericKubernetesResource> {
    private final Map<String, GenericKubernetesResource> names = new ConcurrentHashMap<>();

    @Override
    public String getKey(GenericKubernetesResource object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        return names.put(key, named(object));
    }

    @Override
    public GenericKubernetesResource remove(String key) {
        return names.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return names.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return names.values().stream();
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public GenericKubernetesResource get(String key) {
        return names.get(key);
    }

    /** Or handlers would be told of what a first LIST brings from here, without its status. */
    @Override
    public boolean isFullState() {
        return false;
    }

    private static GenericKubernetesResource named(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        GenericKubernetesResource named = new GenericKubernetesResource();
        named.setApiVersion(object.getApiVersion());
        named.setKind(object.getKind());
        named.setMetadata(new ObjectMetaBuilder()
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .withResourceVersion(metadata.getResourceVersion())
                .withLabels(metadata.getLabels())
                .withFinalizers(metadata.getFinalizers())
                .withDeletionTimestamp(metadata.getDeletionTimestamp())
                .build());
        return named;
    }
}
