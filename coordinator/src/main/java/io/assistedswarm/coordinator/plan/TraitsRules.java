package io.assistedswarm.coordinator.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.coordinator.plan.PlanRules.Violation;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.TemplateScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What must hold of the traits of a group. Combinations that the service refuses are refused here (assisted-service,
 * internal/provider/platform.go and pkg/webhooks), so that no host waits for what cannot come.
 */
final class TraitsRules {
    private static final String BMAC = "bmac.agent-install.openshift.io/";
    private static final Set<String> SET_BY_THE_SWARM = Set.of(BMAC + "role", BMAC + "cluster-reference");
    private static final Set<String> JSON_LISTS = Set.of(
            "agent-install.openshift.io/ignored-cluster-validations",
            "agent-install.openshift.io/ignored-host-validations",
            BMAC + "installer-args");
    private static final Set<String> JSON_OBJECTS =
            Set.of("agent-install.openshift.io/install-config-overrides", BMAC + "ignition-config-overrides");
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+([.-][-A-Za-z0-9.]+)?");
    private static final Pattern MACHINE_ADDRESS = Pattern.compile("10\\.123\\.(\\d{1,3})\\.(\\d{1,3})");

    /** As the service wants host names (assisted-service, internal/host/hostutil). */
    private static final Pattern HOSTNAME =
            Pattern.compile("(?=.{1,63}$)[a-z0-9][a-z0-9-]{0,62}(?:[.][a-z0-9-]{1,63})*");

    private static final Pattern MANIFEST_NAME = Pattern.compile("[-A-Za-z0-9_.]{1,240}\\.(ya?ml|json)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String path;
    private final ClusterGroup group;
    private final ClusterTraits traits;
    private final List<Violation> violations = new ArrayList<>();

    private TraitsRules(String path, ClusterGroup group) {
        this.path = path;
        this.group = group;
        this.traits = group.traits();
    }

    /** @param path of the group */
    static List<Violation> violations(String path, ClusterGroup group) {
        TraitsRules rules = new TraitsRules(path, group);
        rules.atLeastNone("arbiterAgents", group.traits().arbiters());
        rules.atLeastNone("day2Workers", group.traits().day2Workers());
        if (group.infraEnvOnly()) {
            rules.withoutACluster();
        } else {
            rules.binding();
            rules.platform();
            rules.vips("apiVIPs", group.traits().apiVips());
            rules.vips("ingressVIPs", group.traits().ingressVips());
            rules.distinctVips();
        }
        if (!group.traits().osImageVersion().isEmpty()
                && !VERSION.matcher(group.traits().osImageVersion()).matches()) {
            rules.violate("osImageVersion", "is '" + group.traits().osImageVersion() + "'", "write for example '4.18'");
        }
        group.traits()
                .agentLabels()
                .forEach((key, value) ->
                        rules.violations.addAll(LabelRules.violations(path + ".agentLabels." + key, key, value)));
        rules.annotations("annotations", group.traits().annotations());
        rules.annotations("hostAnnotations", group.traits().hostAnnotations());
        rules.hostnames();
        rules.extraManifests();
        return rules.violations;
    }

    private void withoutACluster() {
        without(traits.arbiters() > 0, "arbiterAgents");
        without(traits.day2Workers() > 0, "day2Workers");
        without(traits.lateBinding(), "lateBinding");
        without(traits.hold() != Hold.NONE, "holdInstallation");
        without(traits.platform() != Platform.UNSAID, "platform");
        without(traits.networking() != Networking.UNSAID, "userManagedNetworking");
        without(!traits.apiVips().isEmpty(), "apiVIPs");
        without(!traits.ingressVips().isEmpty(), "ingressVIPs");
        without(!traits.annotations().isEmpty(), "annotations");
        without(!traits.extraManifests().isEmpty(), "extraManifests");
        without(!traits.downloads().isEmpty(), "downloads");
    }

    private void without(boolean there, String key) {
        if (there) {
            violate(key, "means nothing where there is no cluster", "leave it out, or leave out 'justInfraenv'");
        }
    }

    private void binding() {
        if (!traits.osImageVersion().isEmpty() && !traits.lateBinding()) {
            violate(
                    "osImageVersion",
                    "is refused by the service when the InfraEnv names its cluster",
                    "add 'lateBinding: true', or leave it out: the release image says the version");
        }
    }

    private void platform() {
        boolean single = group.controlPlanes() == 1 && group.workers() == 0 && traits.arbiters() == 0;
        if (single && traits.platform() == Platform.BAREMETAL) {
            violate("platform", "is baremetal, which a single node cannot have", "write 'none', or leave it out");
        }
        if (traits.networking() == Networking.CLUSTER_MANAGED && (single || traits.platform() == Platform.NONE)) {
            violate(
                    "userManagedNetworking",
                    "is false, which " + (single ? "a single node" : "platform none") + " cannot have",
                    "leave it out");
        }
        if (traits.networking() == Networking.USER_MANAGED && traits.platform() == Platform.BAREMETAL) {
            violate("userManagedNetworking", "is true, which platform baremetal cannot have", "use 'platform: none'");
        }
        boolean noVips = single || traits.userManagedNetworking();
        for (String key : noVips ? List.of("apiVIPs", "ingressVIPs") : List.<String>of()) {
            if (!(key.equals("apiVIPs") ? traits.apiVips() : traits.ingressVips()).isEmpty()) {
                violate(
                        key,
                        "mean nothing for " + (single ? "a single node" : "user-managed networking"),
                        "leave them out");
            }
        }
    }

    private void vips(String key, List<String> vips) {
        if (vips.size() > 1) {
            violate(key, "are " + vips.size() + " addresses", "give one: the hosts have IPv4 only");
        }
        for (int i = 0; i < vips.size(); i++) {
            vip(key + "[" + i + "]", vips.get(i));
        }
    }

    private void vip(String key, String vip) {
        var matcher = MACHINE_ADDRESS.matcher(vip);
        int number =
                matcher.matches() ? (Integer.parseInt(matcher.group(1)) << 8) + Integer.parseInt(matcher.group(2)) : 0;
        boolean octets = matcher.matches()
                && Integer.parseInt(matcher.group(1)) < 256
                && Integer.parseInt(matcher.group(2)) < 256;
        if (!octets || number == 0 || number == 0xffff) {
            violate(
                    key,
                    "'" + vip + "' is no address for a machine in " + Identity.MACHINE_NETWORK,
                    "the usual ones are " + Identity.API_VIP + " and " + Identity.INGRESS_VIP);
        } else if (number <= group.hostsPerCluster()) {
            violate(
                    key,
                    "'" + vip + "' is the address of a host",
                    "hosts have the first " + group.hostsPerCluster() + " addresses of " + Identity.MACHINE_NETWORK);
        }
    }

    private void distinctVips() {
        String api =
                traits.apiVips().isEmpty() ? Identity.API_VIP : traits.apiVips().getFirst();
        String ingress = traits.ingressVips().isEmpty()
                ? Identity.INGRESS_VIP
                : traits.ingressVips().getFirst();
        if (api.equals(ingress)) {
            violate(
                    traits.ingressVips().isEmpty() ? "apiVIPs" : "ingressVIPs",
                    "'" + api + "' would be the address of both API and ingress",
                    "they are two");
        }
    }

    private void annotations(String key, Map<String, String> annotations) {
        annotations.forEach((name, value) -> {
            String at = key + "." + name;
            if (!LabelRules.isKey(name)) {
                violate(at, "'" + name + "' is not an annotation's key", LabelRules.KEY_RULE);
            } else if (SET_BY_THE_SWARM.contains(name)) {
                violate(at, "is set by the swarm itself", "leave it out");
            } else if (JSON_LISTS.contains(name) && !json(value).isArray()) {
                violate(at, "is not a JSON list", "write for example '[\"one\",\"two\"]', in single quotes");
            } else if (JSON_OBJECTS.contains(name) && !json(value).isObject()) {
                violate(at, "is not a JSON object", "write for example '{\"fips\":true}', in single quotes");
            }
        });
    }

    /** Each host must keep a name of its own. */
    private void hostnames() {
        ClusterSpec sample = new ClusterSpec(
                new ClusterId(new SwarmId("swarm"), 0), 2, 0, false, true, Map.of(), group.traits(), Map.of());
        for (String name : traits.hostAnnotations().keySet()) {
            String at = "hostAnnotations." + name;
            try {
                HostId first = sample.host(0);
                String rendered = TemplateScope.hostAnnotations(sample, first).get(name);
                boolean hostname = name.equals(TemplateScope.HOSTNAME_ANNOTATION);
                if (hostname && !HOSTNAME.matcher(rendered).matches()) {
                    violate(at, "'" + rendered + "' is no host name", "write for example '{{host.name}}.example.com'");
                } else if (hostname
                        && group.hostsPerCluster() > 1
                        && rendered.equals(TemplateScope.hostname(sample, sample.host(1)))) {
                    violate(at, "gives all hosts one name", "write for example 'node-{{host.index}}'");
                }
            } catch (IllegalArgumentException e) {
                violate(at, "cannot be rendered: " + e.getMessage(), "docs/plan-guide.md lists the variables");
                return;
            }
        }
    }

    private void extraManifests() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < traits.extraManifests().size(); i++) {
            String file = traits.extraManifests().get(i);
            String name = file.substring(file.lastIndexOf('/') + 1);
            if (!MANIFEST_NAME.matcher(name).matches()) {
                violate(
                        "extraManifests[" + i + "]",
                        "'" + file + "' cannot be the key of a ConfigMap and the name of a manifest",
                        "use letters, digits, '-', '_' and '.', and end with .yaml, .yml or .json");
            } else if (!names.add(name)) {
                violate("extraManifests[" + i + "]", "there are two files called '" + name + "'", "rename one");
            }
        }
    }

    private void atLeastNone(String key, int value) {
        if (value < 0) {
            violate(key, "is " + value, "it is at least 0");
        }
    }

    private void violate(String key, String message, String hint) {
        violations.add(new Violation(path + "." + key, message, hint));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // The caller says what it should be.
            return JSON.missingNode();
        }
    }
}
