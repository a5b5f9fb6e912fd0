package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.BindingDesk;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.AgentRegistrar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An Agent carries the user's wishes to its host and shows the host's state (reference, cr-lifecycle.md 6 and 9.2). */
final class AgentReconciler implements Reconciler, AgentRegistrar {
    private static final String SKIP_SPOKE_CLEANUP = Names.AGENT_ANNOTATION + "skip-spoke-cleanup";
    private static final Duration SPOKE_RETRY = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private final Hub hub;
    private final ServiceSettings settings;
    private final Registry registry;
    private final ClusterDesk desk;
    private final BindingDesk bindings;
    private final Clock clock;

    AgentReconciler(
            Hub hub, ServiceSettings settings, Registry registry, ClusterDesk desk, BindingDesk bindings, Clock clock) {
        this.hub = hub;
        this.settings = settings;
        this.registry = registry;
        this.desk = desk;
        this.bindings = bindings;
        this.clock = clock;
    }

    @Override
    public void createAgent(Host host) {
        ObjectKey key = Registry.agentOf(host);
        HubObject infraEnv = hub.get(Kind.INFRA_ENV, host.infraEnv.key)
                .orElseThrow(() -> new IllegalStateException("InfraEnv %s is gone".formatted(host.infraEnv.key)));
        Map<String, String> labels = new LinkedHashMap<>();
        infraEnv.map("spec", "agentLabels").forEach((name, value) -> labels.put(name, String.valueOf(value)));
        labels.put(Names.INFRA_ENV_LABEL, infraEnv.key().name());
        host.cluster().ifPresent(cluster -> labels.put(Names.CLUSTER_NAMESPACE_LABEL, cluster.key.namespace()));
        ObjectMeta metadata = new ObjectMetaBuilder()
                .withName(key.name())
                .withNamespace(key.namespace())
                .withLabels(labels)
                .withFinalizers(Names.AGENT_FINALIZER)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(Kind.INFRA_ENV.apiVersion())
                        .withKind(Kind.INFRA_ENV.kind())
                        .withName(infraEnv.key().name())
                        .withUid(infraEnv.uid())
                        .build())
                .build();
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("approved", host.approved);
        host.cluster()
                .ifPresent(cluster -> spec.put(
                        "clusterDeploymentName",
                        Map.of("name", cluster.key.name(), "namespace", cluster.key.namespace())));
        spec.put("role", "");
        hub.create(Kind.AGENT, metadata, spec);
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        return hub.get(Kind.AGENT, key).flatMap(this::reconcile);
    }

    private Optional<Duration> reconcile(HubObject agent) {
        Optional<Host> registered = registry.host(agent.key());
        if (agent.deleting()) {
            return delete(agent, registered);
        }
        return registered.flatMap(host -> {
            Condition synced = Condition.yes("SpecSynced", "SyncOK", "The Spec has been successfully applied");
            try {
                applyBinding(agent, host);
                applySpec(agent, host);
            } catch (Refusal | InvalidInput e) {
                synced = Condition.no(
                        "SpecSynced",
                        "InputError",
                        "The Spec could not be synced due to an input error: " + e.getMessage());
            }
            show(agent, host, synced);
            return synced.status().equals("True")
                    ? Optional.empty()
                    : Optional.of(settings.scale().of(LOOK_AGAIN));
        });
    }

    /** The ClusterDeployment that the Agent's spec asks for. */
    static Optional<ObjectKey> wantedCluster(HubObject agent) {
        String name = agent.text("spec", "clusterDeploymentName", "name");
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectKey(agent.text("spec", "clusterDeploymentName", "namespace"), name));
    }

    private void applyBinding(HubObject agent, Host host) {
        Optional<ObjectKey> wanted = wantedCluster(agent);
        Optional<ObjectKey> actual = host.cluster().map(cluster -> cluster.key);
        if (wanted.equals(actual)) {
            return;
        }
        if (actual.isPresent()) {
            bindings.unbind(host);
        } else {
            Cluster cluster = registry.cluster(wanted.get())
                    .orElseThrow(() -> new InvalidInput("ClusterDeployment %s has no cluster".formatted(wanted.get())));
            bindings.bind(host, cluster);
        }
    }

    private void applySpec(HubObject agent, Host host) {
        String hostname = agent.text("spec", "hostname");
        desk.update(
                host,
                role(agent.text("spec", "role")),
                hostname.isEmpty() ? Optional.empty() : Optional.of(hostname),
                agent.flag("spec", "approved"),
                wishes(agent));
    }

    private static Optional<HostRole> role(String text) {
        Optional<HostRole> role = HostRole.parse(text);
        if (role.isEmpty() && !text.isEmpty()) {
            throw new InvalidInput("role '%s' is none of auto-assign, master, arbiter, worker".formatted(text));
        }
        return role.filter(given -> given != HostRole.AUTO_ASSIGN);
    }

    private static Host.Wishes wishes(HubObject agent) {
        Map<String, String> nodeLabels = new LinkedHashMap<>();
        agent.map("spec", "nodeLabels").forEach((name, value) -> nodeLabels.put(name, String.valueOf(value)));
        return new Host.Wishes(
                UserJson.texts("installerArgs", agent.text("spec", "installerArgs")),
                UserJson.object("ignitionConfigOverrides", agent.text("spec", "ignitionConfigOverrides")),
                agent.text("spec", "machineConfigPool"),
                nodeLabels);
    }

    private void show(HubObject agent, Host host, Condition synced) {
        Map<String, Object> status = new LinkedHashMap<>();
        Map<String, Object> metadata = new LinkedHashMap<>();
        host.lockedRun(() -> {
            status.putAll(AgentStatus.of(host, agent, synced, settings, clock.instant()));
            MergePatch.between(Map.copyOf(agent.annotations()), AgentStatus.annotations(host))
                    .ifPresent(patch -> metadata.put("annotations", patch));
            MergePatch.between(Map.copyOf(agent.labels()), AgentStatus.labels(host))
                    .ifPresent(patch -> metadata.put("labels", patch));
        });
        hub.ensureStatus(Kind.AGENT, agent, status);
        if (!metadata.isEmpty()) {
            hub.patch(Kind.AGENT, agent.key(), Map.of("metadata", metadata));
        }
    }

    /**
     * Like the real service, wants to remove an installed host's node from its cluster first, and cannot: a fake cluster has no API.
     * It does not try once the cluster is on its way out, or when the Agent says so.
     */
    private Optional<Duration> delete(HubObject agent, Optional<Host> registered) {
        boolean installed = agent.text("status", "progress", "currentStage").equals("Done");
        boolean skipped = agent.annotations().containsKey(SKIP_SPOKE_CLEANUP);
        if (installed && !skipped && registered.flatMap(Host::cluster).isPresent() && clusterStays(agent)) {
            return Optional.of(settings.scale().of(SPOKE_RETRY));
        }
        registered.ifPresent(desk::deregister);
        hub.removeFinalizer(Kind.AGENT, agent, Names.AGENT_FINALIZER);
        return Optional.empty();
    }

    private boolean clusterStays(HubObject agent) {
        Optional<HubObject> deployment = wantedCluster(agent).flatMap(key -> hub.get(Kind.CLUSTER_DEPLOYMENT, key));
        ObjectKey infraEnvKey =
                new ObjectKey(agent.key().namespace(), agent.labels().getOrDefault(Names.INFRA_ENV_LABEL, ""));
        return stays(deployment)
                && stays(hub.get(Kind.AGENT_CLUSTER_INSTALL, ClusterDeploymentReconciler.installOf(deployment.get())))
                && stays(hub.get(Kind.INFRA_ENV, infraEnvKey));
    }

    private static boolean stays(Optional<HubObject> object) {
        return object.isPresent() && !object.get().deleting();
    }
}
