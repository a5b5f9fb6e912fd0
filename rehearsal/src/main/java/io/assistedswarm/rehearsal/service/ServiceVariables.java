package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.auth.AuthType;
import io.assistedswarm.rehearsal.service.machine.HardwareRequirements;
import io.assistedswarm.rehearsal.service.machine.Releases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The real service's environment variables on which the way of a dry run hangs (reference, dry-run-agent.md 10.3 and 11, observed.md
 * 7 and 10). Without any, the service is set up for dry runs, as the recorded one was.
 *
 * @param virtualInterfaces {@code ENABLE_VIRTUAL_INTERFACES}: interfaces of all types are kept, the loopback too
 * @param skipMcoReboot {@code ENABLE_SKIP_MCO_REBOOT}: dry installers idle for 20 minutes; the real service's default is true
 * @param convergedFlow {@code ALLOW_CONVERGED_FLOW}: bare metal goes by PreprovisioningImages; the real default is true
 * @param singleNodeDnsmasq {@code ENABLE_SINGLE_NODE_DNSMASQ}: a single node needs no DNS; the real default is false
 * @param publicRegistries {@code PUBLIC_CONTAINER_REGISTRIES}: those that no pull secret must name
 * @param disabledHostValidations {@code DISABLED_HOST_VALIDATIONS}
 * @param disabledClusterValidations {@code DISABLED_CLUSTER_VALIDATIONS}
 * @param authType {@code AUTH_TYPE}; an operator's default is local
 * @param releases {@code RELEASE_IMAGES}: what users of the REST API may install
 * @param kubeApi {@code ENABLE_KUBE_API}: there are controllers; here both sides may be served at once
 * @param requirements {@code HW_VALIDATOR_REQUIREMENTS}
 */
public record ServiceVariables(
        boolean virtualInterfaces,
        boolean skipMcoReboot,
        boolean convergedFlow,
        boolean singleNodeDnsmasq,
        Set<String> publicRegistries,
        Set<String> disabledHostValidations,
        Set<String> disabledClusterValidations,
        AuthType authType,
        Releases releases,
        boolean kubeApi,
        HardwareRequirements requirements) {
    public static final String CONVERGED_FLOW = "ALLOW_CONVERGED_FLOW";
    public static final String AUTH_TYPE = "AUTH_TYPE";
    public static final String KUBE_API = "ENABLE_KUBE_API";
    private static final String RELEASE_IMAGES = "RELEASE_IMAGES";

    /** Of a service that is set up for dry runs. */
    public static final ServiceVariables DEFAULT = of(Map.of());

    private static final List<String> NAMES = List.of(
            CONVERGED_FLOW,
            AUTH_TYPE,
            "DISABLED_CLUSTER_VALIDATIONS",
            "DISABLED_HOST_VALIDATIONS",
            KUBE_API,
            "ENABLE_SINGLE_NODE_DNSMASQ",
            "ENABLE_SKIP_MCO_REBOOT",
            "ENABLE_VIRTUAL_INTERFACES",
            "HW_VALIDATOR_REQUIREMENTS",
            "PUBLIC_CONTAINER_REGISTRIES",
            RELEASE_IMAGES);

    /** @throws IllegalArgumentException naming everything that is unknown or unreadable */
    public static ServiceVariables of(Map<String, String> variables) {
        Reader reader = new Reader(new TreeMap<>(variables));
        ServiceVariables read = new ServiceVariables(
                reader.flag("ENABLE_VIRTUAL_INTERFACES", false),
                reader.flag("ENABLE_SKIP_MCO_REBOOT", false),
                reader.flag(CONVERGED_FLOW, false),
                reader.flag("ENABLE_SINGLE_NODE_DNSMASQ", true),
                reader.list("PUBLIC_CONTAINER_REGISTRIES", "quay.io"),
                reader.list("DISABLED_HOST_VALIDATIONS", ""),
                reader.list("DISABLED_CLUSTER_VALIDATIONS", ""),
                reader.authType(),
                reader.releases(),
                reader.flag(KUBE_API, true),
                reader.requirements());
        reader.finish();
        return read;
    }

    private record Reader(Map<String, String> variables, List<String> problems) {
        Reader(Map<String, String> variables) {
            this(variables, new ArrayList<>());
        }

        boolean flag(String name, boolean otherwise) {
            String text = variables.getOrDefault(name, String.valueOf(otherwise));
            if (!text.equals("true") && !text.equals("false")) {
                problems.add("%s must be true or false, not '%s'".formatted(name, text));
            }
            return text.equals("true");
        }

        Set<String> list(String name, String otherwise) {
            return Arrays.stream(variables.getOrDefault(name, otherwise).split(",", -1))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        }

        AuthType authType() {
            try {
                return AuthType.named(variables.getOrDefault(AUTH_TYPE, AuthType.NONE.wireName()));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
                return AuthType.NONE;
            }
        }

        Releases releases() {
            String json = variables.getOrDefault(RELEASE_IMAGES, "");
            if (json.isEmpty()) {
                return Releases.DEFAULT;
            }
            try {
                return Releases.parse(json);
            } catch (IllegalArgumentException e) {
                problems.add(RELEASE_IMAGES + " " + e.getMessage());
                return Releases.DEFAULT;
            }
        }

        HardwareRequirements requirements() {
            String json = variables.getOrDefault("HW_VALIDATOR_REQUIREMENTS", "");
            if (json.isEmpty()) {
                return HardwareRequirements.DEFAULT;
            }
            try {
                return HardwareRequirements.parse(json);
            } catch (IllegalArgumentException e) {
                problems.add("HW_VALIDATOR_REQUIREMENTS: " + e.getMessage());
                return HardwareRequirements.DEFAULT;
            }
        }

        void finish() {
            variables.keySet().stream()
                    .filter(name -> !NAMES.contains(name))
                    .forEach(name -> problems.add("%s is none of %s".formatted(name, String.join(", ", NAMES))));
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
        }
    }
}
