package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.BindingDesk;
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
    private static final Condition SYNCED = Condition.yes("SpecSynced", "SyncOK", "SyncOK");
    private final Hub hub;
    private final ServiceSettings settings;
    private final Registry registry;
    private final ClusterDesk desk;
    private final BindingDesk bindings;
    private final ClusterDefinitions definitions;
    private final Manifests manifests;
    private final Clock clock;
    private final Consumer<ObjectKey> registered;

    /** @param registered told of each ClusterDeployment whose cluster is new, for InfraEnvs wait for it */
    AgentClusterInstallReconciler(
            Hub hub,
            ServiceSettings settings,
            Registry registry,
            ClusterDesk desk,
            BindingDesk bindings,
            ClusterDefinitions definitions,
            Clock clock,
            Consumer<ObjectKey> registered) {
        this.hub = hub;
        this.settings = settings;
        this.registry = registry;
        this.desk = desk;
        this.bindings = bindings;
        this.definitions = definitions;
        this.manifests = new Manifests(hub);
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
            Cluster.Wishes wishes = definitions.wishes(install, deployment.get());
            Cluster cluster = registry.cluster(deploymentKey).orElseGet(() -> register(install, deployment.get()));
            desk.update(cluster, wishes);
            advance(cluster, install, deployment.get());
            return Optional.empty();
        } catch (InvalidInput e) {
            Condition condition = e.isTakenForItsOwn()
                    ? Condition.no(
                            "SpecSynced",
                            "BackendError",
                            "The Spec could not be synced due to backend error: " + e.getMessage())
                    : Condition.no(
                            "SpecSynced",
                            "InputError",
                            "The Spec could not be synced due to an input error: " + e.getMessage());
            hub.ensureStatus(Kind.AGENT_CLUSTER_INSTALL, install, unsynced(install, condition));
            return Optional.of(settings.scale().of(LOOK_AGAIN));
        }
    }

    /** All that is known of a cluster, with the condition in place of the one that all is well. */
    private Map<String, Object> unsynced(HubObject install, Condition condition) {
        return registry.cluster(deploymentOf(install))
                .map(cluster ->
                        cluster.locked(() -> InstallStatus.of(cluster, install, condition, settings, clock.instant())))
                .orElseGet(() -> Map.of(
                        "conditions",
                        Conditions.merged(
                                install.objects("status", "conditions"), List.of(condition), true, clock.instant())));
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
        if (cluster.locked(() -> InstallConditions.mayStart(cluster))) {
            manifests.check(install);
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
        if (state == ClusterState.ADDING_HOSTS) {
            desk.installDay2(cluster);
        }
        Map<String, Object> status =
                cluster.locked(() -> InstallStatus.of(cluster, install, SYNCED, settings, clock.instant()));
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

    private void returnToPool(Host host) {
        bindings.unbind(host);
        ObjectKey agent = Registry.agentOf(host);
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("clusterDeploymentName", null);
        hub.patch(Kind.AGENT, agent, Map.of("spec", spec));
    }

    /** Cancels what runs, deletes the Agents that the InfraEnv bound to it, unbinds the others, deregisters the cluster. */
    private void delete(HubObject install, Optional<Cluster> registeredCluster) {
        registeredCluster.ifPresent(cluster -> {
            desk.cancel(cluster);
            boolean preserve = hub.get(Kind.CLUSTER_DEPLOYMENT, cluster.key)
                    .map(deployment -> deployment.flag("spec", "preserveOnDelete"))
                    .orElse(false);
            for (Host host : cluster.hostList()) {
                if (host.lateBound() && !preserve) {
                    returnToPool(host);
                } else {
                    hub.delete(Kind.AGENT, Registry.agentOf(host));
                }
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
