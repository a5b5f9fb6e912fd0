package io.assistedswarm.rehearsal.service.machine;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Inventory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Which steps a host is given at a poll, by its state (reference, dry-run-agent.md 7.2 and observed.md 4). */
public final class HostSteps {
    public static final String WILDCARD_PROBE = "validateNoWildcardDNS.";
    private static final int POLL_SECONDS = 60;
    private static final int LONG_POLL_SECONDS = 120;
    private static final int IMAGE_TIMEOUT_SECONDS = 960;
    private static final int LEAST_PREFIX_OF_FREE_ADDRESSES = 22;
    private static final String DISK_SPEED_TIMEOUT_SECONDS = "480.00";
    private final ServiceSettings settings;
    private final InstallCommand install;

    public HostSteps(ServiceSettings settings) {
        this.settings = settings;
        this.install = new InstallCommand(settings);
    }

    @JsonPropertyOrder({"args", "step_id", "step_type"})
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Step(List<String> args, String stepId, String stepType) {
        static Step of(String type, String... args) {
            String id =
                    type + "-" + "%08x".formatted(ThreadLocalRandom.current().nextInt());
            return new Step(List.of(args), id, type);
        }
    }

    @JsonPropertyOrder({"instructions", "next_instruction_seconds", "post_step_action"})
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Instructions(List<Step> instructions, int nextInstructionSeconds, String postStepAction) {}

    public Instructions of(Host host) {
        int next = settings.scale().seconds(nextSeconds(host));
        return new Instructions(steps(host), next, host.state.betweenClusters() ? "exit" : "continue");
    }

    private static int nextSeconds(Host host) {
        return switch (host.state) {
            case DISCONNECTED, DISCONNECTED_UNBOUND, ERROR, CANCELLED -> LONG_POLL_SECONDS;
            case BINDING, UNBINDING, UNBINDING_PENDING_USER_ACTION -> 0;
            default -> POLL_SECONDS;
        };
    }

    private List<Step> steps(Host host) {
        if (mayUpgrade(host) && !HostChecks.compatibleAgent(host, settings)) {
            return List.of(Step.of(
                    "upgrade-agent",
                    Json.text(Map.of("agent_image", settings.images().agent()))));
        }
        Step inventory = Step.of("inventory", host.id.toString());
        return switch (host.state) {
            case DISCOVERING -> host.day2 ? List.of(inventory, ntp(), domains(host)) : List.of(inventory);
            case DISCONNECTED, DISCONNECTED_UNBOUND -> List.of(inventory);
            case INSUFFICIENT, PENDING_FOR_INPUT, KNOWN ->
                host.day2 ? day2Steps(host, inventory) : discoverySteps(host, inventory);
            case DISCOVERING_UNBOUND, INSUFFICIENT_UNBOUND, KNOWN_UNBOUND -> List.of(inventory, ntp());
            case PREPARING_FOR_INSTALLATION ->
                Stream.concat(diskSpeed(host).stream(), Stream.of(images(host))).toList();
            case INSTALLING -> List.of(Step.of("install", Json.text(install.of(host))));
            case ERROR, CANCELLED -> failed(host);
            case PREPARING_SUCCESSFUL,
                    PREPARING_FAILED,
                    INSTALLING_IN_PROGRESS,
                    INSTALLING_PENDING_USER_ACTION,
                    INSTALLED,
                    ADDED_TO_EXISTING_CLUSTER,
                    RESETTING_PENDING_USER_ACTION,
                    BINDING,
                    UNBINDING,
                    UNBINDING_PENDING_USER_ACTION -> List.of();
        };
    }

    private static boolean mayUpgrade(Host host) {
        return switch (host.state) {
            case DISCOVERING,
                    INSUFFICIENT,
                    PENDING_FOR_INPUT,
                    KNOWN,
                    DISCOVERING_UNBOUND,
                    INSUFFICIENT_UNBOUND,
                    KNOWN_UNBOUND -> true;
            default -> false;
        };
    }

    private List<Step> discoverySteps(Host host, Step inventory) {
        List<Step> steps = new ArrayList<>();
        steps.add(inventory);
        connectivity(host).ifPresent(steps::add);
        freeAddresses(host).ifPresent(steps::add);
        steps.add(ntp());
        steps.add(domains(host));
        verifyVips(host).ifPresent(steps::add);
        return steps;
    }

    private List<Step> day2Steps(Host host, Step inventory) {
        List<Step> steps = new ArrayList<>();
        steps.add(inventory);
        connectivity(host).ifPresent(steps::add);
        steps.add(Step.of(
                "api-vip-connectivity-check",
                Json.text(Map.of(
                        "url",
                        "http://%s:22624/config/worker"
                                .formatted(host.cluster().orElseThrow().apiVips.stream()
                                        .findFirst()
                                        .orElse("api."
                                                + host.cluster()
                                                        .orElseThrow()
                                                        .definition
                                                        .domain()))))));
        steps.add(ntp());
        steps.add(domains(host));
        return steps;
    }

    private static Step ntp() {
        return Step.of("ntp-synchronizer", Json.text(Map.of("ntp_source", "")));
    }

    private static Optional<Step> connectivity(Host host) {
        List<Map<String, Object>> others = host.cluster().orElseThrow().hostList().stream()
                .filter(other -> other != host && other.inventory.isPresent())
                .map(other -> (Map<String, Object>) new TreeMap<String, Object>(Map.of(
                        "host_id",
                        other.id.toString(),
                        "nics",
                        other.inventory.get().interfaces().stream()
                                .map(HostSteps::nic)
                                .toList())))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(Step.of("connectivity-check", Json.text(others)));
    }

    /** Asked for by the REST API only, and of small networks (assisted-service, internal/host/hostcommands/free_addresses_cmd.go). */
    private static Optional<Step> freeAddresses(Host host) {
        if (!host.infraEnv.byRest()) {
            return Optional.empty();
        }
        List<String> networks = host.inventory.map(Inventory::addresses).orElse(List.of()).stream()
                .flatMap(address -> Cidr.parse(address).stream())
                .filter(network -> network.ipv4() && network.prefix() >= LEAST_PREFIX_OF_FREE_ADDRESSES)
                .map(Cidr::toString)
                .distinct()
                .toList();
        return networks.isEmpty()
                ? Optional.empty()
                : Optional.of(Step.of("free-network-addresses", Json.text(networks)));
    }

    private static Map<String, Object> nic(Inventory.Nic nic) {
        Map<String, Object> json = new TreeMap<>();
        json.put(
                "ip_addresses",
                Stream.concat(nic.ipv4Addresses().stream(), nic.ipv6Addresses().stream())
                        .map(Cidr::withoutPrefix)
                        .toList());
        json.put("mac", nic.macAddress());
        json.put("name", nic.name());
        return json;
    }

    private static Step domains(Host host) {
        Cluster cluster = host.cluster().orElseThrow();
        String domain = cluster.definition.domain();
        List<String> names = new ArrayList<>(List.of(
                "api." + domain,
                "api-int." + domain,
                "console-openshift-console.apps." + domain,
                WILDCARD_PROBE + domain + ".",
                WILDCARD_PROBE + domain));
        if (!host.day2) {
            names.add(ReleaseImages.registry(cluster.definition.releaseImage()));
        }
        return Step.of(
                "domain-resolution",
                Json.text(Map.of(
                        "domains",
                        names.stream().map(name -> Map.of("domain_name", name)).toList())));
    }

    private static Optional<Step> verifyVips(Host host) {
        Cluster cluster = host.cluster().orElseThrow();
        if (cluster.userManagedNetworking() || cluster.apiVips.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, String>> vips = Stream.concat(
                        cluster.apiVips.stream().map(vip -> vip(vip, "api")),
                        cluster.ingressVips.stream().map(vip -> vip(vip, "ingress")))
                .toList();
        return Optional.of(Step.of("verify-vips", Json.text(vips)));
    }

    private static Map<String, String> vip(String vip, String type) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("vip", vip);
        json.put("vip_type", type);
        return json;
    }

    private static Optional<Step> diskSpeed(Host host) {
        return HostChecks.diskMeasured(host)
                ? Optional.empty()
                : host.installationDisk()
                        .map(disk -> Step.of(
                                "installation-disk-speed-check",
                                Json.text(Map.of("path", disk.path())),
                                DISK_SPEED_TIMEOUT_SECONDS));
    }

    private Step images(Host host) {
        Cluster cluster = host.cluster().orElseThrow();
        Map<String, Object> request = new LinkedHashMap<>();
        request.put(
                "images",
                List.of(
                        cluster.definition.releaseImage(),
                        ReleaseImages.machineConfigOperator(cluster),
                        ReleaseImages.mustGather(cluster),
                        settings.images().installer()));
        request.put("timeout", IMAGE_TIMEOUT_SECONDS);
        return Step.of("container-image-availability", Json.text(request));
    }

    private List<Step> failed(Host host) {
        List<Step> steps = new ArrayList<>();
        if (host.logs.collectedAt().isEmpty() && host.cluster().isPresent()) {
            Cluster cluster = host.cluster().get();
            Map<String, Object> request = new LinkedHashMap<>();
            request.put("bootstrap", host.bootstrap);
            request.put("cluster_id", cluster.id.toString());
            request.put("host_id", host.id.toString());
            request.put("infra_env_id", host.infraEnv.id.toString());
            request.put("installer_gather", host.bootstrap);
            steps.add(Step.of("logs-gather", Json.text(request)));
        }
        steps.add(Step.of("stop-installation"));
        return steps;
    }
}
