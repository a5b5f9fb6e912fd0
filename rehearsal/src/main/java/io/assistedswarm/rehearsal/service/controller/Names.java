package io.assistedswarm.rehearsal.service.controller;

/** Labels, annotations and finalizers of the service (reference, cr-lifecycle.md 6, 7 and 9.1). */
final class Names {
    static final String INFRA_ENV_LABEL = "infraenvs.agent-install.openshift.io";
    static final String BMH_LABEL = "agent-install.openshift.io/bmh";
    static final String CLUSTER_NAMESPACE_LABEL = "agent-install.openshift.io/clusterdeployment-namespace";
    static final String BACKUP_LABEL = "cluster.open-cluster-management.io/backup";
    static final String WATCH_LABEL = "agent-install.openshift.io/watch";
    static final String INSTALL_ANNOTATION = "agent-install.openshift.io/";
    static final String RECONCILE_PAUSE = "hive.openshift.io/reconcile-pause";
    static final String AGENT_ANNOTATION = "agent.agent-install.openshift.io/";
    static final String INVENTORY_LABEL = "inventory.agent-install.openshift.io/";
    static final String BMAC = "bmac.agent-install.openshift.io/";
    static final String CLUSTER_REFERENCE = BMAC + "cluster-reference";
    static final String BMAC_NODE_LABEL = "bmac.agent-install.openshift.io.node-label.";
    static final String BMAC_AGENT_LABEL = "bmac.agent-install.openshift.io.agent-label.";
    static final String INSPECT = "inspect.metal3.io";
    static final String HARDWARE_DETAILS = "inspect.metal3.io/hardwaredetails";
    static final String REBOOT = "reboot.metal3.io";
    static final String DETACHED = "baremetalhost.metal3.io/detached";
    static final String DETACHED_BY = "assisted-service-controller";

    static final String CLUSTER_DEPLOYMENT_FINALIZER = "clusterdeployments.agent-install.openshift.io/ai-deprovision";
    static final String INSTALL_FINALIZER = "agentclusterinstall.agent-install.openshift.io/ai-deprovision";
    static final String INFRA_ENV_FINALIZER = "infraenv.agent-install.openshift.io/ai-deprovision";
    static final String AGENT_FINALIZER = "agent.agent-install.openshift.io/ai-deprovision";
    static final String PREPROVISIONING_IMAGE_FINALIZER =
            "preprovisioningimage.agent-install.openshift.io/ai-deprovision";
    static final String BMH_FINALIZER = "bmac.agent-install.openshift.io/deprovision";

    private Names() {}
}
