package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Check;
import io.assistedswarm.rehearsal.service.model.Checks;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Inventory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The validations of a host (reference, dry-run-agent.md 10.3). */
public final class HostChecks {
    /** Without these a host is insufficient before anything else is looked at. */
    static final List<String> HARDWARE = List.of(
            "has-inventory",
            "has-min-cpu-cores",
            "has-min-memory",
            "has-min-valid-disks",
            "compatible-with-cluster-platform");

    /** Without these it waits for the user. */
    static final List<String> USER_INPUT = List.of("machine-cidr-defined");

    /** All that stands in the way of an installation; NTP and MTU are reported but do not block. */
    static final List<String> BLOCKING = List.of(
            "connected",
            "compatible-agent",
            "has-inventory",
            "has-min-cpu-cores",
            "has-min-memory",
            "has-min-valid-disks",
            "has-cpu-cores-for-role",
            "has-memory-for-role",
            "compatible-with-cluster-platform",
            "hostname-unique",
            "hostname-valid",
            "machine-cidr-defined",
            "belongs-to-machine-cidr",
            "belongs-to-majority-group",
            "has-default-route",
            "sufficient-network-latency-requirement-for-role",
            "sufficient-packet-loss-requirement-for-role",
            "non-overlapping-subnets",
            "no-ip-collisions-in-network",
            "valid-platform-network-settings",
            "api-domain-name-resolved-correctly",
            "api-int-domain-name-resolved-correctly",
            "apps-domain-name-resolved-correctly",
            "dns-wildcard-not-configured",
            "container-images-available",
            "sufficient-installation-disk-speed",
            "time-synced-between-host-and-service",
            "ignition-downloadable");

    /** What an unbound host must pass. */
    static final List<String> POOL = List.of(
            "connected",
            "has-inventory",
            "has-min-cpu-cores",
            "has-min-memory",
            "has-min-valid-disks",
            "hostname-valid");

    private static final Pattern HOSTNAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}(?:[.][a-z0-9-]{1,63})*");
    private static final long MIB = 1024 * 1024;
    private static final long GB = 1_000_000_000;
    private final ServiceSettings settings;
    private final NetworkChecks network;

    public HostChecks(ServiceSettings settings) {
        this.settings = settings;
        this.network = new NetworkChecks(settings);
    }

    /** @param view of the host's cluster; empty for an unbound host */
    public Checks of(Host host, Optional<ClusterView> view, boolean connected, Instant now) {
        Map<String, List<Check>> groups = new LinkedHashMap<>();
        groups.put("hardware", hardware(host, view));
        groups.put("network", network.of(host, view, connected, now));
        if (host.cluster().isPresent()) {
            groups.put("operators", Operators.DISABLED);
        }
        return new Checks(groups);
    }

    private List<Check> hardware(Host host, Optional<ClusterView> view) {
        HardwareRequirements.Minimum least = settings.requirements().least();
        HardwareRequirements.Minimum needed = settings.requirements().of(host);
        String role = host.effectiveRole().wireName();
        List<Check> checks = new ArrayList<>();
        checks.add(Check.of(
                "has-inventory",
                host.inventory.isPresent(),
                "Valid inventory exists for the host",
                "Inventory has not been received for the host"));
        checks.add(onInventory(host, "inventory-not-partially-truncated", i -> true, "Inventory is not truncated", ""));
        checks.add(onInventory(host, "inventory-not-fully-truncated", i -> true, "Inventory is not truncated", ""));
        checks.add(onInventory(
                host,
                "has-min-cpu-cores",
                i -> i.cpu().count() >= least.cores(),
                "Sufficient CPU cores",
                "Require at least %d CPU cores".formatted(least.cores())));
        checks.add(onInventory(
                host,
                "has-min-memory",
                i -> i.memory().physicalBytes() >= least.memoryMib() * MIB,
                "Sufficient minimum RAM",
                "Require at least %d MiB RAM".formatted(least.memoryMib())));
        checks.add(onInventory(
                host,
                "has-min-valid-disks",
                i -> i.disks().stream().anyMatch(disk -> disk.eligible() && disk.sizeBytes() >= needed.diskGb() * GB),
                "Sufficient disk capacity",
                "No eligible disks were found, please check specific disks to see why they are not eligible"));
        if (host.cluster().isPresent()) {
            checks.add(onInventory(
                    host,
                    "has-cpu-cores-for-role",
                    i -> i.cpu().count() >= needed.cores(),
                    "Sufficient CPU cores for role " + role,
                    "Require at least %d CPU cores for %s role".formatted(needed.cores(), role)));
            checks.add(onInventory(
                    host,
                    "has-memory-for-role",
                    i -> i.memory().physicalBytes() >= needed.memoryMib() * MIB,
                    "Sufficient RAM for role " + role,
                    "Require at least %d MiB RAM for role %s".formatted(needed.memoryMib(), role)));
            checks.add(onInventory(
                    host,
                    "hostname-unique",
                    i -> view.map(all -> all.hostnames.getOrDefault(host.hostname(), 0L) <= 1)
                            .orElse(true),
                    "Hostname " + host.hostname() + " is unique in cluster",
                    "Hostname " + host.hostname() + " is not unique in cluster"));
        }
        checks.add(onInventory(
                host,
                "hostname-valid",
                i -> validHostname(host.hostname()),
                "Hostname " + host.hostname() + " is allowed",
                "Hostname " + host.hostname() + " is forbidden"));
        if (host.cluster().isPresent()) {
            checks.add(diskSpeed(host, needed));
            checks.add(Check.passed(
                    "compatible-with-cluster-platform",
                    "Host is compatible with cluster platform "
                            + (host.cluster().get().userManagedNetworking() ? "none" : "baremetal")));
            checks.add(Check.passed(
                    "no-skip-installation-disk", "No request to skip formatting of the installation disk"));
            checks.add(Check.passed(
                    "no-skip-missing-disk",
                    "All disks that have skipped formatting are present in the host inventory"));
        }
        if (!compatibleAgent(host)) {
            checks.add(Check.failed(
                    "compatible-agent",
                    "This host's agent is in the process of being upgraded to a compatible version"));
        }
        return checks;
    }

    /** A different agent image means that the host is told to upgrade. */
    static boolean compatibleAgent(Host host, ServiceSettings settings) {
        return host.agentVersion.equals(settings.images().agent());
    }

    private boolean compatibleAgent(Host host) {
        return compatibleAgent(host, settings);
    }

    private static Check diskSpeed(Host host, HardwareRequirements.Minimum needed) {
        String id = "sufficient-installation-disk-speed";
        Optional<Long> speed = installationDiskSpeed(host);
        if (speed.isEmpty()) {
            return host.inventory.isPresent()
                    ? Check.passed(id, "Speed of installation disk has not yet been measured")
                    : Check.pending(id, "Missing inventory or missing cluster");
        }
        long millis = speed.get();
        return Check.of(
                id,
                millis >= 0 && millis <= needed.diskSyncMillis(),
                "Speed of installation disk is sufficient",
                millis < 0
                        ? "While preparing the previous installation the installation disk speed measurement failed"
                                + " or was found to be insufficient"
                        : "While preparing the previous installation the installation disk was found to be too slow: %d ms"
                                .formatted(millis));
    }

    /** Milliseconds of a sync on the installation disk; negative if the measurement failed. */
    private static Optional<Long> installationDiskSpeed(Host host) {
        return host.installationDisk().map(disk -> host.diskSpeeds.get(disk.path()));
    }

    static boolean diskMeasured(Host host) {
        return installationDiskSpeed(host).filter(millis -> millis >= 0).isPresent();
    }

    static boolean imagesPulled(Host host, ServiceSettings.Images images) {
        return host.images.containsKey(images.installer())
                && host.images.values().stream()
                        .allMatch(image -> "success".equals(image.path("result").asText()));
    }

    static boolean validHostname(String hostname) {
        return hostname.length() <= 63 && HOSTNAME.matcher(hostname).matches() && !hostname.startsWith("localhost");
    }

    static Check onInventory(
            Host host, String id, java.util.function.Predicate<Inventory> test, String success, String failure) {
        return host.inventory
                .map(inventory -> Check.of(id, test.test(inventory), success, failure))
                .orElseGet(() -> Check.pending(id, "Missing inventory"));
    }
}
