package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;

/**
 * A valid service config.
 *
 * @param service its {@code agentImage} may be empty: the service itself knows it
 */
public record ServiceConfig(ServiceSpec service, RuntimeSpec runtime) {}
