package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.machine.Releases;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.rest.RestApi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** An InfraEnv gets its image: a URL, for nothing is generated before somebody downloads it (reference, cr-lifecycle.md 5). */
final class InfraEnvReconciler implements Reconciler {
    private static final String LATEST_VERSION = "4.18";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private final Hub hub;
    private final ServiceSettings settings;
    private final Registry registry;
    private final ClusterDesk desk;
    private final PullSecrets pullSecrets;
    private final Clock clock;

    InfraEnvReconciler(
            Hub hub,
            ServiceSettings settings,
            Registry registry,
            ClusterDesk desk,
            PullSecrets pullSecrets,
            Clock clock) {
        this.hub = hub;
        this.settings = settings;
        this.registry = registry;
        this.desk = desk;
        this.pullSecrets = pullSecrets;
        this.clock = clock;
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        return hub.get(Kind.INFRA_ENV, key).flatMap(this::reconcile);
    }

    private Optional<Duration> reconcile(HubObject object) {
        if (object.deleting()) {
            registry.infraEnv(object.key()).ifPresent(desk::deregister);
            hub.removeFinalizer(Kind.INFRA_ENV, object, Names.INFRA_ENV_FINALIZER);
            return Optional.empty();
        }
        if (!object.has(Names.INFRA_ENV_FINALIZER)) {
            hub.addFinalizer(Kind.INFRA_ENV, object, Names.INFRA_ENV_FINALIZER, Map.of());
        }
        try {
            Optional<InfraEnv> row = registry.infraEnv(object.key()).or(() -> register(object));
            if (row.isEmpty()) {
                // Its cluster is not registered yet; the cluster's registration asks for this InfraEnv again.
                return Optional.of(settings.scale().of(LOOK_AGAIN));
            }
            writeImage(object, row.get());
            return Optional.empty();
        } catch (InvalidInput e) {
            writeCondition(
                    object,
                    Condition.no(
                            "ImageCreated",
                            "ImageCreationError",
                            "Failed to create image" + (e.isTakenForItsOwn() ? " due to an internal error: " : ": ")
                                    + e.getMessage()));
            return Optional.of(settings.scale().of(LOOK_AGAIN));
        }
    }

    private Optional<InfraEnv> register(HubObject object) {
        Optional<Cluster> cluster = Optional.empty();
        if (!object.text("spec", "clusterRef", "name").isEmpty()) {
            ObjectKey deployment = new ObjectKey(
                    object.text("spec", "clusterRef", "namespace"), object.text("spec", "clusterRef", "name"));
            if (hub.get(Kind.CLUSTER_DEPLOYMENT, deployment).isEmpty()) {
                writeCondition(
                        object,
                        Condition.no(
                                "ImageCreated",
                                "MissingClusterDeployment",
                                "Cluster deployment does not exist: clusterDeployment with name %s in namespace %s not found"
                                        .formatted(deployment.name(), deployment.namespace())));
                return Optional.empty();
            }
            cluster = registry.cluster(deployment);
            if (cluster.isEmpty()) {
                return Optional.empty();
            }
        }
        String pullSecret = pullSecrets.read(
                new ObjectKey(object.key().namespace(), object.text("spec", "pullSecretRef", "name")), List.of());
        InfraEnv row = new InfraEnv(UUID.randomUUID(), object.key(), cluster, clock.instant());
        row.openshiftVersion = cluster.map(bound -> Releases.majorMinor(bound.definition.openshiftVersion()))
                .orElseGet(() -> orElse(object.text("spec", "osImageVersion"), LATEST_VERSION));
        row.cpuArchitecture = orElse(object.text("spec", "cpuArchitecture"), "x86_64");
        row.autoApprove = object.flag("spec", "agentApproval", "autoApprove");
        row.pullSecretSet = true;
        row.agentToken = settings.credentials().ofAgents(row.id, pullSecret);
        desk.register(row);
        return Optional.of(row);
    }

    private void writeImage(HubObject object, InfraEnv row) {
        String staticNetwork = staticNetwork(object);
        String sshKey = object.text("spec", "sshAuthorizedKey");
        String imageType = orElse(object.text("spec", "imageType"), row.imageType);
        // In the row, as a status whose write fails is written again by a look that finds nothing changed.
        Instant created = row.locked(() -> {
            if (row.imageCreatedAt.isEmpty()
                    || !row.staticNetwork.equals(staticNetwork)
                    || !row.sshKey.equals(sshKey)
                    || !row.imageType.equals(imageType)) {
                row.imageCreatedAt = Optional.of(clock.instant());
            }
            row.imageType = imageType;
            row.staticNetwork = staticNetwork;
            row.sshKey = sshKey;
            return row.imageCreatedAt.get();
        });
        String api = settings.apiUrl() + "/infra-envs/" + row.id + "/downloads/files?file_name=";
        String images = settings.imageServiceUrl();
        UnaryOperator<String> signed = url -> settings.credentials().signedForInfraEnv(url, row.id);
        String query = "?arch=" + row.cpuArchitecture + "&version=" + row.openshiftVersion;
        Map<String, Object> status = new LinkedHashMap<>();
        status.put(
                "agentLabelSelector",
                Map.of("matchLabels", Map.of(Names.INFRA_ENV_LABEL, object.key().name())));
        status.put(
                "bootArtifacts",
                new TreeMap<>(Map.of(
                        "discoveryIgnitionURL",
                        signed.apply(api + "discovery.ign"),
                        "initrd",
                        signed.apply(images + "/images/" + row.id + "/pxe-initrd" + query),
                        "ipxeScript",
                        signed.apply(api + "ipxe-script"),
                        "kernel",
                        images + "/boot-artifacts/kernel" + query,
                        "rootfs",
                        images + "/boot-artifacts/rootfs" + query)));
        status.put(
                "conditions",
                conditions(
                        object,
                        Condition.yes(
                                "ImageCreated", "InfraEnvAvailable", "InfraEnv is available: Image has been created")));
        status.put("createdTime", Conditions.time(created));
        Map<String, Object> debug = new LinkedHashMap<>();
        debug.put("eventsURL", signed.apply(settings.apiUrl() + "/events?infra_env_id=" + row.id));
        if (row.hasStaticNetwork()) {
            debug.put("staticNetworkDownloadURL", signed.apply(api + "static-network-config"));
        }
        status.put("debugInfo", debug);
        status.put("isoDownloadURL", RestApi.imageUrl(settings, row));
        hub.ensureStatus(Kind.INFRA_ENV, object, status);
    }

    /** NMStateConfigs of all namespaces count, as in the service; so their labels must be unique on a hub. */
    private String staticNetwork(HubObject object) {
        Map<String, Object> wanted = object.map("spec", "nmStateConfigLabelSelector", "matchLabels");
        List<HubObject> configs = wanted.isEmpty()
                ? List.of()
                : hub.all(Kind.NMSTATE_CONFIG)
                        .filter(config -> config.labels().entrySet().containsAll(wanted.entrySet()))
                        .sorted(Comparator.comparing(config -> config.key().toString()))
                        .toList();
        // Which of its networks a host takes it tells by its MACs.
        Map<String, ObjectKey> owners = new HashMap<>();
        for (HubObject config : configs) {
            if (config.objects("spec", "config", "interfaces").isEmpty()) {
                throw new InvalidInput("NMStateConfig %s has no interfaces in its config".formatted(config.key()));
            }
            for (Map<String, Object> nic : config.objects("spec", "interfaces")) {
                String mac = String.valueOf(nic.get("macAddress")).toLowerCase(Locale.ROOT);
                ObjectKey other = owners.put(mac, config.key());
                if (other != null) {
                    throw new InvalidInput(
                            "MAC %s is in NMStateConfig %s and in %s".formatted(mac, other, config.key()));
                }
            }
        }
        return configs.isEmpty()
                ? ""
                : Json.text(configs.stream().map(config -> config.map("spec")).toList());
    }

    private void writeCondition(HubObject object, Condition condition) {
        hub.ensureStatus(Kind.INFRA_ENV, object, Map.of("conditions", conditions(object, condition)));
    }

    private List<Map<String, Object>> conditions(HubObject object, Condition condition) {
        return Conditions.merged(object.objects("status", "conditions"), List.of(condition), false, clock.instant());
    }

    /** How long BareMetalHosts still wait for the image; zero once it is old enough. */
    static Duration cooldownLeft(HubObject infraEnv, ServiceSettings settings, Instant now) {
        Instant created = Instant.parse(infraEnv.text("status", "createdTime"));
        Duration left = Duration.between(
                now, created.plus(settings.scale().of(settings.timeouts().imageCooldown())));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static String orElse(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }
}
