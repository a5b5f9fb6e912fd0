package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is meant to be run; whatever is left out is not looked at, or any of it is expected.
 *
 * @param quick leaves out what starts programs on the workers, and whether the plan fits, which a submission finds out by itself
 */
public record PreflightRequest(
        Optional<SwarmPlan> plan, Optional<ServiceSpec> service, Optional<RuntimeSpec> runtime, boolean quick) {

    boolean mayHave(Predicate<ClusterGroup> kind) {
        return plan.map(known -> known.clusters().stream().anyMatch(kind)).orElse(true);
    }

    /** Unless all of its clusters are driven by REST. */
    boolean mayUseKubernetes() {
        return mayHave(group -> group.api() == ClusterApi.KUBE_API);
    }

    boolean usesRest() {
        return plan.isPresent() && mayHave(group -> group.api() == ClusterApi.REST);
    }

    boolean usesKubernetes() {
        return plan.isPresent() && mayUseKubernetes();
    }

    boolean mayInstall() {
        return mayHave(group -> !group.infraEnvOnly());
    }

    boolean mayInstallSeveralControlPlanes() {
        return mayHave(group -> !group.infraEnvOnly() && group.controlPlanes() > 1);
    }

    RuntimeTraits traits() {
        return runtime.map(RuntimeTraits::of).orElse(RuntimeTraits.UNKNOWN);
    }
}
