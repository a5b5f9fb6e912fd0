package io.assistedswarm.rehearsal.service.controller;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The custom kinds that the service reads and writes. */
enum Kind {
    CLUSTER_DEPLOYMENT("hive.openshift.io", "v1", "ClusterDeployment", "clusterdeployments", true),
    CLUSTER_IMAGE_SET("hive.openshift.io", "v1", "ClusterImageSet", "clusterimagesets", false),
    AGENT_CLUSTER_INSTALL(
            "extensions.hive.openshift.io", "v1beta1", "AgentClusterInstall", "agentclusterinstalls", true),
    INFRA_ENV("agent-install.openshift.io", "v1beta1", "InfraEnv", "infraenvs", true),
    NMSTATE_CONFIG("agent-install.openshift.io", "v1beta1", "NMStateConfig", "nmstateconfigs", true),
    AGENT("agent-install.openshift.io", "v1beta1", "Agent", "agents", true),
    BARE_METAL_HOST("metal3.io", "v1alpha1", "BareMetalHost", "baremetalhosts", true),
    PREPROVISIONING_IMAGE("metal3.io", "v1alpha1", "PreprovisioningImage", "preprovisioningimages", true);

    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private final boolean namespaced;

    Kind(String group, String version, String kind, String plural, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }

    String apiVersion() {
        return group + "/" + version;
    }

    String kind() {
        return kind;
    }
}
