package io.assistedswarm.rehearsal.service.model;

/** Namespace and name of an object of the Kubernetes API. */
public record ObjectKey(String namespace, String name) {
    /** Of a row that the REST API made: the real service's keys are empty there, too. */
    public static final ObjectKey NONE = new ObjectKey("", "");

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
