package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.machine.Cidr;
import io.assistedswarm.rehearsal.service.model.Cluster;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a user may say of a cluster (assisted-service, swagger.yaml: cluster-create-params, v2-cluster-update-params). The names that
 * are ignored are known to the API, but decide nothing here.
 */
final class ClusterParams {
    private static final List<String> MODES = List.of("Full", "None");
    private static final List<String> NETWORK_TYPES =
            List.of("OpenShiftSDN", "OVNKubernetes", "CiscoACI", "Cilium", "Calico", "None");
    private static final List<String> ARCHITECTURES =
            List.of("x86_64", "aarch64", "arm64", "ppc64le", "s390x", "multi");
    private static final List<String> PLATFORMS = List.of("baremetal", "nutanix", "vsphere", "none", "external");
    private static final Set<String> USER_MANAGED_PLATFORMS = Set.of("none", "external");
    private static final Pattern TAGS = Pattern.compile("\\w+( \\w+)*(,\\w+( \\w+)*)*");
    private static final int LONGEST_NAME = 54;
    private static final int MOST_VIPS = 2;

    private ClusterParams() {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({
        "cluster_network_cidr",
        "cluster_network_host_prefix",
        "service_network_cidr",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "additional_ntp_source",
        "ntp_sources",
        "operator_bundles",
        "hyperthreading",
        "disk_encryption",
        "ignition_endpoint",
        "load_balancer"
    })
    record Create(
            String name,
            String openshiftVersion,
            String pullSecret,
            String highAvailabilityMode,
            Integer controlPlaneCount,
            String ocpReleaseImage,
            String baseDnsDomain,
            String sshPublicKey,
            List<Vip> apiVips,
            List<Vip> ingressVips,
            Boolean vipDhcpAllocation,
            Boolean userManagedNetworking,
            String networkType,
            Boolean schedulableMasters,
            List<ClusterNetwork> clusterNetworks,
            List<Network> serviceNetworks,
            List<Network> machineNetworks,
            Platform platform,
            String cpuArchitecture,
            List<Operator> olmOperators,
            String tags) {

        /** Refuses what the API's description refuses, the first of it. */
        Create {
            requireName(required("name", name));
            required("openshift_version", openshiftVersion);
            required("pull_secret", pullSecret);
            oneOf("high_availability_mode", highAvailabilityMode, MODES);
            oneOf("network_type", networkType, NETWORK_TYPES);
            oneOf("cpu_architecture", cpuArchitecture, ARCHITECTURES);
        }

        int controlPlanes() {
            return controlPlaneCount != null ? controlPlaneCount : "None".equals(highAvailabilityMode) ? 1 : 3;
        }

        String mode() {
            return highAvailabilityMode != null ? highAvailabilityMode : controlPlanes() == 1 ? "None" : "Full";
        }

        boolean userManaged() {
            return controlPlanes() == 1
                    || (platform != null && USER_MANAGED_PLATFORMS.contains(platform.type()))
                    || (platform == null && Boolean.TRUE.equals(userManagedNetworking));
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({
        "cluster_network_cidr",
        "cluster_network_host_prefix",
        "service_network_cidr",
        "machine_network_cidr",
        "api_vip_dns_name",
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "additional_ntp_source",
        "ntp_sources",
        "operator_bundles",
        "hyperthreading",
        "disk_encryption",
        "ignition_endpoint",
        "load_balancer"
    })
    record Update(
            String name,
            String baseDnsDomain,
            Platform platform,
            List<Vip> apiVips,
            List<Vip> ingressVips,
            String pullSecret,
            String sshPublicKey,
            Boolean vipDhcpAllocation,
            Boolean userManagedNetworking,
            String networkType,
            Boolean schedulableMasters,
            List<ClusterNetwork> clusterNetworks,
            List<Network> serviceNetworks,
            List<Network> machineNetworks,
            Integer controlPlaneCount,
            List<Operator> olmOperators,
            String tags) {
        Update {
            if (name != null) {
                requireName(name);
            }
            oneOf("network_type", networkType, NETWORK_TYPES);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({"cluster_id", "verification"})
    record Vip(String ip) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties("cluster_id")
    record Network(String cidr) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties("cluster_id")
    record ClusterNetwork(String cidr, Integer hostPrefix) {
        Cluster.ClusterNetwork network() {
            return new Cluster.ClusterNetwork(cidr, hostPrefix == null ? 23 : hostPrefix);
        }
    }

    @JsonIgnoreProperties({"external", "vsphere"})
    record Platform(String type) {
        Platform {
            oneOf("platform.type", required("platform.type", type), PLATFORMS);
        }
    }

    record Operator(String name, String properties) {}

    static List<String> ips(List<Vip> vips) {
        return vips == null
                ? List.of()
                : vips.stream().map(vip -> vip.ip() == null ? "" : vip.ip()).toList();
    }

    static List<String> cidrs(List<Network> networks) {
        return networks == null
                ? List.of()
                : networks.stream()
                        .map(network -> network.cidr() == null ? "" : network.cidr())
                        .toList();
    }

    static List<Cluster.ClusterNetwork> clusterNetworks(List<ClusterNetwork> networks) {
        return networks.stream().map(ClusterNetwork::network).toList();
    }

    /** @throws Refusal 400, as {@code ValidateNetworkCIDRs} */
    static void requireNetworks(Cluster.Definition definition) {
        definition.machineNetworks().forEach(cidr -> requireNetwork("Machine", cidr));
        definition.serviceNetworks().forEach(cidr -> requireNetwork("Service", cidr));
        definition.clusterNetworks().forEach(network -> requireNetwork("Cluster", network.cidr()));
    }

    private static void requireNetwork(String what, String cidr) {
        if (Cidr.parse(cidr).isEmpty()) {
            throw Refusal.badRequest("Could not parse %s Network CIDR %s".formatted(what, cidr));
        }
    }

    /** @throws Refusal 400, as {@code validateVIPAddresses} */
    static void requireVips(List<String> api, List<String> ingress, boolean userManaged) {
        Stream.concat(api.stream(), ingress.stream())
                .filter(vip -> !Cidr.isAddress(vip))
                .findFirst()
                .ifPresent(vip -> {
                    throw Refusal.badRequest("Could not parse VIP ip %s".formatted(vip));
                });
        if (api.size() > MOST_VIPS) {
            throw Refusal.badRequest("apiVIPs supports 2 vips. got: " + api.size());
        }
        if (api.size() != ingress.size()) {
            throw Refusal.badRequest(
                    "configuration must include the same number of apiVIPs (got %d) and ingressVIPs (got %d)"
                            .formatted(api.size(), ingress.size()));
        }
        if (userManaged && !api.isEmpty()) {
            throw Refusal.badRequest("API VIPs cannot be set with User Managed Networking");
        }
        Optional<String> twice = api.stream().filter(ingress::contains).findFirst();
        if (twice.isPresent()) {
            throw Refusal.badRequest("api-vip and ingress-vip cannot have the same value: " + twice.get());
        }
    }

    /** What is known to the API, but not rehearsed, is not taken without a word. */
    static void requireRehearsed(Boolean vipDhcpAllocation, List<Operator> operators) {
        if (Boolean.TRUE.equals(vipDhcpAllocation) || (operators != null && !operators.isEmpty())) {
            throw Refusal.badRequest("vip_dhcp_allocation and olm_operators are not rehearsed");
        }
    }

    /** @throws Refusal 400, as {@code ValidateTags} */
    static void requireTags(String tags) {
        if (tags != null && !tags.isEmpty() && !TAGS.matcher(tags).matches()) {
            throw Refusal.badRequest(
                    ("Invalid format for Tags: %s. Tags should be a comma-separated list (e.g. tag1,tag2,tag3). Each tag can"
                                    + " consist of the following characters: Alphanumeric (aA-zZ, 0-9), underscore (_) and white-spaces.")
                            .formatted(tags));
        }
    }

    static <T> T required(String field, T value) {
        if (value == null) {
            throw Refusal.invalid(field + " in body is required");
        }
        return value;
    }

    private static void requireName(String name) {
        if (name.isEmpty()) {
            throw Refusal.invalid("name in body should be at least 1 chars long");
        }
        if (name.length() > LONGEST_NAME) {
            throw Refusal.invalid("name in body should be at most 54 chars long");
        }
    }

    static void oneOf(String field, String value, List<String> allowed) {
        if (value != null && !allowed.contains(value)) {
            throw Refusal.invalid("%s in body should be one of %s"
                    .formatted(field, allowed.toString().replace(",", "")));
        }
    }
}
