package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A PreprovisioningImage gets the InfraEnv's image when that is old enough (reference, cr-lifecycle.md 7.4). */
final class PreprovisioningImageReconciler implements Reconciler {
    private static final String READY = "Ready";
    private final Hub hub;
    private final ServiceSettings settings;
    private final Clock clock;

    PreprovisioningImageReconciler(Hub hub, ServiceSettings settings, Clock clock) {
        this.hub = hub;
        this.settings = settings;
        this.clock = clock;
    }

    static boolean isReady(HubObject image) {
        return image.objects("status", "conditions").stream()
                .anyMatch(condition -> READY.equals(condition.get("type")) && "True".equals(condition.get("status")));
    }

    @Override
    public Optional<Duration> reconcile(ObjectKey key) {
        return hub.get(Kind.PREPROVISIONING_IMAGE, key).flatMap(this::reconcile);
    }

    private Optional<Duration> reconcile(HubObject image) {
        if (image.deleting()) {
            hub.removeFinalizer(Kind.PREPROVISIONING_IMAGE, image, Names.PREPROVISIONING_IMAGE_FINALIZER);
            return Optional.empty();
        }
        if (!image.has(Names.PREPROVISIONING_IMAGE_FINALIZER)) {
            hub.addFinalizer(Kind.PREPROVISIONING_IMAGE, image, Names.PREPROVISIONING_IMAGE_FINALIZER, Map.of());
        }
        String name = image.labels().getOrDefault(Names.INFRA_ENV_LABEL, "");
        Optional<HubObject> infraEnv = hub.get(
                        Kind.INFRA_ENV, new ObjectKey(image.key().namespace(), name))
                .filter(found -> !found.text("status", "isoDownloadURL").isEmpty());
        if (infraEnv.isEmpty()) {
            // Its creation or its image asks for this one again.
            return Optional.empty();
        }
        return provide(image, infraEnv.get());
    }

    private Optional<Duration> provide(HubObject image, HubObject infraEnv) {
        String wanted = image.text("spec", "architecture");
        String made = infraEnv.text("spec", "cpuArchitecture");
        if (!wanted.isEmpty() && !wanted.equals(made)) {
            Condition mismatch = Condition.no(
                    READY,
                    "InfraEnvArchMismatch",
                    "PreprovisioningImage wants architecture %s, the InfraEnv has %s".formatted(wanted, made));
            hub.ensureStatus(Kind.PREPROVISIONING_IMAGE, image, Map.of("conditions", conditions(image, mismatch)));
            return Optional.empty();
        }
        Duration left = InfraEnvReconciler.cooldownLeft(infraEnv, settings, clock.instant());
        if (!left.isZero()) {
            return Optional.of(left);
        }
        Map<String, Object> status = new LinkedHashMap<>();
        boolean iso = image.texts("spec", "acceptFormats").contains("iso");
        status.put("architecture", made);
        status.put(
                "conditions",
                conditions(image, Condition.yes(READY, "InfraEnvAvailable", "InfraEnv image is available")));
        status.put("format", iso ? "iso" : "initrd");
        status.put(
                "imageUrl",
                iso ? infraEnv.text("status", "isoDownloadURL") : infraEnv.text("status", "bootArtifacts", "initrd"));
        status.put("kernelUrl", iso ? null : infraEnv.text("status", "bootArtifacts", "kernel"));
        hub.ensureStatus(Kind.PREPROVISIONING_IMAGE, image, status);
        return Optional.empty();
    }

    private List<Map<String, Object>> conditions(HubObject image, Condition condition) {
        return Conditions.merged(image.objects("status", "conditions"), List.of(condition), false, clock.instant());
    }
}
