package io.assistedswarm.worker.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.Done;

/** The hub by way of its custom resources: manifests by server-side apply, the machine's state by the BareMetalHost's status. */
public final class KubeHub implements Hub, AutoCloseable {
    private static final String FIELD_MANAGER = "assisted-swarm";
    private static final String APPLY = "?fieldManager=" + FIELD_MANAGER + "&force=true&fieldValidation=Strict";
    private static final String METAL3 = "metal3.io/v1alpha1";
    private static final String REBOOT = "reboot.metal3.io";
    private static final String CLUSTER_REFERENCE = "bmac.agent-install.openshift.io/cluster-reference";
    private static final ObjectMapper JSON = new ObjectMapper();
    private final KubeConnection connection;
    private final KubeRequests requests;
    private final KubeKinds kinds;
    private final Map<String, Unfinished> unfinished = new ConcurrentHashMap<>();

    /**
     * Where an attempt broke off, and the next one goes on: to begin each time with the first object would press a hub in trouble the
     * more, and with every third request failing hardly ever come to the last one.
     */
    private record Unfinished(List<Map<String, Object>> objects, int applied) {}

    /** @param connection closed with this hub */
    public KubeHub(KubeConnection connection, HubSettings settings) {
        this(connection, settings, RequestTimes.IGNORED);
    }

    /** @param connection closed with this hub */
    public KubeHub(KubeConnection connection, HubSettings settings, RequestTimes times) {
        this.connection = connection;
        this.requests = new KubeRequests(connection.client(), settings.rateLimit(), settings.timeout(), times);
        this.kinds = new KubeKinds(requests);
    }

    @Override
    public CompletionStage<Done> createCluster(SwarmSpec swarm, ClusterSpec cluster, int generation) {
        return cluster.traits().hold() == Hold.NONE
                ? applyCluster(swarm, cluster)
                : stillHeld(cluster.id())
                        .thenCompose(held -> applyCluster(swarm, held ? cluster : cluster.withHold(Hold.NONE)));
    }

    /** An installation that was released under an earlier actor must not be held again. */
    private CompletionStage<Boolean> stillHeld(ClusterId cluster) {
        return requests.get(installPath(cluster)).handle((install, failure) -> {
            if (failure == null) {
                return install.at("/spec/holdInstallation").asBoolean();
            }
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            if (cause instanceof HubTrouble trouble && trouble.status() == 404) {
                return true;
            }
            throw new CompletionException(cause);
        });
    }

    private CompletionStage<Done> applyCluster(SwarmSpec swarm, ClusterSpec cluster) {
        List<Template> templates = cluster.infraEnvOnly()
                ? swarm.manifests().infraEnv()
                : swarm.manifests().cluster();
        return applyAll("cluster " + cluster.id(), templates, TemplateScope.ofCluster(swarm, cluster), swarm, cluster);
    }

    @Override
    public CompletionStage<Done> createHost(SwarmSpec swarm, ClusterSpec cluster, HostId host) {
        return applyAll(
                "host " + host, swarm.manifests().host(), TemplateScope.ofHost(swarm, cluster, host), swarm, cluster);
    }

    /**
     * As the bare-metal operator does: named and labelled like its BareMetalHost, which owns it (baremetal-operator,
     * internal/controller/metal3.io/baremetalhost_controller.go). Without that owner the service does not give it an image
     * (assisted-service, internal/controller/controllers/preprovisioningimage_controller.go).
     */
    @Override
    public CompletionStage<Done> requestImage(HostId host) {
        return requests.get(machinePath(host))
                .thenCombine(
                        kinds.find(METAL3, "PreprovisioningImage"),
                        (machine, kind) -> requests.patch(
                                "apply PreprovisioningImage " + host.name(),
                                kind.path(host.cluster().name(), host.name()) + APPLY,
                                "application/apply-patch+yaml",
                                json(KubeObjects.preprovisioningImage(machine)),
                                true))
                .thenCompose(applied -> applied)
                .thenApply(done -> Done.getInstance());
    }

    /** All fields that the schema requires, by a merge patch: the service writes the same object all the time. */
    @Override
    public CompletionStage<Done> mark(HostId host, MachineState state, String imageUrl) {
        Map<String, Object> status = Map.of(
                "errorCount",
                0,
                "errorMessage",
                "",
                "goodCredentials",
                Map.of(),
                "hardwareProfile",
                "",
                "operationalStatus",
                "discovered",
                "poweredOn",
                true,
                "provisioning",
                Map.of("ID", "", "image", Map.of("url", imageUrl), "state", state.wireName()));
        return merge(
                "write status " + state.wireName() + " of BareMetalHost " + host.name(),
                machinePath(host) + "/status",
                Map.of("status", status));
    }

    @Override
    public CompletionStage<Done> confirmReboot(HostId host) {
        return merge(
                "take annotation " + REBOOT + " from BareMetalHost " + host.name(),
                machinePath(host),
                Map.of("metadata", Map.of("annotations", Collections.singletonMap(REBOOT, null))));
    }

    /**
     * By the BareMetalHost's annotation, which BMAC copies to the Agent's {@code spec.clusterDeploymentName}: this annotation is nobody's
     * but ours, while the Agent is written by the service all the time.
     */
    @Override
    public CompletionStage<Done> bindHost(ClusterSpec spec, HostId host) {
        String cluster = host.cluster().name();
        return merge(
                "bind BareMetalHost " + host.name(),
                machinePath(host),
                Map.of("metadata", Map.of("annotations", Map.of(CLUSTER_REFERENCE, cluster + "/" + cluster))));
    }

    /** The service's controllers do so by themselves. */
    @Override
    public CompletionStage<Done> installHost(HostId host) {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Done> release(ClusterId cluster) {
        return merge(
                "release AgentClusterInstall " + cluster.name(),
                installPath(cluster),
                Map.of("spec", Map.of("holdInstallation", false)));
    }

    /** Plans that ask for it are refused: the Kubernetes API has it in other ways. */
    @Override
    public CompletionStage<Fetched> fetch(ClusterId cluster, Download what) {
        return CompletableFuture.failedFuture(new HubRefusal(
                Side.PLAN,
                "NotSupported",
                "the " + what.label() + " of " + cluster + " is fetched by REST only; add 'api: rest' to its group"));
    }

    /** Requests sent since the start. */
    public long requests() {
        return connection.requests();
    }

    @Override
    public void close() {
        connection.close();
    }

    private CompletionStage<Done> applyAll(
            String owner, List<Template> templates, TemplateScope scope, SwarmSpec swarm, ClusterSpec cluster) {
        List<Map<String, Object>> objects;
        try {
            objects = templates.stream()
                    .flatMap(template -> KubeObjects.parse(template.name(), scope.renderYaml(template)).stream())
                    .toList();
        } catch (IllegalArgumentException e) {
            return KubeRequests.failed(new HubRefusal(Side.PLAN, "ManifestInvalid", e.getMessage()));
        }
        int applied = Optional.ofNullable(unfinished.remove(owner))
                .filter(before -> before.objects().equals(objects))
                .map(Unfinished::applied)
                .orElse(0);
        return applyFrom(applied, objects, owner, swarm, cluster);
    }

    private CompletionStage<Done> applyFrom(
            int index, List<Map<String, Object>> objects, String owner, SwarmSpec swarm, ClusterSpec cluster) {
        if (index == objects.size()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return apply(objects.get(index), swarm, cluster)
                .handle((done, failure) -> {
                    if (failure == null) {
                        return applyFrom(index + 1, objects, owner, swarm, cluster);
                    }
                    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                    // Not found: what was applied before, the namespace above all, is not there any more.
                    if (cause instanceof HubTrouble trouble && trouble.status() != 404) {
                        unfinished.put(owner, new Unfinished(objects, index));
                    }
                    return CompletableFuture.<Done>failedFuture(cause);
                })
                .thenCompose(next -> next);
    }

    private CompletionStage<Void> apply(Map<String, Object> object, SwarmSpec swarm, ClusterSpec cluster) {
        String kind = KubeObjects.text(object, "kind");
        return kinds.find(KubeObjects.text(object, "apiVersion"), kind).thenCompose(resource -> {
            String name = KubeObjects.name(object);
            Map<String, Object> labelled = KubeObjects.labelled(
                    object,
                    Map.of(
                            Labels.SWARM,
                            swarm.id().value(),
                            Labels.CLUSTER,
                            cluster.id().name()));
            String namespace = KubeObjects.namespace(object).orElse(cluster.id().name());
            return requests.patch(
                    "apply " + kind + " " + name,
                    resource.path(namespace, name) + APPLY,
                    "application/apply-patch+yaml",
                    json(labelled),
                    !kind.equals("Secret"));
        });
    }

    /** Changes these fields and no others, whatever others do to the object meanwhile. */
    private CompletionStage<Done> merge(String what, String path, Map<String, Object> change) {
        return requests.patch(
                        what,
                        path + "?fieldManager=" + FIELD_MANAGER,
                        "application/merge-patch+json",
                        json(change),
                        true)
                .thenApply(done -> Done.getInstance());
    }

    private static String machinePath(HostId host) {
        return "/apis/" + METAL3 + "/namespaces/" + host.cluster().name() + "/baremetalhosts/" + host.name();
    }

    private static String installPath(ClusterId cluster) {
        return "/apis/extensions.hive.openshift.io/v1beta1/namespaces/" + cluster.name() + "/agentclusterinstalls/"
                + cluster.name();
    }

    private static String json(Map<String, Object> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts can always be written as JSON", e);
        }
    }
}
