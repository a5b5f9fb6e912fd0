package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the service's admission webhooks deny (reference, cr-lifecycle.md 4.1 and 5). They default nothing here. */
final class AdmissionRules {
    private static final Set<String> STARTED =
            Set.of("InstallationInProgress", "InstallationFailed", "InstallationCompleted");
    private static final String COMPLETED = "InstallationCompleted";

    private AdmissionRules() {}

    /** @throws StatusFailure if it is denied */
    static void admitNew(ResourceType type, JsonNode tree) {
        denialOfNew(type, tree).ifPresent(why -> deny(type, why));
    }

    /** @throws StatusFailure if it is denied */
    static void admitChange(ResourceType type, JsonNode before, JsonNode now) {
        denialOfChange(type, before, now).ifPresent(why -> deny(type, why));
    }

    private static void deny(ResourceType type, String why) {
        throw StatusFailure.badRequest("admission webhook for %s denied the request: %s".formatted(type.plural(), why));
    }

    private static Optional<String> denialOfNew(ResourceType type, JsonNode tree) {
        JsonNode spec = tree.path("spec");
        return switch (type.kind()) {
            case "AgentClusterInstall" -> denialOfNetworking(spec);
            case "InfraEnv" -> {
                boolean both = !Json.text(spec, "clusterRef", "name").isEmpty() && spec.hasNonNull("osImageVersion");
                yield both
                        ? Optional.of("Either Spec.ClusterRef or Spec.OSImageVersion should be specified (not both).")
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private static Optional<String> denialOfChange(ResourceType type, JsonNode before, JsonNode now) {
        JsonNode old = before.path("spec");
        JsonNode spec = now.path("spec");
        if (old.equals(spec)) {
            return Optional.empty();
        }
        return switch (type.kind()) {
            case "AgentClusterInstall" -> denialOfInstallChange(before, old, spec);
            case "InfraEnv" -> immutable(List.of("clusterRef", "cpuArchitecture"), old, spec);
            default -> Optional.empty();
        };
    }

    private static Optional<String> denialOfInstallChange(JsonNode before, JsonNode old, JsonNode spec) {
        String progress = "";
        for (JsonNode condition : before.path("status").path("conditions")) {
            if (Json.text(condition, "type").equals("Completed")) {
                progress = Json.text(condition, "reason");
            }
        }
        boolean ended = progress.equals(COMPLETED);
        if (STARTED.contains(progress) && !frozen(old, ended).equals(frozen(spec, ended))) {
            return Optional.of(
                    "Attempted to change AgentClusterInstall.Spec which is immutable after install started, except for"
                            + " ClusterMetadata and IgnitionEndpoint fields");
        }
        return immutable(List.of("imageSetRef"), old, spec).or(() -> denialOfNetworking(spec));
    }

    /** What may not change any more. */
    private static JsonNode frozen(JsonNode spec, boolean ended) {
        if (!(spec instanceof ObjectNode object)) {
            return spec;
        }
        ObjectNode frozen = object.deepCopy();
        frozen.remove(List.of("clusterMetadata", "ignitionEndpoint"));
        if (ended) {
            frozen.remove("provisionRequirements");
        }
        return frozen;
    }

    private static Optional<String> denialOfNetworking(JsonNode spec) {
        JsonNode agents = spec.path("provisionRequirements");
        boolean singleNode = agents.path("controlPlaneAgents").asInt() == 1
                && agents.path("workerAgents").asInt() == 0;
        JsonNode userManaged = spec.path("networking").path("userManagedNetworking");
        return singleNode && userManaged.isBoolean() && !userManaged.asBoolean()
                ? Optional.of("UserManagedNetworking must be set to true with SNO")
                : Optional.empty();
    }

    private static Optional<String> immutable(List<String> fields, JsonNode old, JsonNode spec) {
        return fields.stream()
                .filter(field -> old.hasNonNull(field) && !old.path(field).equals(spec.path(field)))
                .findFirst()
                .map("Attempted to change Spec.%s which is immutable"::formatted);
    }
}
