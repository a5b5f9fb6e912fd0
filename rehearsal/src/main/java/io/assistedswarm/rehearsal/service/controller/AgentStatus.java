package io.assistedswarm.rehearsal.service.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.machine.Stages;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.Inventory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Status, annotations and labels of an Agent (reference, cr-lifecycle.md 6). The caller holds the host's lock. */
final class AgentStatus {
    private AgentStatus() {}

    static Map<String, Object> of(Host host, HubObject agent, Condition synced, ServiceSettings settings, Instant now) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("bootstrap", host.bootstrap ? true : null);
        status.put(
                "conditions",
                Conditions.merged(agent.objects("status", "conditions"), AgentConditions.of(host, synced), false, now));
        Map<String, Object> debug = new LinkedHashMap<>();
        debug.put(
                "eventsURL",
                settings.credentials()
                        .signedForInfraEnv(settings.apiUrl() + "/events?host_id=" + host.id, host.infraEnv.id));
        host.cluster()
                .ifPresent(cluster -> debug.put(
                        "logsURL",
                        settings.credentials()
                                .signedForCluster(
                                        settings.apiUrl() + "/clusters/" + cluster.id + "/logs?host_id=" + host.id
                                                + "&logs_type=host",
                                        cluster.id)));
        debug.put("state", host.state.wireName());
        debug.put("stateInfo", host.stateInfo);
        status.put("debugInfo", debug);
        status.put(
                "installation_disk_id",
                host.installationDisk().map(Inventory.Disk::id).orElse(null));
        status.put("inventory", host.inventoryJson.map(AgentInventory::of).orElse(Map.of()));
        status.put("kind", host.day2 ? "AddToExistingClusterHost" : "Host");
        status.put(
                "ntpSources",
                host.ntp
                        .map(ntp -> ntp.ntpSources().stream()
                                .map(source ->
                                        Map.of("sourceName", source.sourceName(), "sourceState", source.sourceState()))
                                .toList())
                        .orElse(null));
        status.put("progress", progress(host));
        status.put("role", (host.role == HostRole.AUTO_ASSIGN ? host.suggestedRole : host.role).wireName());
        status.put("validationsInfo", InstallStatus.validations(host.checks.groups()));
        return status;
    }

    private static Map<String, Object> progress(Host host) {
        Map<String, Object> progress = new LinkedHashMap<>();
        List<String> stages = Stages.of(host).stream().map(HostStage::wireName).toList();
        if (!stages.isEmpty()) {
            progress.put("progressStages", stages);
        }
        host.progress.ifPresent(reached -> {
            progress.put("currentStage", reached.stage().wireName());
            progress.put("installationPercentage", reached.percentage());
            if (!reached.info().isEmpty()) {
                progress.put("progressInfo", reached.info());
            }
            progress.put("stageStartTime", Conditions.time(reached.startedAt()));
            progress.put("stageUpdateTime", Conditions.time(reached.updatedAt()));
        });
        return progress;
    }

    static Map<String, Object> annotations(Host host) {
        Map<String, Object> annotations = new TreeMap<>();
        String prefix = Names.AGENT_ANNOTATION;
        annotations.put(prefix + "state", host.state.wireName());
        annotations.put(prefix + "role", host.effectiveRole().wireName());
        host.progress.ifPresent(progress ->
                annotations.put(prefix + "current-stage", progress.stage().wireName()));
        host.inventoryJson.ifPresent(inventory -> annotations.put(prefix + "inventory", Json.text(inventory)));
        if (!host.checks.groups().isEmpty()) {
            annotations.put(prefix + "validations-info", Json.text(host.checks.groups()));
        }
        if (host.inventory.isPresent()) {
            annotations.put(Names.INVENTORY_LABEL + "version", "0.1");
        }
        return annotations;
    }

    /** What the inventory says about the machine, to select Agents by. */
    static Map<String, Object> labels(Host host) {
        Map<String, Object> labels = new TreeMap<>();
        host.inventoryJson.ifPresent(json -> {
            String prefix = Names.INVENTORY_LABEL;
            labels.put(
                    prefix + "cpu-architecture",
                    json.path("cpu").path("architecture").asText());
            labels.put(prefix + "cpu-virtenabled", String.valueOf(canVirtualize(json)));
            JsonNode vendor = json.path("system_vendor");
            labels.put(
                    prefix + "host-isvirtual",
                    String.valueOf(vendor.path("virtual").asBoolean()));
            labels.put(
                    prefix + "host-manufacturer",
                    labelValue(vendor.path("manufacturer").asText()));
            labels.put(
                    prefix + "host-productname",
                    labelValue(vendor.path("product_name").asText()));
            labels.put(prefix + "storage-hasnonrotationaldisk", String.valueOf(hasFastDisk(json)));
        });
        return labels;
    }

    private static boolean canVirtualize(ObjectNode inventory) {
        for (JsonNode flag : inventory.path("cpu").path("flags")) {
            if (flag.asText().equals("vmx") || flag.asText().equals("svm")) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasFastDisk(ObjectNode inventory) {
        for (JsonNode disk : inventory.path("disks")) {
            if (disk.path("drive_type").asText().equals("SSD")) {
                return true;
            }
        }
        return false;
    }

    /** Characters that a label's value may not have become dashes or go. */
    private static String labelValue(String text) {
        String value = text.replaceAll("[^A-Za-z0-9_.-]", "");
        value = value.substring(0, Math.min(63, value.length()));
        return value.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
    }
}
