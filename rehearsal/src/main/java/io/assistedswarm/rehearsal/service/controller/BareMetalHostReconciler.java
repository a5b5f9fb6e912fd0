package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BareMetalHost gets the InfraEnv's image when it is ready for one, and stands for the Agent with its MAC: approves it, gives it
 * role and name (reference, cr-lifecycle.md 7.3, without the converged flow).
 */
final class BareMetalHostReconciler implements Reconciler {
    private static final Logger log = LoggerFactory.getLogger(BareMetalHostReconciler.class);
    private static final Map<String, String> AGENT_FIELDS = Map.of(
            "role", "role",
            "hostname", "hostname",
            "machine-config-pool", "machineConfigPool",
            "installer-args", "installerArgs",
            "ignition-config-overrides", "ignitionConfigOverrides");
    private final Hub hub;
    private final ServiceSettings settings;
    private final Clock clock;

    BareMetalHostReconciler(Hub hub, ServiceSettings settings, Clock clock) {
        this.hub = hub;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        return hub.get(Kind.BARE_METAL_HOST, key).flatMap(this::reconcile);
    }

    private Optional<Duration> reconcile(HubObject host) {
        if (host.deleting()) {
            hub.removeFinalizer(Kind.BARE_METAL_HOST, host, Names.BMH_FINALIZER);
            return Optional.empty();
        }
        Optional<HubObject> infraEnv = infraEnvOf(host);
        if (infraEnv.isEmpty()) {
            return Optional.empty();
        }
        Optional<HubObject> agent = agentOf(host);
        agent.ifPresent(found -> adopt(host, infraEnv.get(), found));
        return prepare(host, infraEnv.get(), agent);
    }

    private Optional<HubObject> infraEnvOf(HubObject host) {
        String name = host.labels().getOrDefault(Names.INFRA_ENV_LABEL, "");
        return name.isEmpty()
                ? Optional.empty()
                : hub.get(Kind.INFRA_ENV, new ObjectKey(host.key().namespace(), name));
    }

    /** The newest Agent of the namespace that has an interface with the BareMetalHost's MAC. */
    private Optional<HubObject> agentOf(HubObject host) {
        return hub.withMac(Kind.AGENT, host.key().namespace(), host.text("spec", "bootMACAddress"))
                .max(Comparator.comparing(HubObject::creationTimestamp)
                        .thenComparing(agent -> agent.key().name()));
    }

    private Optional<Duration> prepare(HubObject host, HubObject infraEnv, Optional<HubObject> agent) {
        MetalPlan plan = settings.variables().convergedFlow()
                ? MetalPlan.converged(host, hub.get(Kind.PREPROVISIONING_IMAGE, host.key()), agent)
                : MetalPlan.imaged(host, infraEnv, agent, settings, clock.instant());
        Map<String, Object> annotations = new LinkedHashMap<>(plan.annotations());
        agent.ifPresent(found -> annotations.put(
                Names.HARDWARE_DETAILS, Json.text(HardwareDetails.of(found.map("status", "inventory")))));
        Map<String, Object> patch = new LinkedHashMap<>();
        MergePatch.between(host.map("spec"), plan.spec()).ifPresent(changed -> patch.put("spec", changed));
        Map<String, Object> metadata = new LinkedHashMap<>();
        MergePatch.between(Map.copyOf(host.annotations()), annotations)
                .ifPresent(changed -> metadata.put("annotations", changed));
        MergePatch.between(Map.copyOf(host.labels()), Map.of(Names.BACKUP_LABEL, "true"))
                .ifPresent(changed -> metadata.put("labels", changed));
        if (!host.has(Names.BMH_FINALIZER)) {
            metadata.put(
                    "finalizers",
                    Stream.concat(host.finalizers().stream(), Stream.of(Names.BMH_FINALIZER))
                            .toList());
            metadata.put("resourceVersion", host.resourceVersion());
        }
        if (!metadata.isEmpty()) {
            patch.put("metadata", metadata);
        }
        if (!patch.isEmpty()) {
            hub.patch(Kind.BARE_METAL_HOST, host.key(), patch);
        }
        return plan.lookAgain();
    }

    /** Approves the Agent and hands it what the BareMetalHost's annotations ask for. */
    private void adopt(HubObject host, HubObject infraEnv, HubObject agent) {
        if (agent.deleting()) {
            return;
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("approved", true);
        String reference = host.annotations().get(Names.CLUSTER_REFERENCE);
        if (reference != null) {
            if (!infraEnv.text("spec", "clusterRef", "name").isEmpty()) {
                log.warn(
                        "BareMetalHost [{}] refers to a cluster, but its InfraEnv has one; nothing is done",
                        host.key());
                return;
            }
            int slash = reference.indexOf('/');
            spec.put(
                    "clusterDeploymentName",
                    slash < 0
                            ? null
                            : Map.of(
                                    "namespace",
                                    reference.substring(0, slash),
                                    "name",
                                    reference.substring(slash + 1)));
        }
        AGENT_FIELDS.forEach(
                (annotation, field) -> Optional.ofNullable(host.annotations().get(Names.BMAC + annotation))
                        .ifPresent(value -> spec.put(field, value)));
        Map<String, Object> nodeLabels = new LinkedHashMap<>();
        Map<String, Object> labels =
                new LinkedHashMap<>(Map.of(Names.BMH_LABEL, host.key().name()));
        host.annotations().forEach((name, value) -> {
            if (name.startsWith(Names.BMAC_NODE_LABEL)) {
                nodeLabels.put(name.substring(Names.BMAC_NODE_LABEL.length()), value);
            } else if (name.startsWith(Names.BMAC_AGENT_LABEL)) {
                labels.put(name.substring(Names.BMAC_AGENT_LABEL.length()), value);
            }
        });
        if (!nodeLabels.isEmpty()) {
            spec.put("nodeLabels", nodeLabels);
        }
        Map<String, Object> patch = new LinkedHashMap<>();
        MergePatch.between(agent.map("spec"), spec).ifPresent(changed -> patch.put("spec", changed));
        MergePatch.between(Map.copyOf(agent.labels()), labels)
                .ifPresent(changed -> patch.put("metadata", Map.of("labels", changed)));
        if (!patch.isEmpty()) {
            hub.patch(Kind.AGENT, agent.key(), patch);
        }
    }

    /** The BareMetalHosts to look at when an Agent changes. */
    static List<ObjectKey> hostsOf(Hub hub, HubObject agent) {
        return Hub.macs(agent).stream()
                .flatMap(mac -> hub.withMac(Kind.BARE_METAL_HOST, agent.key().namespace(), mac))
                .map(HubObject::key)
                .distinct()
                .toList();
    }
}
