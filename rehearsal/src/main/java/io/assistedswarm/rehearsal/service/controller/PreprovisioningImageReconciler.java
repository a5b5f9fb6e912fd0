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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PreprovisioningImage gets the InfraEnv's image when that is old enough (reference, cr-lifecycle.md 7.4), and its owner is asked to
 * boot again when that changes (assisted-service, internal/controller/controllers/preprovisioningimage_controller.go).
 */
final class PreprovisioningImageReconciler implements Reconciler {
    private static final Logger log = LoggerFactory.getLogger(PreprovisioningImageReconciler.class);
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
        Optional<HubObject> infraEnv =
                hub.get(Kind.INFRA_ENV, new ObjectKey(image.key().namespace(), name));
        // Its creation or its image asks for this one again.
        return infraEnv.flatMap(found -> provide(image, found));
    }

    private Optional<Duration> provide(HubObject image, HubObject infraEnv) {
        String wanted = image.text("spec", "architecture");
        String made = infraEnv.text("spec", "cpuArchitecture");
        if (!wanted.isEmpty() && !wanted.equals(made)) {
            notReady(
                    image,
                    "InfraEnvArchMismatch",
                    "PreprovisioningImage wants architecture %s, the InfraEnv has %s".formatted(wanted, made));
            return Optional.empty();
        }
        if (infraEnv.text("status", "isoDownloadURL").isEmpty()) {
            notReady(image, "WaitingForInfraEnvImageToBeCreated", "the InfraEnv has no image yet");
            return Optional.empty();
        }
        Duration left = InfraEnvReconciler.cooldownLeft(infraEnv, settings, clock.instant());
        if (!left.isZero()) {
            notReady(image, "WaitingForInfraEnvImageToCoolDown", "the InfraEnv's image is too new");
            return Optional.of(left);
        }
        Optional<HubObject> host = ownerOf(image);
        if (host.isEmpty()) {
            log.warn("PreprovisioningImage [{}] gets no image, as no BareMetalHost owns it", image.key());
            return Optional.empty();
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
        String before = image.text("status", "imageUrl");
        if (!before.isEmpty() && !before.equals(status.get("imageUrl"))) {
            askForReboot(host.get());
        }
        return Optional.empty();
    }

    /** Unless it is installed by now. */
    private void askForReboot(HubObject host) {
        if (!host.text("status", "provisioning", "state").equals("provisioned")) {
            hub.patch(
                    Kind.BARE_METAL_HOST,
                    host.key(),
                    Map.of("metadata", Map.of("annotations", Map.of(Names.REBOOT, "{\"force\": true}"))));
        }
    }

    private Optional<HubObject> ownerOf(HubObject image) {
        return image.ownersOfKind("BareMetalHost").stream()
                .findFirst()
                .flatMap(name ->
                        hub.get(Kind.BARE_METAL_HOST, new ObjectKey(image.key().namespace(), name)));
    }

    private void notReady(HubObject image, String reason, String message) {
        hub.ensureStatus(
                Kind.PREPROVISIONING_IMAGE,
                image,
                Map.of("conditions", conditions(image, Condition.no(READY, reason, message))));
    }

    private List<Map<String, Object>> conditions(HubObject image, Condition condition) {
        return Conditions.merged(image.objects("status", "conditions"), List.of(condition), false, clock.instant());
    }
}
