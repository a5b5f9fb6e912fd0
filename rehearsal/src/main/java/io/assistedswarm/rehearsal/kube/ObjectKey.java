package io.assistedswarm.rehearsal.kube;

import java.util.Comparator;

/**
 * Where an object of a kind is found; sorted as lists are.
 *
 * @param namespace empty for a cluster-scoped object
 */
record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::namespace).thenComparing(ObjectKey::name);

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
