package io.assistedswarm.protocol;

import java.time.Duration;

/**
 * How long each phase may take before the host or cluster has failed.
 *
 * @param apply all of a cluster's objects accepted by the Kubernetes API, retries included
 * @param image from the BareMetalHost to its {@code spec.image.url}; the service alone waits 60 s
 * @param download of the ISO; and from a cluster's end until what its user wants to fetch has come
 * @param registration from the agent's start to its Agent CR
 * @param discovery from the Agent CR to {@code known} (or {@code known-unbound})
 * @param preparation from {@code known} to {@code installing}; in a cluster this waits for the slowest host
 * @param installation from {@code installing} to {@code installed}
 * @param controller from the cluster's end to the exit of its controller
 * @param deletion of all objects of the swarm
 */
public record Deadlines(
        Duration apply,
        Duration image,
        Duration download,
        Duration registration,
        Duration discovery,
        Duration preparation,
        Duration installation,
        Duration controller,
        Duration deletion) {

    /** Generous ones: several times what the real service took unloaded (reference, observed timelines). */
    public static final Deadlines DEFAULT = new Deadlines(
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofMinutes(15),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30),
            Duration.ofMinutes(60),
            Duration.ofMinutes(120),
            Duration.ofMinutes(15),
            Duration.ofMinutes(30));
}
