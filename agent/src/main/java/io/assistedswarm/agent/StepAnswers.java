package io.assistedswarm.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a dry agent answers to each step that needs no process (reference, sections 3 and 7.3): everything is reachable, fast and in
 * time, no name resolves.
 */
final class StepAnswers {
    /** Arguments that do not fit the step. */
    private static final class BadArguments extends Exception {
        private static final long serialVersionUID = 1L;

        BadArguments(String message) {
            super(message);
        }
    }

    private static final long MOST_FREE_ADDRESSES = 8000;
    private static final int UUID_LENGTH = 36;
    /** What a user of user-managed networking has in his DNS. */
    private static final List<String> CLUSTER_NAMES = List.of("api.", "api-int.", "console-openshift-console.apps.");

    private final Inventory inventory;
    private final String namesResolveTo;

    /** @param namesResolveTo address of the cluster's names; empty if none resolves */
    StepAnswers(Inventory inventory, String namesResolveTo) {
        this.inventory = inventory;
        this.namesResolveTo = namesResolveTo;
    }

    StepReply answer(String stepType, List<String> args) {
        try {
            return StepReply.ok(output(stepType, args));
        } catch (BadArguments e) {
            return StepReply.refused(e.getMessage());
        }
    }

    private String output(String stepType, List<String> args) throws BadArguments {
        return switch (stepType) {
            case "inventory" -> inventory(args);
            case "connectivity-check" -> connectivity(single(stepType, args));
            case "ntp-synchronizer" -> ntp(single(stepType, args));
            case "domain-resolution" -> domains(single(stepType, args));
            case "verify-vips" -> vips(single(stepType, args));
            case "installation-disk-speed-check" -> diskSpeed(stepType, args);
            case "container-image-availability" -> images(single(stepType, args));
            case "free-network-addresses" -> freeAddresses(single(stepType, args));
            case "api-vip-connectivity-check" -> apiVip(single(stepType, args));
            case "tang-connectivity-check" -> tang(single(stepType, args));
            case "upgrade-agent" -> upgrade(single(stepType, args));
            case "dhcp-lease-allocate" -> throw new BadArguments("no DHCP server answers in a rehearsal");
            // The real agent acts on the machine here; nothing of that is to happen on a load generator.
            case "download-boot-artifacts", "reboot-for-reclaim" -> "";
            default -> throw new BadArguments("failed to find action for step type " + stepType);
        };
    }

    private String inventory(List<String> args) throws BadArguments {
        if (args.size() != 1 || args.get(0).length() != UUID_LENGTH) {
            throw new BadArguments("inventory cmd accepts one host id in args, given args " + args);
        }
        return Json.text(inventory.json());
    }

    private static String connectivity(Object hosts) throws BadArguments {
        List<Object> remoteHosts = new ArrayList<>();
        for (Object host : list("connectivity-check", hosts)) {
            List<Object> l2 = new ArrayList<>();
            List<Object> l3 = new ArrayList<>();
            for (Object nic : Json.listAt(host, "nics")) {
                for (Object ip : Json.listAt(nic, "ip_addresses")) {
                    l2.add(Json.object(
                            "outgoing_nic",
                            Inventory.NIC,
                            "remote_ip_address",
                            ip,
                            "remote_mac",
                            Json.textAt(nic, "mac"),
                            "successful",
                            true));
                    l3.add(Json.object("remote_ip_address", ip, "successful", true));
                }
            }
            remoteHosts.add(Json.object(
                    "host_id",
                    Json.textAt(host, "host_id"),
                    "l2_connectivity",
                    l2,
                    "l3_connectivity",
                    l3,
                    "mtu_report",
                    null));
        }
        return Json.text(Json.object("remote_hosts", remoteHosts));
    }

    private static String ntp(Object request) {
        List<Object> sources = new ArrayList<>();
        sources.add(Json.object("source_name", "127.127.1.1", "source_state", "synced"));
        for (String added : Json.textAt(request, "ntp_source").split(",", -1)) {
            if (!added.isBlank()) {
                sources.add(Json.object("source_name", added.strip(), "source_state", "combined"));
            }
        }
        return Json.text(Json.object("ntp_sources", sources));
    }

    private String domains(Object request) {
        List<Object> resolutions = new ArrayList<>();
        for (Object domain : Json.listAt(request, "domains")) {
            String name = Json.textAt(domain, "domain_name");
            boolean known = !namesResolveTo.isEmpty() && CLUSTER_NAMES.stream().anyMatch(name::startsWith);
            resolutions.add(Json.object(
                    "cnames",
                    null,
                    "domain_name",
                    name,
                    "ipv4_addresses",
                    known ? List.of(namesResolveTo) : List.of(),
                    "ipv6_addresses",
                    List.of()));
        }
        return Json.text(Json.object("resolutions", resolutions));
    }

    private static String vips(Object request) throws BadArguments {
        List<Object> verified = new ArrayList<>();
        for (Object vip : list("verify-vips", request)) {
            verified.add(Json.object(
                    "verification", "succeeded",
                    "vip", Json.textAt(vip, "vip"),
                    "vip_type", Json.textAt(vip, "vip_type")));
        }
        return Json.text(verified);
    }

    private static String diskSpeed(String stepType, List<String> args) throws BadArguments {
        if (args.size() != 2) {
            throw new BadArguments(stepType + " cmd accepts 2 params in args, given args " + args);
        }
        String path = Json.textAt(parsed(stepType, args.get(0)), "path");
        return Json.text(Json.object("io_sync_duration", 1, "path", path));
    }

    private static String images(Object request) {
        List<Object> images = new ArrayList<>();
        for (Object image : Json.listAt(request, "images")) {
            images.add(Json.object(
                    "download_rate", 100,
                    "name", image,
                    "result", "success",
                    "size_bytes", 400_000_000,
                    "time", 10));
        }
        return Json.text(Json.object("images", images));
    }

    private String freeAddresses(Object networks) throws BadArguments {
        List<Object> free = new ArrayList<>();
        for (Object network : list("free-network-addresses", networks)) {
            free.add(Json.object("free_addresses", addressesOf(network.toString()), "network", network));
        }
        return Json.text(free);
    }

    private List<Object> addressesOf(String cidr) throws BadArguments {
        String[] parts = cidr.split("[./]", -1);
        if (parts.length != 5) {
            throw new BadArguments("'" + cidr + "' is no IPv4 network");
        }
        long network = 0;
        for (int i = 0; i < 4; i++) {
            network = network << 8 | Long.parseLong(parts[i]);
        }
        long last = network + (1L << (32 - Integer.parseInt(parts[4]))) - 2;
        List<Object> addresses = new ArrayList<>();
        for (long address = network + 1; address <= last && addresses.size() < MOST_FREE_ADDRESSES; address++) {
            String text = (address >> 24 & 255) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "."
                    + (address & 255);
            if (!inventory.ipv4().startsWith(text + "/")) {
                addresses.add(text);
            }
        }
        return addresses;
    }

    private static String apiVip(Object request) {
        return Json.text(Json.object(
                "ignition",
                "{\"ignition\":{\"version\":\"3.1.0\"}}",
                "is_success",
                true,
                "url",
                Json.textAt(request, "url")));
    }

    private static String tang(Object request) throws BadArguments {
        List<Object> responses = new ArrayList<>();
        String servers = Json.textAt(request, "tang_servers");
        for (Object server : list("tang-connectivity-check", parsed("tang-connectivity-check", servers))) {
            responses.add(Json.object("payload", "", "signatures", List.of(), "tang_url", Json.textAt(server, "url")));
        }
        return Json.text(Json.object("is_success", true, "tang_server_response", responses));
    }

    private static String upgrade(Object request) {
        return Json.text(Json.object("agent_image", Json.textAt(request, "agent_image"), "result", "success"));
    }

    private static Object single(String stepType, List<String> args) throws BadArguments {
        if (args.size() != 1) {
            throw new BadArguments(stepType + " cmd accepts 1 params in args, given args " + args);
        }
        return parsed(stepType, args.get(0));
    }

    private static Object parsed(String stepType, String json) throws BadArguments {
        try {
            Object value = Json.parse(json);
            if (value instanceof Map || value instanceof List) {
                return value;
            }
        } catch (IOException e) {
            throw new BadArguments(stepType + ": the argument is no JSON: " + e.getMessage());
        }
        throw new BadArguments(stepType + ": the argument is neither a JSON object nor a list: " + json);
    }

    private static List<?> list(String stepType, Object value) throws BadArguments {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new BadArguments(stepType + ": the argument is no JSON list");
    }
}
