package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The service's Deployment on the hub, as far as its environment makes or breaks a dry run.
 *
 * @param where namespace and name; empty when it was not found
 * @param settings of those that matter, the ones that are set
 * @param trouble why nothing can be said of its settings; empty when something can
 */
record ServiceInstallation(String where, Map<Setting, String> settings, String trouble) {
    /** Of the Deployment and of its container (assisted-service, deploy/assisted-service.yaml). */
    static final String NAME = "assisted-service";

    /** Variables of the service; their names are its own. */
    enum Setting {
        AUTH_TYPE,
        ENABLE_KUBE_API,
        ENABLE_METAL3,
        ALLOW_CONVERGED_FLOW,
        ENABLE_SKIP_MCO_REBOOT,
        ENABLE_VIRTUAL_INTERFACES,
        HW_VALIDATOR_REQUIREMENTS,
        BMAC_MAX_CONCURRENT_RECONCILES,
        DUMMY_IGNITION,
        PUBLIC_CONTAINER_REGISTRIES,
        DISABLED_HOST_VALIDATIONS;

        private static Optional<Setting> named(String name) {
            return Arrays.stream(values())
                    .filter(setting -> setting.name().equals(name))
                    .findFirst();
        }
    }

    ServiceInstallation {
        settings = Map.copyOf(settings);
    }

    static ServiceInstallation unread(String trouble) {
        return new ServiceInstallation("", Map.of(), trouble);
    }

    boolean readable() {
        return trouble.isEmpty();
    }

    Optional<String> value(Setting setting) {
        return Optional.ofNullable(settings.get(setting));
    }

    /** As the service reads it (Go's ParseBool). */
    boolean flag(Setting setting, boolean otherwise) {
        return value(setting)
                .map(text -> List.of("1", "t", "T", "true", "TRUE", "True").contains(text))
                .orElse(otherwise);
    }

    /** The ConfigMaps that its environment comes from. */
    static List<String> configMaps(JsonNode deployment) {
        List<String> names = new ArrayList<>();
        JsonNode container = container(deployment);
        container.path("envFrom").forEach(from -> addName(names, from.path("configMapRef")));
        container
                .path("env")
                .forEach(variable -> addName(names, variable.path("valueFrom").path("configMapKeyRef")));
        return names.stream().distinct().toList();
    }

    /**
     * @param configMaps what was answered for each of {@link #configMaps(JsonNode)}; one that is not there sets nothing
     */
    static ServiceInstallation of(JsonNode deployment, Map<String, Answer> configMaps) {
        String where = deployment.at("/metadata/namespace").asText() + "/"
                + deployment.at("/metadata/name").asText();
        Optional<Map.Entry<String, Answer>> closed = configMaps.entrySet().stream()
                .filter(entry -> !entry.getValue().ok() && !entry.getValue().absent())
                .findFirst();
        if (closed.isPresent()) {
            return new ServiceInstallation(
                    where,
                    Map.of(),
                    "its ConfigMap " + closed.get().getKey() + " cannot be read: "
                            + closed.get().getValue().said());
        }
        Map<Setting, String> settings = new TreeMap<>();
        JsonNode container = container(deployment);
        // In Kubernetes' own order of precedence: env over envFrom, and the last of each over the ones before.
        for (JsonNode from : container.path("envFrom")) {
            String prefix = from.path("prefix").asText("");
            data(configMaps, from.path("configMapRef"))
                    .properties()
                    .forEach(entry -> put(
                            settings, prefix + entry.getKey(), entry.getValue().asText()));
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode reference = variable.path("valueFrom").path("configMapKeyRef");
            JsonNode value = reference.isMissingNode()
                    ? variable.path("value")
                    : data(configMaps, reference).path(reference.path("key").asText());
            if (value.isTextual()) {
                put(settings, variable.path("name").asText(), value.textValue());
            }
        }
        return new ServiceInstallation(where, settings, "");
    }

    private static void put(Map<Setting, String> settings, String name, String value) {
        Setting.named(name).ifPresent(setting -> settings.put(setting, value.strip()));
    }

    private static JsonNode data(Map<String, Answer> configMaps, JsonNode reference) {
        Answer answer = configMaps.get(reference.path("name").asText());
        return answer == null ? reference.path("nothing") : answer.body().path("data");
    }

    private static JsonNode container(JsonNode deployment) {
        JsonNode containers = deployment.at("/spec/template/spec/containers");
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(NAME)) {
                return container;
            }
        }
        return containers.path(0);
    }

    private static void addName(List<String> names, JsonNode reference) {
        String name = reference.path("name").asText("");
        if (!name.isEmpty()) {
            names.add(name);
        }
    }
}
