package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes and frees single objects of one swarm, and keeps in mind what the hub would not do. Thread-safe; blocks. */
final class LabelledObjects {
    private static final Logger LOG = LoggerFactory.getLogger(LabelledObjects.class);

    private final KubernetesClient client;
    private final SwarmId swarm;
    /** By uid, what the hub said last. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    LabelledObjects(KubernetesClient client, SwarmId swarm) {
        this.client = client;
        this.swarm = swarm;
    }

    /** Whatever a watch has said: the label decides. */
    boolean carriesLabel(ObjectMeta metadata) {
        return metadata.getLabels() != null
                && swarm.value().equals(metadata.getLabels().get(Labels.SWARM));
    }

    void delete(ObjectKind kind, ObjectMeta metadata) {
        carryOut(
                kind,
                metadata,
                "deleted",
                () -> object(kind, metadata)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }

    /** Takes its finalizers away, if it is as it was looked at: being deleted, and the swarm's. */
    void free(ObjectKind kind, ObjectMeta metadata) {
        carryOut(kind, metadata, "freed", () -> {
            GenericKubernetesResource now = object(kind, metadata).get();
            if (now == null
                    || !now.getMetadata().getUid().equals(metadata.getUid())
                    || !carriesLabel(now.getMetadata())
                    || now.getMetadata().getDeletionTimestamp() == null) {
                return;
            }
            LOG.warn(
                    "[{}] [{}/{}] is freed from [{}] by force",
                    kind.kind(),
                    metadata.getNamespace(),
                    metadata.getName(),
                    now.getMetadata().getFinalizers());
            object(kind, metadata)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"resourceVersion\":\""
                                    + now.getMetadata().getResourceVersion() + "\",\"finalizers\":null}}");
        });
    }

    Optional<String> refusal(ObjectMeta metadata) {
        return Optional.ofNullable(refusals.get(metadata.getUid()));
    }

    private void carryOut(ObjectKind kind, ObjectMeta metadata, String what, Runnable call) {
        try {
            call.run();
            refusals.remove(metadata.getUid());
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "[{}] [{}/{}] is not {} yet: {}",
                    kind.kind(),
                    metadata.getNamespace(),
                    metadata.getName(),
                    what,
                    e.getMessage());
            refusals.put(metadata.getUid(), String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private Resource<GenericKubernetesResource> object(ObjectKind kind, ObjectMeta metadata) {
        var ofKind = client.genericKubernetesResources(kind.context());
        return kind.namespaced()
                ? ofKind.inNamespace(metadata.getNamespace()).withName(metadata.getName())
                : ofKind.withName(metadata.getName());
    }
}
