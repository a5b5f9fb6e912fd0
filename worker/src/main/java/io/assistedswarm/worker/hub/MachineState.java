package io.assistedswarm.worker.hub;

import java.util.Locale;

/** States of a BareMetalHost that the swarm writes in place of the bare-metal operator. */
public enum MachineState {
    /** An image can be written. */
    READY,
    /** Converged flow: it is looked at what the machine consists of, by an image that is booted for it. */
    INSPECTING,
    /** It can be given an image, or deployed, once or again. */
    AVAILABLE,
    /** Converged flow: the deployment runs, which is the agent's work. */
    PROVISIONING,
    PROVISIONED,
    /** Converged flow: the deployment is taken back. */
    DEPROVISIONING;

    /** In metal3's words ({@code status.provisioning.state}). */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
