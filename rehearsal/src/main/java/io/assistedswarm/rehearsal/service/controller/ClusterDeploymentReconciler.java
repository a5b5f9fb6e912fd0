package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A ClusterDeployment is held until its AgentClusterInstall is gone, and takes it along when it is deleted. */
final class ClusterDeploymentReconciler implements Reconciler {
    private final Hub hub;

    ClusterDeploymentReconciler(Hub hub) {
        this.hub = hub;
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        hub.get(Kind.CLUSTER_DEPLOYMENT, key).ifPresent(this::reconcile);
        return Optional.empty();
    }

    private void reconcile(HubObject deployment) {
        if (!deployment.deleting()) {
            if (!deployment.has(Names.CLUSTER_DEPLOYMENT_FINALIZER)) {
                hub.addFinalizer(Kind.CLUSTER_DEPLOYMENT, deployment, Names.CLUSTER_DEPLOYMENT_FINALIZER, Map.of());
            }
            return;
        }
        Optional<HubObject> install = hub.get(Kind.AGENT_CLUSTER_INSTALL, installOf(deployment));
        if (install.isEmpty()) {
            hub.removeFinalizer(Kind.CLUSTER_DEPLOYMENT, deployment, Names.CLUSTER_DEPLOYMENT_FINALIZER);
        } else if (!install.get().deleting()) {
            hub.delete(Kind.AGENT_CLUSTER_INSTALL, install.get().key());
        }
    }

    static ObjectKey installOf(HubObject deployment) {
        return new ObjectKey(deployment.key().namespace(), deployment.text("spec", "clusterInstallRef", "name"));
    }
}
