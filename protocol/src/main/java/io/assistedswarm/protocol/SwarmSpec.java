package io.assistedswarm.protocol;

/** What a worker has to know of a swarm; sent once to each worker, so that the messages to hosts stay small. */
public record SwarmSpec(
        SwarmId id, ServiceSpec service, RuntimeSpec runtime, Manifests manifests, Deadlines deadlines) {
    public SwarmSpec withRuntime(RuntimeSpec other) {
        return new SwarmSpec(id, service, other, manifests, deadlines);
    }
}
