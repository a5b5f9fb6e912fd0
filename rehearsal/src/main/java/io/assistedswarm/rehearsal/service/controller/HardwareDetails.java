package io.assistedswarm.rehearsal.service.controller;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An Agent's inventory in metal3's format, for a BareMetalHost that was never inspected. */
final class HardwareDetails {
    private static final long MIB = 1024 * 1024;

    private HardwareDetails() {}

    static Map<String, Object> of(Map<String, Object> inventory) {
        Map<String, Object> details = new LinkedHashMap<>();
        Map<String, Object> vendor = new LinkedHashMap<>();
        Map<String, Object> ownVendor = map(inventory, "systemVendor");
        for (String name : List.of("manufacturer", "productName", "serialNumber")) {
            vendor.put(name, ownVendor.getOrDefault(name, ""));
        }
        details.put("systemVendor", vendor);
        details.put("firmware", Map.of("bios", Map.of()));
        details.put("ramMebibytes", number(map(inventory, "memory"), "physicalBytes") / MIB);
        details.put("nics", nics(inventory));
        details.put(
                "storage",
                list(inventory, "disks").stream().map(HardwareDetails::storage).toList());
        Map<String, Object> cpu = new LinkedHashMap<>();
        Map<String, Object> ownCpu = map(inventory, "cpu");
        cpu.put("arch", ownCpu.getOrDefault("architecture", ""));
        cpu.put("model", ownCpu.getOrDefault("modelName", ""));
        cpu.put("flags", ownCpu.getOrDefault("flags", List.of()));
        cpu.put("count", number(ownCpu, "count"));
        details.put("cpu", cpu);
        details.put("hostname", inventory.getOrDefault("hostname", ""));
        return details;
    }

    /** One entry for each address. */
    private static List<Map<String, Object>> nics(Map<String, Object> inventory) {
        List<Map<String, Object>> nics = new ArrayList<>();
        for (Map<String, Object> nic : list(inventory, "interfaces")) {
            for (String family : List.of("ipV6Addresses", "ipV4Addresses")) {
                if (nic.get(family) instanceof List<?> addresses) {
                    for (Object address : addresses) {
                        Map<String, Object> entry = new LinkedHashMap<>();
                        entry.put("name", nic.getOrDefault("name", ""));
                        entry.put("mac", nic.getOrDefault("macAddress", ""));
                        String text = String.valueOf(address);
                        int slash = text.indexOf('/');
                        entry.put("ip", slash < 0 ? text : text.substring(0, slash));
                        nics.add(entry);
                    }
                }
            }
        }
        return nics;
    }

    private static Map<String, Object> storage(Map<String, Object> disk) {
        Map<String, Object> storage = new LinkedHashMap<>();
        storage.put("name", disk.getOrDefault("path", ""));
        if ("HDD".equals(disk.get("driveType"))) {
            storage.put("rotational", true);
        }
        storage.put("sizeBytes", number(disk, "sizeBytes"));
        for (String name : List.of("vendor", "model", "serialNumber", "hctl", "wwn")) {
            if (disk.containsKey(name)) {
                storage.put(name, disk.get(name));
            }
        }
        return storage;
    }

    private static long number(Map<String, Object> map, String name) {
        return map.get(name) instanceof Number number ? number.longValue() : 0;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> map, String name) {
        return map.get(name) instanceof Map<?, ?> inner ? (Map<String, Object>) inner : Map.of();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> map, String name) {
        return map.get(name) instanceof List<?> inner ? (List<Map<String, Object>>) inner : List.of();
    }
}
