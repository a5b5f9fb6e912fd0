package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.BareMetalFlow;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Arrays;
import java.util.List;

/** The kinds of objects that a swarm is made of. */
public enum Kinds {
    CLUSTER_DEPLOYMENT("hive.openshift.io", "v1", "ClusterDeployment", "clusterdeployments", true),
    AGENT_CLUSTER_INSTALL(
            "extensions.hive.openshift.io", "v1beta1", "AgentClusterInstall", "agentclusterinstalls", true),
    INFRA_ENV("agent-install.openshift.io", "v1beta1", "InfraEnv", "infraenvs", true),
    NMSTATE_CONFIG("agent-install.openshift.io", "v1beta1", "NMStateConfig", "nmstateconfigs", true),
    BARE_METAL_HOST("metal3.io", "v1alpha1", "BareMetalHost", "baremetalhosts", true),
    /** Only in the converged flow. */
    PREPROVISIONING_IMAGE("metal3.io", "v1alpha1", "PreprovisioningImage", "preprovisioningimages", true),
    AGENT("agent-install.openshift.io", "v1beta1", "Agent", "agents", true),
    SECRET("", "v1", "Secret", "secrets", true),
    NAMESPACE("", "v1", "Namespace", "namespaces", false),
    CLUSTER_IMAGE_SET("hive.openshift.io", "v1", "ClusterImageSet", "clusterimagesets", false);

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;

    Kinds(String group, String version, String kind, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    /** The kinds of a swarm whose machines go this way. */
    public static List<Kinds> of(BareMetalFlow flow) {
        return Arrays.stream(values())
                .filter(kind -> kind != PREPROVISIONING_IMAGE || flow.converged())
                .toList();
    }

    ObjectKind type() {
        return new ObjectKind(group, version, kind, plural, namespaced);
    }

    ResourceDefinitionContext context() {
        return type().context();
    }

    /** Empty for the core group. */
    public String group() {
        return group;
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String plural() {
        return plural;
    }

    public String kind() {
        return kind;
    }

    boolean namespaced() {
        return namespaced;
    }

    /** As kubectl takes it. */
    public String kubectlName() {
        return type().kubectlName();
    }
}
