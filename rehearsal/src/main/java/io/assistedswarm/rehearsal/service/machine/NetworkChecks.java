package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Check;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.Inventory;
import io.assistedswarm.rehearsal.service.model.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The validations of group {@code network} (reference, dry-run-agent.md 10.3). */
final class NetworkChecks {
    private static final Duration MAY_BE_AHEAD = Duration.ofHours(1);
    private static final Duration MAY_BE_BEHIND = Duration.ofMinutes(20);
    private static final Duration CLOCK_NOISE = Duration.ofSeconds(1);
    private final ServiceSettings settings;

    NetworkChecks(ServiceSettings settings) {
        this.settings = settings;
    }

    List<Check> of(Host host, Optional<ClusterView> view, boolean connected, Instant now) {
        return host.cluster()
                .map(cluster -> bound(host, cluster, view.orElseThrow(), connected, now))
                .orElseGet(() -> unbound(host, connected, now));
    }

    private List<Check> unbound(Host host, boolean connected, Instant now) {
        List<Check> checks = new ArrayList<>(liveness(host, connected));
        checks.add(ntp(host));
        checks.add(clock(host, now));
        checks.add(defaultRoute(host));
        return checks;
    }

    private List<Check> bound(Host host, Cluster cluster, ClusterView view, boolean connected, Instant now) {
        // From its reboot on a host is not expected to poll, so its connection and clock are not looked at any more.
        boolean looksAtLink = host.state != HostState.INSTALLED && !Stages.rebooted(host);
        List<Check> checks = new ArrayList<>();
        if (looksAtLink) {
            checks.addAll(liveness(host, connected));
        }
        checks.add(machineNetworkDefined(cluster));
        checks.add(inMachineNetwork(host, cluster));
        checks.add(inMajority(host, cluster, view));
        if (!cluster.userManagedNetworking()) {
            checks.add(Check.passed("mtu-valid", "MTU is ok"));
        }
        checks.add(platformNetwork(host));
        if (looksAtLink) {
            checks.add(ntp(host));
            checks.add(clock(host, now));
        }
        checks.add(images(host));
        checks.add(latency(host));
        checks.add(packetLoss(host));
        checks.add(defaultRoute(host));
        checks.add(domain(host, cluster, "api-domain-name-resolved-correctly", "api", "API load balancer IP address"));
        checks.add(domain(
                host,
                cluster,
                "api-int-domain-name-resolved-correctly",
                "api-int",
                "internal API load balancer IP address"));
        checks.add(domain(
                host, cluster, "apps-domain-name-resolved-correctly", "*.apps", "application ingress IP address"));
        checks.add(wildcard(host, cluster));
        checks.add(HostChecks.onInventory(
                host,
                "non-overlapping-subnets",
                i -> true,
                "Host subnets are not overlapping",
                "Address networks are overlapping"));
        checks.add(collisions(host, cluster, view));
        if (host.day2) {
            checks.add(ignition(host));
        }
        return checks;
    }

    private static List<Check> liveness(Host host, boolean connected) {
        return List.of(
                Check.of("connected", connected, "Host is connected", "Host is disconnected"),
                Check.of(
                        "media-connected",
                        host.mediaConnected,
                        "Media device is connected",
                        "Media device is disconnected"));
    }

    private static Check machineNetworkDefined(Cluster cluster) {
        String id = "machine-cidr-defined";
        if (cluster.userManagedNetworking()) {
            return Check.passed(id, "No Machine Network CIDR needed: User Managed Networking");
        }
        return Check.of(
                id,
                !cluster.machineNetworks.isEmpty(),
                "Machine Network CIDR is defined",
                "Machine Network CIDR is undefined; the Machine Network CIDR can be defined by setting either the API or"
                        + " Ingress virtual IPs");
    }

    private static Check inMachineNetwork(Host host, Cluster cluster) {
        String id = "belongs-to-machine-cidr";
        if (cluster.day2) {
            return Check.passed(id, "No machine network CIDR validation needed: Day2 cluster");
        }
        if (host.inventory.isEmpty() || cluster.machineNetworks.isEmpty()) {
            return Check.pending(id, "Missing inventory or machine network CIDR");
        }
        List<String> addresses = host.inventory.get().addresses();
        boolean inAll = cluster.machineNetworks.stream()
                .allMatch(network -> Cidr.parse(network)
                        .map(cidr -> addresses.stream().anyMatch(cidr::contains))
                        .orElse(false));
        return Check.of(
                id,
                inAll,
                "Host belongs to all machine network CIDRs",
                "Host does not belong to machine network CIDRs. Verify that the host belongs to every CIDR listed under"
                        + " machine networks");
    }

    private static Check inMajority(Host host, Cluster cluster, ClusterView view) {
        String id = "belongs-to-majority-group";
        String success = "Host has connectivity to the majority of hosts in the cluster";
        if (cluster.singleNode() || cluster.day2) {
            return Check.passed(id, success);
        }
        if (host.inventory.isEmpty() || (cluster.machineNetworks.isEmpty() && !cluster.userManagedNetworking())) {
            return Check.pending(id, "Machine Network CIDR or connectivity information missing");
        }
        if (view.hosts < 3) {
            return Check.pending(id, "Not enough hosts in cluster to calculate connectivity groups");
        }
        return Check.of(
                id,
                view.connectivity.inMajority(cluster, host),
                success,
                "No connectivity to the majority of hosts in the cluster");
    }

    private static Check platformNetwork(Host host) {
        String product = host.inventory.map(i -> i.systemVendor().productName()).orElse("");
        return HostChecks.onInventory(
                host,
                "valid-platform-network-settings",
                i -> !product.startsWith("OpenStack"),
                "Platform " + product + " is allowed",
                "Platform " + product + " is forbidden: user managed networking must be used");
    }

    private static Check ntp(Host host) {
        boolean synced = host.ntp
                .map(reply -> reply.ntpSources().stream().anyMatch(source -> "synced".equals(source.sourceState())))
                .orElse(false);
        return host.inventory.isEmpty()
                ? Check.pending("ntp-synced", "Missing inventory")
                : Check.of("ntp-synced", synced, "Host NTP is synced", "Host couldn't synchronize with any NTP server");
    }

    private static Check clock(Host host, Instant now) {
        String id = "time-synced-between-host-and-service";
        if (host.timestamp == 0) {
            return Check.pending(id, "Missing inventory");
        }
        // Measured at the poll, not now: the host says its time once a poll.
        Duration ahead = Duration.between(host.checkedInAt, Instant.ofEpochSecond(host.timestamp));
        boolean synced =
                ahead.compareTo(MAY_BE_AHEAD) <= 0 && ahead.plus(CLOCK_NOISE).compareTo(MAY_BE_BEHIND.negated()) >= 0;
        return Check.of(
                id,
                synced,
                "Host clock is synchronized with service",
                "Host clock is not synchronized with service; host timestamp %d, service time %d"
                        .formatted(host.timestamp, now.getEpochSecond()));
    }

    private static Check images(Host host) {
        boolean failed = host.images.values().stream()
                .anyMatch(image -> !"success".equals(image.path("result").asText()));
        return Check.of(
                "container-images-available",
                !failed,
                "All required container images were either pulled successfully or no attempt was made to pull them",
                "Failed to fetch container images needed for installation: "
                        + String.join(
                                ", ",
                                host.images.entrySet().stream()
                                        .filter(image -> !"success"
                                                .equals(image.getValue()
                                                        .path("result")
                                                        .asText()))
                                        .map(java.util.Map.Entry::getKey)
                                        .toList()));
    }

    private Check latency(Host host) {
        double limit = settings.requirements().of(host).roundTripMillis();
        boolean slow =
                limit > 0 && links(host).stream().anyMatch(link -> link.successful() && link.averageRttMs() > limit);
        return Check.of(
                "sufficient-network-latency-requirement-for-role",
                !slow,
                "Network latency requirement has been satisfied.",
                "Network latency requirements of less than or equal %.2f ms not met".formatted(limit));
    }

    private Check packetLoss(Host host) {
        double limit = settings.requirements().of(host).packetLossPercent();
        boolean lossy = links(host).stream().anyMatch(link -> link.successful() && link.packetLossPercentage() > limit);
        return Check.of(
                "sufficient-packet-loss-requirement-for-role",
                !lossy,
                "Packet loss requirement has been satisfied.",
                "Packet loss percentage requirement of equal or less than %.2f%% not met".formatted(limit));
    }

    private static List<Replies.L3> links(Host host) {
        return host.connectivity.map(Replies.Connectivity::remoteHosts).orElse(List.of()).stream()
                .flatMap(remote -> remote.l3Connectivity().stream())
                .toList();
    }

    private static Check defaultRoute(Host host) {
        return HostChecks.onInventory(
                host,
                "has-default-route",
                i -> i.routes().stream().anyMatch(Inventory.Route::isDefault),
                "Host has been configured with at least one default route.",
                "Host has not yet been configured with a default route.");
    }

    /** Names are looked up only where the user is to have made them; a single node of day 1 may bring its own DNS. */
    private Check domain(Host host, Cluster cluster, String id, String name, String use) {
        String domain = name + "." + cluster.definition.domain();
        boolean ownDns =
                cluster.singleNode() && !cluster.day2 && settings.variables().singleNodeDnsmasq();
        boolean needed = cluster.userManagedNetworking() && !ownDns;
        String asked = name.equals("*.apps") ? "console-openshift-console.apps." + cluster.definition.domain() : domain;
        boolean resolved = host.domains
                .map(reply -> reply.resolutions().stream().anyMatch(r -> asked.equals(r.domainName()) && !r.empty()))
                .orElse(false);
        return Check.of(
                id,
                !needed || resolved,
                "Domain name resolution for the " + domain + " domain was successful or not required",
                "Couldn't resolve domain name " + domain
                        + " on the host. To continue installation, create the necessary"
                        + " DNS entries to resolve this domain name to your cluster's " + use);
    }

    private static Check wildcard(Host host, Cluster cluster) {
        String id = "dns-wildcard-not-configured";
        if (host.domains.isEmpty()) {
            return Check.pending(
                    id,
                    "DNS wildcard check cannot be performed yet because the host has not yet performed DNS resolution");
        }
        String name = HostSteps.WILDCARD_PROBE + cluster.definition.domain();
        for (String asked : List.of(name, name + ".")) {
            Optional<Replies.Resolution> answer = host.domains.get().resolutions().stream()
                    .filter(r -> asked.equals(r.domainName()))
                    .findFirst();
            if (answer.isEmpty()) {
                return new Check(id, Check.Status.ERROR, "DNS wildcard check failed: no answer for " + asked);
            }
            if (!answer.get().empty()) {
                return Check.failed(
                        id,
                        "DNS wildcard configuration was detected for domain *." + cluster.definition.domain()
                                + " - the installation will not be able to complete while this record exists");
            }
        }
        return Check.passed(id, "DNS wildcard check was successful");
    }

    private static Check ignition(Host host) {
        String id = "ignition-downloadable";
        return host.apiVip
                .map(reply -> Check.of(
                        id,
                        reply.gotIgnition(),
                        "Ignition is downloadable",
                        "This host has failed to download the ignition file from the cluster, please ensure the host can"
                                + " reach the cluster"))
                .orElseGet(() -> Check.pending(id, "Ignition is not ready, pending API connectivity"));
    }

    private static Check collisions(Host host, Cluster cluster, ClusterView view) {
        String id = "no-ip-collisions-in-network";
        if (cluster.day2) {
            return Check.passed(id, "Skipping validation for day 2 host " + host.id);
        }
        if (host.inventory.isEmpty()) {
            return Check.pending(id, "Missing inventory");
        }
        Set<String> colliding = new TreeSet<>();
        host.inventory.get().addresses().stream()
                .map(Cidr::withoutPrefix)
                .filter(view.collisions::containsKey)
                .forEach(ip -> colliding.add("IP address: " + ip + " is used by " + view.collisions.get(ip)));
        return Check.of(
                id,
                colliding.isEmpty(),
                "No IP collisions were detected by host " + host.id,
                "Collisions detected in host network. " + String.join(", ", colliding));
    }
}
