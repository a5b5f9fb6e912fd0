package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a BareMetalHost is to be like by its state and its Agent's. Decides only (reference, cr-lifecycle.md 7.3 and 7.4).
 *
 * @param annotations a null value takes one away
 * @param spec likewise
 * @param lookAgain when to look again even if nothing changes
 */
record MetalPlan(Map<String, Object> annotations, Map<String, Object> spec, Optional<Duration> lookAgain) {
    private static final Set<String> READY_FOR_IMAGE = Set.of("ready", "available");
    private static final Set<String> BEYOND_METAL = Set.of("Failed", "Rebooting", "Joined", "Done");

    /** The InfraEnv's image is written into {@code spec.image}. */
    static MetalPlan imaged(
            HubObject host, HubObject infraEnv, Optional<HubObject> agent, ServiceSettings settings, Instant now) {
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put(Names.INSPECT, "disabled");
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("automatedCleaningMode", "disabled");
        boolean detached = host.annotations().containsKey(Names.DETACHED);
        if (agent.filter(MetalPlan::unbound).isPresent()) {
            annotations.put(Names.DETACHED, null);
            if (detached) {
                // Its image goes; once whoever plays the metal makes it available again it gets one.
                spec.put("image", null);
                return new MetalPlan(annotations, spec, Optional.empty());
            }
        } else if (agent.filter(found -> BEYOND_METAL.contains(found.text("status", "progress", "currentStage")))
                .isPresent()) {
            annotations.put(Names.DETACHED, Names.DETACHED_BY);
        }
        String url = infraEnv.text("status", "isoDownloadURL");
        if (detached || url.isEmpty() || url.equals(host.text("spec", "image", "url"))) {
            return new MetalPlan(annotations, spec, Optional.empty());
        }
        if (!READY_FOR_IMAGE.contains(state(host))) {
            spec.put("image", null);
            return new MetalPlan(annotations, spec, Optional.empty());
        }
        Duration left = InfraEnvReconciler.cooldownLeft(infraEnv, settings, now);
        if (!left.isZero()) {
            return new MetalPlan(annotations, spec, Optional.of(left));
        }
        spec.put("online", true);
        Map<String, Object> image = new LinkedHashMap<>();
        image.put("format", "live-iso");
        image.put("url", url);
        spec.put("image", image);
        return new MetalPlan(annotations, spec, Optional.empty());
    }

    /** No image: whoever plays the metal boots it from its PreprovisioningImage and deploys it by the custom method. */
    static MetalPlan converged(HubObject host, Optional<HubObject> image, Optional<HubObject> agent) {
        Map<String, Object> annotations = new LinkedHashMap<>();
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("image", null);
        boolean unbound = agent.filter(MetalPlan::unbound).isPresent();
        if (unbound) {
            annotations.put(Names.DETACHED, null);
        } else if (state(host).equals("provisioned")) {
            annotations.put(Names.DETACHED, Names.DETACHED_BY);
        }
        if (unbound && host.annotations().containsKey(Names.DETACHED)) {
            spec.put("customDeploy", null);
        } else if (image.filter(PreprovisioningImageReconciler::isReady).isPresent()
                && !(unbound && !READY_FOR_IMAGE.contains(state(host)))) {
            spec.put("customDeploy", Map.of("method", "start_assisted_install"));
        }
        return new MetalPlan(annotations, spec, Optional.empty());
    }

    /** Installed, then taken from its cluster: it is to be booted into the discovery image again. */
    private static boolean unbound(HubObject agent) {
        return agent.text("status", "debugInfo", "state").equals("unbinding-pending-user-action");
    }

    private static String state(HubObject host) {
        return host.text("status", "provisioning", "state");
    }
}
