package io.assistedswarm.protocol;

/** Labels on every object that a swarm creates; nothing without {@link #SWARM} is ever deleted. */
public final class Labels {
    /** Value: the swarm's id. The service copies it to Agents by way of the InfraEnv's {@code agentLabels}. */
    public static final String SWARM = "assistedswarm.io/swarm";

    /** Value: the cluster's name. */
    public static final String CLUSTER = "assistedswarm.io/cluster";

    /** Value: the InfraEnv's name. The service's own label; it switches BMAC on for a BareMetalHost. */
    public static final String INFRA_ENV = "infraenvs.agent-install.openshift.io";

    private Labels() {}
}
