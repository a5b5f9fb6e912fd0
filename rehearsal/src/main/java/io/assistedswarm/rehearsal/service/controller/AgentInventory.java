package io.assistedswarm.rehearsal.service.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inventory in the Agent's spelling: other key names, some fields left out, lists never absent. */
final class AgentInventory {
    private static final Map<String, String> TOP =
            Map.of("bmc_address", "bmcAddress", "bmc_v6address", "bmcV6Address", "hostname", "hostname");
    private static final Map<String, String> BOOT = Map.of(
            "current_boot_mode", "currentBootMode", "pxe_interface", "pxeInterface", "device_type", "deviceType");
    private static final Map<String, String> CPU =
            Map.of("architecture", "architecture", "count", "count", "model_name", "modelName", "flags", "flags");
    private static final Map<String, String> MEMORY =
            Map.of("physical_bytes", "physicalBytes", "usable_bytes", "usableBytes");
    private static final Map<String, String> VENDOR = Map.of(
            "manufacturer",
            "manufacturer",
            "product_name",
            "productName",
            "serial_number",
            "serialNumber",
            "virtual",
            "virtual");
    private static final Map<String, String> DISK = Map.ofEntries(
            Map.entry("id", "id"),
            Map.entry("bootable", "bootable"),
            Map.entry("by_id", "byID"),
            Map.entry("by_path", "byPath"),
            Map.entry("drive_type", "driveType"),
            Map.entry("hctl", "hctl"),
            Map.entry("model", "model"),
            Map.entry("name", "name"),
            Map.entry("path", "path"),
            Map.entry("serial", "serial"),
            Map.entry("size_bytes", "sizeBytes"),
            Map.entry("smart", "smart"),
            Map.entry("vendor", "vendor"),
            Map.entry("wwn", "wwn"));
    private static final Map<String, String> NIC = Map.ofEntries(
            Map.entry("biosdevname", "biosDevName"),
            Map.entry("client_id", "clientID"),
            Map.entry("has_carrier", "hasCarrier"),
            Map.entry("mac_address", "macAddress"),
            Map.entry("mtu", "mtu"),
            Map.entry("name", "name"),
            Map.entry("product", "product"),
            Map.entry("speed_mbps", "speedMbps"),
            Map.entry("vendor", "vendor"));

    private AgentInventory() {}

    static Map<String, Object> of(ObjectNode inventory) {
        Map<String, Object> agent = renamed(inventory, TOP);
        put(agent, "boot", renamed(inventory.path("boot"), BOOT));
        put(agent, "cpu", renamed(inventory.path("cpu"), CPU));
        agent.put("disks", each(inventory.path("disks"), AgentInventory::disk));
        agent.put("interfaces", each(inventory.path("interfaces"), AgentInventory::nic));
        put(agent, "memory", renamed(inventory.path("memory"), MEMORY));
        put(agent, "systemVendor", renamed(inventory.path("system_vendor"), VENDOR));
        return agent;
    }

    private static Map<String, Object> disk(JsonNode disk) {
        Map<String, Object> agent = renamed(disk, DISK);
        agent.putIfAbsent("id", "");
        Map<String, Object> eligibility = new LinkedHashMap<>();
        JsonNode own = disk.path("installation_eligibility");
        if (own.path("eligible").asBoolean()) {
            eligibility.put("eligible", true);
        }
        eligibility.put("notEligibleReasons", list(own.path("not_eligible_reasons")));
        agent.put("installationEligibility", eligibility);
        agent.put("ioPerf", Map.of());
        return agent;
    }

    private static Map<String, Object> nic(JsonNode nic) {
        Map<String, Object> agent = renamed(nic, NIC);
        agent.put("flags", list(nic.path("flags")));
        agent.put("ipV4Addresses", list(nic.path("ipv4_addresses")));
        agent.put("ipV6Addresses", list(nic.path("ipv6_addresses")));
        return agent;
    }

    private static Map<String, Object> renamed(JsonNode source, Map<String, String> names) {
        Map<String, Object> target = new LinkedHashMap<>();
        source.properties().forEach(field -> {
            String name = names.get(field.getKey());
            if (name != null && !field.getValue().isNull()) {
                target.put(name, Json.LENIENT.convertValue(field.getValue(), Object.class));
            }
        });
        return target;
    }

    private static void put(Map<String, Object> target, String name, Map<String, Object> value) {
        if (!value.isEmpty()) {
            target.put(name, value);
        }
    }

    private static List<Object> each(JsonNode array, java.util.function.Function<JsonNode, Object> element) {
        List<Object> list = new ArrayList<>();
        array.forEach(node -> list.add(element.apply(node)));
        return list;
    }

    private static List<Object> list(JsonNode array) {
        return each(array, node -> Json.LENIENT.convertValue(node, Object.class));
    }
}
