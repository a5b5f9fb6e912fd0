package io.assistedswarm.rehearsal.service.model;

/** Namespace and name of an object of the Kubernetes API. */
public record ObjectKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
