package io.assistedswarm.protocol;

/**
 * How the service has bare metal booted (reference, cr-lifecycle.md 7.2). Which way it goes is the service's choice, not the swarm's: one
 * that expects the other way waits for ever.
 */
public enum BareMetalFlow {
    /** Nobody has said so: as the preflight finds it, else {@link #IMAGE}. */
    UNSAID,
    /** By {@code spec.image} of the BareMetalHost. */
    IMAGE,
    /** The converged flow, by a PreprovisioningImage and {@code spec.customDeploy}. */
    CONVERGED;

    public boolean converged() {
        return this == CONVERGED;
    }
}
