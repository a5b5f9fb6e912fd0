package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reduces an object of the hub to what actors decide by; empty when it is none of the swarm's. */
final class Reading {
    private static final String DETACHED = "baremetalhost.metal3.io/detached";

    private static final String REBOOT = "reboot.metal3.io";

    /** Conditions of an AgentClusterInstall without which its installation does not begin. */
    private static final Set<String> NEEDED = Set.of("SpecSynced", "Validated", "RequirementsMet");

    private Reading() {}

    /** One entry of {@code status.conditions}. */
    private record Condition(String type, String status, String reason, String message, String since) {
        private Unmet unmet() {
            return new Unmet(type, reason, message, instant(since));
        }
    }

    static Optional<InfraEnvState> infraEnv(GenericKubernetesResource object) {
        return cluster(object)
                .map(cluster -> new InfraEnvState(
                        cluster,
                        text(object, "status", "isoDownloadURL"),
                        text(object, "status", "bootArtifacts", "discoveryIgnitionURL"),
                        text(object, "status", "debugInfo", "eventsURL"),
                        messageUnlessTrue(conditions(object), "ImageCreated")));
    }

    static Optional<AgentClusterInstallState> agentClusterInstall(GenericKubernetesResource object) {
        List<Condition> conditions = conditions(object);
        return cluster(object)
                .map(cluster -> new AgentClusterInstallState(
                        cluster,
                        text(object, "status", "debugInfo", "state"),
                        text(object, "status", "debugInfo", "stateInfo"),
                        text(object, "spec", "clusterMetadata", "infraID"),
                        number(object, "status", "progress", "totalPercentage"),
                        isTrue(conditions, "Completed"),
                        isTrue(conditions, "Failed"),
                        explanation(conditions),
                        Boolean.TRUE.equals(at(object.getAdditionalProperties(), "spec", "holdInstallation")),
                        conditions.stream()
                                .filter(Reading::isUnmet)
                                .map(Condition::unmet)
                                .toList()));
    }

    static Optional<BareMetalHostState> bareMetalHost(GenericKubernetesResource object) {
        return HostId.parse(object.getMetadata().getName())
                .map(host -> new BareMetalHostState(
                        host,
                        text(object, "status", "provisioning", "state"),
                        text(object, "spec", "image", "url"),
                        object.getMetadata().getAnnotations().containsKey(DETACHED),
                        text(object, "spec", "customDeploy", "method"),
                        object.getMetadata().getAnnotations().containsKey(REBOOT)));
    }

    /** It is called like its BareMetalHost. */
    static Optional<PreprovisioningImageState> preprovisioningImage(GenericKubernetesResource object) {
        List<Condition> conditions = conditions(object);
        return HostId.parse(object.getMetadata().getName())
                .map(host -> new PreprovisioningImageState(
                        host,
                        isTrue(conditions, "Ready") ? text(object, "status", "imageUrl") : "",
                        messageUnlessTrue(conditions, "Ready")));
    }

    static Optional<AgentState> agent(GenericKubernetesResource object, Function<String, Optional<HostId>> hostOfUuid) {
        return hostOfUuid
                .apply(object.getMetadata().getName())
                .map(host -> new AgentState(
                        host,
                        text(object, "status", "debugInfo", "state"),
                        text(object, "status", "debugInfo", "stateInfo"),
                        text(object, "status", "progress", "currentStage"),
                        conditions(object).stream()
                                .filter(condition -> !condition.status().equals("True")
                                        && !condition.type().equals("Installed")
                                        && !condition.type().equals("Cleanup"))
                                .map(Condition::unmet)
                                .toList(),
                        Boolean.TRUE.equals(at(object.getAdditionalProperties(), "status", "bootstrap"))));
    }

    /** Empty when it does not say. */
    static String eventsUrl(GenericKubernetesResource object) {
        return text(object, "status", "debugInfo", "eventsURL");
    }

    private static Optional<ClusterId> cluster(GenericKubernetesResource object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return Optional.ofNullable(labels.get(Labels.CLUSTER)).flatMap(ClusterId::parse);
    }

    private static boolean isTrue(List<Condition> conditions, String type) {
        return conditions.stream()
                .anyMatch(condition ->
                        condition.type().equals(type) && condition.status().equals("True"));
    }

    private static String messageUnlessTrue(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition ->
                        condition.type().equals(type) && !condition.status().equals("True"))
                .map(Condition::message)
                .findFirst()
                .orElse("");
    }

    private static boolean isUnmet(Condition condition) {
        return condition.type().equals("Failed")
                ? condition.status().equals("True")
                : NEEDED.contains(condition.type()) && !condition.status().equals("True");
    }

    private static String explanation(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition ->
                        condition.type().equals("Failed") && condition.status().equals("True"))
                .findFirst()
                .or(() -> conditions.stream().filter(Reading::isUnmet).findFirst())
                .map(condition -> condition.reason() + ": " + condition.message())
                .orElse("");
    }

    private static List<Condition> conditions(GenericKubernetesResource object) {
        return at(object.getAdditionalProperties(), "status", "conditions") instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(entry -> (Map<?, ?>) entry)
                        .map(entry -> new Condition(
                                string(entry.get("type")),
                                string(entry.get("status")),
                                string(entry.get("reason")),
                                PullSecretWords.redacted(string(entry.get("message"))),
                                string(entry.get("lastTransitionTime"))))
                        .toList()
                : List.of();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            // Some never say.
            return Optional.empty();
        }
    }

    private static String text(GenericKubernetesResource object, String... path) {
        return string(at(object.getAdditionalProperties(), path));
    }

    private static int number(GenericKubernetesResource object, String... path) {
        return at(object.getAdditionalProperties(), path) instanceof Number number ? number.intValue() : 0;
    }

    private static Object at(Object value, String... path) {
        Object here = value;
        for (String name : path) {
            here = here instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return here;
    }

    private static String string(Object value) {
        return value == null ? "" : value.toString();
    }
}
