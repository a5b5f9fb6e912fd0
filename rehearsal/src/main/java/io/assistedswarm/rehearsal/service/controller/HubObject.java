package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A custom object as a cache holds it, read by path. It is shared with others: nothing here changes it. */
record HubObject(GenericKubernetesResource resource) {

    ObjectKey key() {
        return new ObjectKey(
                resource.getMetadata().getNamespace(), resource.getMetadata().getName());
    }

    String uid() {
        return resource.getMetadata().getUid();
    }

    String resourceVersion() {
        return resource.getMetadata().getResourceVersion();
    }

    String creationTimestamp() {
        return Optional.ofNullable(resource.getMetadata().getCreationTimestamp())
                .orElse("");
    }

    boolean deleting() {
        return resource.getMetadata().getDeletionTimestamp() != null;
    }

    List<String> finalizers() {
        return Optional.ofNullable(resource.getMetadata().getFinalizers()).orElse(List.of());
    }

    boolean has(String finalizer) {
        return finalizers().contains(finalizer);
    }

    boolean ownedBy(String uid) {
        return Optional.ofNullable(resource.getMetadata().getOwnerReferences()).orElse(List.of()).stream()
                .anyMatch(owner -> owner.getUid().equals(uid));
    }

    /** Their names. */
    List<String> ownersOfKind(String kind) {
        return Optional.ofNullable(resource.getMetadata().getOwnerReferences()).orElse(List.of()).stream()
                .filter(owner -> owner.getKind().equals(kind))
                .map(OwnerReference::getName)
                .toList();
    }

    Map<String, String> labels() {
        return Optional.ofNullable(resource.getMetadata().getLabels()).orElse(Map.of());
    }

    Map<String, String> annotations() {
        return Optional.ofNullable(resource.getMetadata().getAnnotations()).orElse(Map.of());
    }

    /** Empty text where there is nothing. */
    String text(Object... path) {
        Object value = at(path);
        return value == null ? "" : value.toString();
    }

    int number(Object... path) {
        return at(path) instanceof Number number ? number.intValue() : 0;
    }

    boolean flag(Object... path) {
        return at(path) instanceof Boolean flag && flag;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(Object... path) {
        return at(path) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    @SuppressWarnings("unchecked")
    List<Map<String, Object>> objects(Object... path) {
        return at(path) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    List<String> texts(Object... path) {
        return at(path) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private Object at(Object... path) {
        return resource.get(path);
    }
}
