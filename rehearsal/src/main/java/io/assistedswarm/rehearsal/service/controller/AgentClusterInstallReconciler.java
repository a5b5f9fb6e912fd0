package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.RestApi;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An AgentClusterInstall becomes a cluster of the service, is installed as soon as it may be, and shows how that goes. */
final class AgentClusterInstallReconciler implements Reconciler {
    private static final Logger log = LoggerFactory.getLogger(AgentClusterInstallReconciler.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private final Hub hub;
    private final ServiceSettings settings;
    private final Registry registry;
    private final ClusterDesk desk;
    private final ClusterDefinitions definitions;
    private final Clock clock;
    private final Consumer<ObjectKey> registered;

    /** @param registered told of each ClusterDeployment whose cluster is new, for InfraEnvs wait for it */
    AgentClusterInstallReconciler(
            Hub hub,
            ServiceSettings settings,
            Registry registry,
            ClusterDesk desk,
            ClusterDefinitions definitions,
            Clock clock,
            Consumer<ObjectKey> registered) {
        this.hub = hub;
        this.settings = settings;
        this.registry = registry;
        this.desk = desk;
        this.definitions = definitions;
        this.clock = clock;
        this.registered = registered;
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        return hub.get(Kind.AGENT_CLUSTER_INSTALL, key).flatMap(this::reconcile);
    }

    private Optional<Duration> reconcile(HubObject install) {
        ObjectKey deploymentKey = deploymentOf(install);
        if (install.deleting()) {
            delete(install, registry.cluster(deploymentKey));
            return Optional.empty();
        }
        Optional<HubObject> deployment = hub.get(Kind.CLUSTER_DEPLOYMENT, deploymentKey);
        if (deployment.isEmpty() || deployment.get().deleting()) {
            return Optional.empty();
        }
        claim(install, deployment.get());
        try {
            Cluster cluster = registry.cluster(deploymentKey).orElseGet(() -> register(install, deployment.get()));
            advance(cluster, install, deployment.get());
            return Optional.empty();
        } catch (InvalidInput e) {
            Condition condition = Condition.no(
                    "SpecSynced",
                    "InputError",
                    "The Spec could not be synced due to an input error: " + e.getMessage());
            hub.ensureStatus(
                    Kind.AGENT_CLUSTER_INSTALL,
                    install,
                    Map.of(
                            "conditions",
                            Conditions.merged(
                                    install.objects("status", "conditions"),
                                    List.of(condition),
                                    true,
                                    clock.instant())));
            return Optional.of(settings.scale().of(LOOK_AGAIN));
        }
    }

    /** The finalizer, and the ClusterDeployment as owner. */
    private void claim(HubObject install, HubObject deployment) {
        if (install.has(Names.INSTALL_FINALIZER) && install.ownedBy(deployment.uid())) {
            return;
        }
        Map<String, String> owner = new LinkedHashMap<>();
        owner.put("apiVersion", Kind.CLUSTER_DEPLOYMENT.apiVersion());
        owner.put("kind", Kind.CLUSTER_DEPLOYMENT.kind());
        owner.put("name", deployment.key().name());
        owner.put("uid", deployment.uid());
        hub.addFinalizer(
                Kind.AGENT_CLUSTER_INSTALL,
                install,
                Names.INSTALL_FINALIZER,
                Map.of("ownerReferences", List.of(owner)));
    }

    private Cluster register(HubObject install, HubObject deployment) {
        Cluster cluster = definitions.cluster(install, deployment, clock.instant());
        desk.register(cluster);
        log.info("cluster [{}] of [{}] is registered", cluster.id, deployment.key());
        registered.accept(deployment.key());
        return cluster;
    }

    private void advance(Cluster cluster, HubObject install, HubObject deployment) {
        boolean start = cluster.locked(() -> {
            cluster.held = install.flag("spec", "holdInstallation");
            return InstallConditions.mayStart(cluster);
        });
        if (start) {
            try {
                desk.install(cluster);
            } catch (Refusal e) {
                // It left the ready state in between; what it is now is written below.
                log.info("cluster [{}] was not started: {}", cluster.id, e.getMessage());
            }
        }
        ClusterState state = cluster.locked(() -> cluster.state);
        if (state.installationBegun()) {
            publishCredentials(cluster, install, deployment, state);
        }
        if (state == ClusterState.INSTALLED) {
            desk.transformToDay2(cluster);
            log.info("cluster [{}] of [{}] is installed", cluster.id, install.key());
        }
        Map<String, Object> status =
                cluster.locked(() -> InstallStatus.of(cluster, install, settings, clock.instant()));
        hub.ensureStatus(Kind.AGENT_CLUSTER_INSTALL, install, status);
    }

    /** The kubeconfig when the installation begins, the password when it ends. */
    private void publishCredentials(Cluster cluster, HubObject install, HubObject deployment, ClusterState state) {
        String kubeconfig = deployment.key().name() + "-admin-kubeconfig";
        String password = deployment.key().name() + "-admin-password";
        boolean ended = state == ClusterState.INSTALLED || state == ClusterState.ADDING_HOSTS;
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("adminKubeconfigSecretRef", Map.of("name", kubeconfig));
        if (ended) {
            metadata.put("adminPasswordSecretRef", Map.of("name", password));
        }
        metadata.put("clusterID", cluster.openshiftClusterId.toString());
        metadata.put("infraID", cluster.id.toString());
        Optional<Map<String, Object>> patch =
                MergePatch.between(install.map("spec"), Map.of("clusterMetadata", metadata));
        if (patch.isEmpty()) {
            return;
        }
        createSecret(
                deployment,
                kubeconfig,
                "kubeconfig",
                Map.of(Names.BACKUP_LABEL, "true", Names.WATCH_LABEL, "true"),
                Map.of("kubeconfig", RestApi.kubeconfig(cluster)));
        if (ended) {
            createSecret(
                    deployment,
                    password,
                    "kubeadmincreds",
                    Map.of(),
                    Map.of("username", "kubeadmin", "password", "data"));
        }
        hub.patch(Kind.AGENT_CLUSTER_INSTALL, install.key(), Map.of("spec", patch.get()));
    }

    private void createSecret(
            HubObject deployment, String name, String type, Map<String, String> labels, Map<String, String> data) {
        hub.createSecret(new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(deployment.key().namespace())
                .addToLabels(labels)
                .addToLabels(
                        "hive.openshift.io/cluster-deployment-name",
                        deployment.key().name())
                .addToLabels("hive.openshift.io/secret-type", type)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(Kind.CLUSTER_DEPLOYMENT.apiVersion())
                        .withKind(Kind.CLUSTER_DEPLOYMENT.kind())
                        .withName(deployment.key().name())
                        .withUid(deployment.uid())
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .withType("Opaque")
                .withStringData(data)
                .build());
    }

    /** Cancels what runs, deletes the Agents that the InfraEnv bound to it, and deregisters the cluster. */
    private void delete(HubObject install, Optional<Cluster> registeredCluster) {
        registeredCluster.ifPresent(cluster -> {
            desk.cancel(cluster);
            for (Host host : cluster.hostList()) {
                hub.delete(Kind.AGENT, Registry.agentOf(host));
            }
            desk.deregister(cluster);
            log.info("cluster [{}] of [{}] is deregistered", cluster.id, install.key());
        });
        hub.removeFinalizer(Kind.AGENT_CLUSTER_INSTALL, install, Names.INSTALL_FINALIZER);
    }

    static ObjectKey deploymentOf(HubObject install) {
        return new ObjectKey(install.key().namespace(), install.text("spec", "clusterDeploymentRef", "name"));
    }
}
