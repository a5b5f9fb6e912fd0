package io.assistedswarm.rehearsal.kube;

import java.util.Comparator;

/**
 * A sort of request, for counting.
 *
 * @param verb get, list, watch, create, apply, patch, update, delete or deletecollection
 * @param resource plural, with {@code /status} for the subresource
 * @param client product name from the User-Agent
 */
public record KubeRequest(String verb, String resource, String client) implements Comparable<KubeRequest> {
    private static final Comparator<KubeRequest> ORDER = Comparator.comparing(KubeRequest::client)
            .thenComparing(KubeRequest::resource)
            .thenComparing(KubeRequest::verb);

    @Override
    public int compareTo(KubeRequest other) {
        return ORDER.compare(this, other);
    }
}
