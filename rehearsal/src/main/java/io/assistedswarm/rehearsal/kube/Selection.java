package io.assistedswarm.rehearsal.kube;

/**
 * Which objects of a kind a list or watch is about.
 *
 * @param namespace empty for all
 */
record Selection(String namespace, LabelSelector labels, FieldSelector fields) {
    static final Selection ALL = new Selection("", LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);

    static Selection inNamespace(String namespace) {
        return new Selection(namespace, LabelSelector.EVERYTHING, FieldSelector.EVERYTHING);
    }

    boolean matches(KubeObject object) {
        return (namespace.isEmpty() || namespace.equals(object.key().namespace()))
                && labels.matches(object.labels())
                && fields.matches(object);
    }
}
