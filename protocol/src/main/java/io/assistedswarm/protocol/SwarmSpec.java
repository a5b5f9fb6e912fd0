package io.assistedswarm.protocol;

import java.util.Set;

/**
 * What a worker has to know of a swarm; sent once to each worker, so that the messages to hosts stay small.
 *
 * @param apis by which its clusters are driven; null, as in what earlier versions recorded, for the Kubernetes API
 */
public record SwarmSpec(
        SwarmId id,
        ServiceSpec service,
        RuntimeSpec runtime,
        Manifests manifests,
        Deadlines deadlines,
        Set<ClusterApi> apis) {
    public SwarmSpec {
        apis = apis == null ? Set.of(ClusterApi.KUBE_API) : Set.copyOf(apis);
    }

    /** One whose clusters are driven by the Kubernetes API. */
    public SwarmSpec(SwarmId id, ServiceSpec service, RuntimeSpec runtime, Manifests manifests, Deadlines deadlines) {
        this(id, service, runtime, manifests, deadlines, Set.of(ClusterApi.KUBE_API));
    }

    public SwarmSpec withRuntime(RuntimeSpec other) {
        return new SwarmSpec(id, service, other, manifests, deadlines, apis);
    }

    public SwarmSpec withService(ServiceSpec other) {
        return new SwarmSpec(id, other, runtime, manifests, deadlines, apis);
    }
}
