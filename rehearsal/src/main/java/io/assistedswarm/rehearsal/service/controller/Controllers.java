package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.BindingDesk;
import io.assistedswarm.rehearsal.service.Changes;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.AgentRegistrar;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.List;

/** The service's controllers: which change of which object makes whom look at what. */
public final class Controllers implements AutoCloseable {
    private static final int PARALLELISM = 8;
    private final Hub hub;
    private final AgentReconciler agentReconciler;
    private final WorkQueue deployments;
    private final WorkQueue installs;
    private final WorkQueue infraEnvs;
    private final WorkQueue agents;
    private final WorkQueue bareMetalHosts;
    private final WorkQueue preprovisioningImages;
    private final boolean converged;

    public Controllers(
            KubernetesClient client,
            ServiceSettings settings,
            Registry registry,
            ClusterDesk desk,
            BindingDesk bindings,
            Clock clock) {
        hub = new Hub(client);
        PullSecrets pullSecrets = new PullSecrets(hub, settings);
        agentReconciler = new AgentReconciler(hub, settings, registry, desk, bindings, clock);
        deployments = new WorkQueue("clusterdeployment", PARALLELISM, new ClusterDeploymentReconciler(hub));
        infraEnvs = new WorkQueue(
                "infraenv", PARALLELISM, new InfraEnvReconciler(hub, settings, registry, desk, pullSecrets, clock));
        installs = new WorkQueue(
                "agentclusterinstall",
                PARALLELISM,
                new AgentClusterInstallReconciler(
                        hub,
                        settings,
                        registry,
                        desk,
                        bindings,
                        new ClusterDefinitions(hub, pullSecrets),
                        clock,
                        this::clusterRegistered));
        agents = new WorkQueue("agent", PARALLELISM, agentReconciler);
        bareMetalHosts = new WorkQueue("baremetalhost", PARALLELISM, new BareMetalHostReconciler(hub, settings, clock));
        preprovisioningImages = new WorkQueue(
                "preprovisioningimage", PARALLELISM, new PreprovisioningImageReconciler(hub, settings, clock));
        converged = settings.variables().convergedFlow();
    }

    /** Fills the caches; what is there queues up until this service leads. */
    public void start() {
        hub.watch(Kind.CLUSTER_DEPLOYMENT, deployment -> {
            deployments.add(deployment.key());
            installs.add(ClusterDeploymentReconciler.installOf(deployment));
            clusterRegistered(deployment.key());
        });
        hub.watch(Kind.AGENT_CLUSTER_INSTALL, install -> {
            installs.add(install.key());
            deployments.add(AgentClusterInstallReconciler.deploymentOf(install));
        });
        hub.watch(Kind.INFRA_ENV, infraEnv -> {
            infraEnvs.add(infraEnv.key());
            hub.inNamespace(Kind.BARE_METAL_HOST, infraEnv.key().namespace())
                    .forEach(host -> bareMetalHosts.add(host.key()));
            if (converged) {
                hub.inNamespace(Kind.PREPROVISIONING_IMAGE, infraEnv.key().namespace())
                        .forEach(image -> preprovisioningImages.add(image.key()));
            }
        });
        hub.watch(
                Kind.NMSTATE_CONFIG,
                config -> hub.all(Kind.INFRA_ENV)
                        .filter(infraEnv -> !infraEnv.map("spec", "nmStateConfigLabelSelector", "matchLabels")
                                .isEmpty())
                        .forEach(infraEnv -> infraEnvs.add(infraEnv.key())));
        hub.watch(Kind.AGENT, agent -> {
            agents.add(agent.key());
            BareMetalHostReconciler.hostsOf(hub, agent).forEach(bareMetalHosts::add);
        });
        hub.watch(Kind.BARE_METAL_HOST, host -> bareMetalHosts.add(host.key()));
        if (converged) {
            hub.watch(Kind.PREPROVISIONING_IMAGE, image -> {
                preprovisioningImages.add(image.key());
                bareMetalHosts.add(image.key());
            });
        }
        hub.start();
    }

    /** Reconciles whatever is there, and all that comes. */
    public void lead() {
        queues().forEach(WorkQueue::lead);
    }

    public AgentRegistrar agentRegistrar() {
        return agentReconciler;
    }

    /** Whom the service's rows tell of their changes. */
    public Changes changes() {
        return new Changes() {
            @Override
            public void hostChanged(Host host) {
                agents.add(Registry.agentOf(host));
            }

            @Override
            public void clusterChanged(Cluster cluster) {
                deploymentInstall(cluster).forEach(installs::add);
            }
        };
    }

    private List<ObjectKey> deploymentInstall(Cluster cluster) {
        return hub.get(Kind.CLUSTER_DEPLOYMENT, cluster.key).map(ClusterDeploymentReconciler::installOf).stream()
                .toList();
    }

    /** InfraEnvs and Agents that wait for this cluster. */
    private void clusterRegistered(ObjectKey deployment) {
        hub.all(Kind.AGENT)
                .filter(agent -> AgentReconciler.wantedCluster(agent)
                        .filter(deployment::equals)
                        .isPresent())
                .forEach(agent -> agents.add(agent.key()));
        hub.all(Kind.INFRA_ENV)
                .filter(infraEnv -> infraEnv.text("spec", "clusterRef", "name").equals(deployment.name())
                        && infraEnv.text("spec", "clusterRef", "namespace").equals(deployment.namespace()))
                .forEach(infraEnv -> infraEnvs.add(infraEnv.key()));
    }

    @Override
    public void close() {
        queues().forEach(WorkQueue::close);
        hub.close();
    }

    private List<WorkQueue> queues() {
        return List.of(deployments, installs, infraEnvs, agents, bareMetalHosts, preprovisioningImages);
    }
}
