package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.model.Host;

/** Makes the Agent object of a host that registers for the first time. */
public interface AgentRegistrar {
    /**
     * Returns once the object exists, also when it did before.
     *
     * @throws RuntimeException if it cannot be made; the registration then fails
     */
    void createAgent(Host host);
}
