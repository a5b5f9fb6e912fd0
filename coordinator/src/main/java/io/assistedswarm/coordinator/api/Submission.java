package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import java.util.Optional;

/**
 * What {@code swarm submit} sends: files have been read and checked where the user is.
 *
 * @param id wanted swarm id; made from the plan's name when absent
 * @param service its {@code agentImage} may be empty: the coordinator then asks the service for it
 */
public record Submission(
        Optional<String> id, SwarmPlan plan, ServiceSpec service, RuntimeSpec runtime, Manifests manifests) {
    public Submission withFlow(BareMetalFlow flow) {
        return new Submission(id, plan, service.withFlow(flow), runtime, manifests);
    }
}
