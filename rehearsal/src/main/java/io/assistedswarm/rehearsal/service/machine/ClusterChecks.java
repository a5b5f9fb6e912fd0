package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.model.Check;
import io.assistedswarm.rehearsal.service.model.Checks;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The validations of a cluster (reference, dry-run-agent.md 10.4). */
public final class ClusterChecks {
    /** Without these the cluster waits for the user. */
    static final List<String> USER_INPUT = List.of(
            "machine-cidr-defined",
            "cluster-cidr-defined",
            "service-cidr-defined",
            "api-vips-defined",
            "ingress-vips-defined",
            "dns-domain-defined",
            "pull-secret-set");

    /** All that stands in the way of an installation. */
    static final List<String> BLOCKING = Stream.concat(
                    USER_INPUT.stream(),
                    Stream.of(
                            "all-hosts-are-ready-to-install",
                            "sufficient-masters-count",
                            "api-vips-valid",
                            "ingress-vips-valid",
                            "machine-cidr-equals-to-calculated-cidr",
                            "network-prefix-valid",
                            "network-type-valid",
                            "networks-same-address-families",
                            "no-cidrs-overlapping",
                            "ntp-server-configured"))
            .toList();

    private static final Set<HostState> READY_TO_INSTALL = EnumSet.of(
            HostState.KNOWN,
            HostState.PREPARING_FOR_INSTALLATION,
            HostState.PREPARING_SUCCESSFUL,
            HostState.INSTALLING,
            HostState.INSTALLING_IN_PROGRESS,
            HostState.INSTALLED);
    private static final Set<String> NETWORK_TYPES =
            Set.of("OVNKubernetes", "OpenShiftSDN", "CiscoACI", "Cilium", "Calico", "None");
    private static final long MOST_CLOCK_DIFFERENCE_SECONDS = 4 * 60;

    private ClusterChecks() {}

    public static Checks of(Cluster cluster) {
        Map<String, List<Check>> groups = new LinkedHashMap<>();
        groups.put(
                "configuration",
                List.of(
                        Check.passed("platform-requirements-satisfied", "Platform requirements satisfied"),
                        Check.passed("pull-secret-set", "The pull secret is set.")));
        groups.put("hosts-data", List.of(hostsReady(cluster), masters(cluster)));
        groups.put("network", network(cluster));
        groups.put("operators", Operators.DISABLED);
        return new Checks(groups);
    }

    private static Check hostsReady(Cluster cluster) {
        return Check.of(
                "all-hosts-are-ready-to-install",
                cluster.hosts.values().stream().allMatch(host -> READY_TO_INSTALL.contains(host.state)),
                "All hosts in the cluster are ready to install.",
                "The cluster has hosts that are not ready to install.");
    }

    private static Check masters(Cluster cluster) {
        int wanted = cluster.definition.controlPlanes();
        return Check.of(
                "sufficient-masters-count",
                cluster.withRole(HostRole.MASTER).count() == wanted,
                "The cluster has the exact amount of dedicated control plane nodes.",
                "The cluster must have exactly %d dedicated control plane nodes. Add or remove hosts, or change their"
                                .formatted(wanted)
                        + " roles configurations to meet the requirement.");
    }

    private static List<Check> network(Cluster cluster) {
        boolean userManaged = cluster.userManagedNetworking();
        String notNeeded = "virtual IPs are not required: User Managed Networking";
        List<String> networks = Stream.of(
                        cluster.machineNetworks.stream(),
                        cluster.definition.clusterNetworks().stream().map(Cluster.ClusterNetwork::cidr),
                        cluster.definition.serviceNetworks().stream())
                .flatMap(s -> s)
                .toList();
        return List.of(
                userManaged
                        ? Check.passed("api-vips-defined", "API " + notNeeded)
                        : Check.of(
                                "api-vips-defined",
                                !cluster.apiVips.isEmpty(),
                                "API virtual IPs are defined.",
                                "API virtual IPs are undefined and must be provided."),
                userManaged
                        ? Check.passed("api-vips-valid", "API " + notNeeded)
                        : vips(cluster, "api-vips-valid", "api vips", cluster.apiVips, cluster.ingressVips),
                Check.of(
                        "cluster-cidr-defined",
                        !cluster.definition.clusterNetworks().isEmpty(),
                        "The Cluster Network CIDR is defined.",
                        "The Cluster Network CIDR is undefined and must be provided."),
                Check.passed("custom-manifests-requirements-satisfied", "No custom manifests are required"),
                Check.of(
                        "dns-domain-defined",
                        !cluster.definition.baseDomain().isEmpty(),
                        "The base domain is defined.",
                        "The base domain is undefined and must be provided."),
                userManaged
                        ? Check.passed("ingress-vips-defined", "Ingress " + notNeeded)
                        : Check.of(
                                "ingress-vips-defined",
                                !cluster.ingressVips.isEmpty(),
                                "Ingress virtual IPs are defined.",
                                "Ingress virtual IPs are undefined and must be provided."),
                userManaged
                        ? Check.passed("ingress-vips-valid", "Ingress " + notNeeded)
                        : vips(cluster, "ingress-vips-valid", "ingress vips", cluster.ingressVips, cluster.apiVips),
                Check.of(
                        "machine-cidr-defined",
                        !cluster.machineNetworks.isEmpty(),
                        "The Machine Network CIDR is defined.",
                        "The Machine Network CIDR is undefined; the Machine Network CIDR can be defined by setting either"
                                + " the API or Ingress virtual IPs."),
                calculated(cluster),
                Check.of(
                        "network-prefix-valid",
                        cluster.definition.clusterNetworks().stream().allMatch(ClusterChecks::validPrefix),
                        "The Cluster Network prefix is valid.",
                        "The host prefix must be greater than the Cluster Network's own prefix and less than 26."),
                Check.of(
                        "network-type-valid",
                        NETWORK_TYPES.contains(cluster.definition.networkType()),
                        "The cluster has a valid network type",
                        "The network type " + cluster.definition.networkType() + " is not valid"),
                Check.of(
                        "networks-same-address-families",
                        networks.stream()
                                        .map(Cidr::parse)
                                        .flatMap(Optional::stream)
                                        .map(Cidr::ipv4)
                                        .distinct()
                                        .count()
                                <= 1,
                        "Same address families for all networks.",
                        "Address families of networks (MachineNetworks, ServiceNetworks, ClusterNetworks) are not the same."),
                Check.of(
                        "no-cidrs-overlapping",
                        !overlapping(networks),
                        "No CIDRS are overlapping.",
                        "CIDRS Overlapping: " + String.join(", ", networks)),
                ntp(cluster),
                Check.of(
                        "service-cidr-defined",
                        !cluster.definition.serviceNetworks().isEmpty(),
                        "The Service Network CIDR is defined.",
                        "The Service Network CIDR is undefined and must be provided."));
    }

    private static Check vips(Cluster cluster, String id, String what, List<String> vips, List<String> others) {
        if (vips.isEmpty() || cluster.machineNetworks.isEmpty()) {
            return Check.pending(id, "Hosts have not been discovered yet");
        }
        for (String vip : vips) {
            Optional<Cidr> holder = cluster.machineNetworks.stream()
                    .flatMap(network -> Cidr.parse(network).stream())
                    .filter(network -> network.contains(vip))
                    .findFirst();
            if (holder.isEmpty()) {
                return Check.failed(id, what + " <" + vip + "> does not belong to machine-network-cidr");
            }
            if (holder.get().reserves(vip)) {
                return Check.failed(
                        id, what + " <" + vip + "> is the network or broadcast address of the machine network");
            }
            if (others.contains(vip)) {
                return Check.failed(id, what + " <" + vip + "> is used for both the API and ingress");
            }
            boolean taken = cluster.hosts.values().stream()
                    .flatMap(host -> host.inventory.stream())
                    .flatMap(inventory -> inventory.addresses().stream())
                    .anyMatch(address -> Cidr.withoutPrefix(address).equals(vip));
            String verification = cluster.vipVerification.getOrDefault(vip, "unverified");
            if (taken || verification.equals("failed")) {
                return Check.failed(id, what + " <" + vip + "> is already in use in cidr " + holder.get());
            }
            if (!verification.equals("succeeded")) {
                return Check.pending(id, what + " <" + vip + "> has not been verified yet");
            }
        }
        return Check.passed(
                id, what + " " + String.join(", ", vips) + " belongs to the Machine CIDR and is not in use.");
    }

    private static Check calculated(Cluster cluster) {
        String id = "machine-cidr-equals-to-calculated-cidr";
        if (cluster.userManagedNetworking()) {
            return Check.passed(id, "The Cluster Machine CIDR is not required: User Managed Networking");
        }
        Optional<String> calculated = Networks.holding(cluster);
        if (calculated.isEmpty()) {
            return Check.pending(
                    id, "The Machine Network CIDR, API virtual IPs, or Ingress virtual IPs are undefined.");
        }
        return Check.of(
                id,
                cluster.machineNetworks.stream()
                        .flatMap(network -> Cidr.parse(network).stream())
                        .anyMatch(network -> network.toString().equals(calculated.get())),
                "The Cluster Machine CIDR is equivalent to the calculated CIDR.",
                "The Cluster Machine CIDR " + cluster.machineNetworks + " is different than the calculated CIDR "
                        + calculated.get() + ".");
    }

    private static boolean validPrefix(Cluster.ClusterNetwork network) {
        return Cidr.parse(network.cidr())
                .map(cidr -> network.hostPrefix() > cidr.prefix() && (!cidr.ipv4() || network.hostPrefix() < 26))
                .orElse(false);
    }

    private static boolean overlapping(List<String> networks) {
        List<Cidr> cidrs =
                networks.stream().flatMap(n -> Cidr.parse(n).stream()).toList();
        for (int i = 0; i < cidrs.size(); i++) {
            for (int j = i + 1; j < cidrs.size(); j++) {
                if (cidrs.get(i).overlaps(cidrs.get(j))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Compares the hosts' clocks with each other, each corrected by the time of its poll. */
    private static Check ntp(Cluster cluster) {
        List<Long> offsets = cluster.hosts.values().stream()
                .filter(host -> host.timestamp != 0)
                .map(ClusterChecks::clockOffset)
                .sorted()
                .toList();
        boolean agree = offsets.isEmpty() || offsets.getLast() - offsets.getFirst() <= MOST_CLOCK_DIFFERENCE_SECONDS;
        return Check.of(
                "ntp-server-configured",
                agree,
                "No ntp problems found",
                "Hosts' clocks are not synchronized (there's more than a 4 minutes gap between clocks), please configure an"
                        + " NTP server via DHCP or set clocks manually");
    }

    private static long clockOffset(Host host) {
        return host.timestamp - host.checkedInAt.getEpochSecond();
    }
}
