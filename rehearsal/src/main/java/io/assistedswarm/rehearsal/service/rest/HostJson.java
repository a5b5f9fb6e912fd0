package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.Stages;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A host as the REST API shows it; which keys are there depends on who asks. The caller holds the row's lock. */
final class HostJson {
    private final ServiceSettings settings;

    HostJson(ServiceSettings settings) {
        this.settings = settings;
    }

    /** Answer to a registration: the row as it was before it got to the database. */
    ObjectNode registered(Host host) {
        ObjectNode json = common(host);
        json.put("created_at", Times.NEVER);
        json.put("updated_at", Times.NEVER);
        json.put("requested_hostname", host.requestedHostname);
        stages(json, host);
        ObjectNode sorted = sorted(json);
        ObjectNode runner = Json.LENIENT.createObjectNode();
        runner.put("agent_version", settings.images().agent());
        runner.put("host_id", host.id.toString());
        runner.put("infra_env_id", host.infraEnv.id.toString());
        sorted.putObject("next_step_runner_command").putArray("args").add(Json.text(runner));
        return sorted;
    }

    /** Inside a cluster. */
    ObjectNode full(Host host) {
        ObjectNode json = stored(host);
        host.inventoryJson.ifPresent(inventory -> json.put("inventory", Json.text(inventory)));
        host.connectivityJson.ifPresent(connectivity -> json.put("connectivity", Json.text(connectivity)));
        json.put("requested_hostname", host.hostname());
        stages(json, host);
        return sorted(json);
    }

    /** In a list of hosts, where the large columns and the computed ones are left out unless asked for. */
    ObjectNode listed(Host host, boolean withInventory, boolean withConnectivity) {
        ObjectNode json = stored(host);
        json.putNull("progress_stages");
        if (withInventory) {
            host.inventoryJson.ifPresent(inventory -> json.put("inventory", Json.text(inventory)));
        }
        if (withConnectivity) {
            host.connectivityJson.ifPresent(connectivity -> json.put("connectivity", Json.text(connectivity)));
        }
        return sorted(json);
    }

    private ObjectNode common(Host host) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        if (host.bootstrap) {
            json.put("bootstrap", true);
        }
        json.put("checked_in_at", Times.millis(host.checkedInAt));
        host.cluster().ifPresent(cluster -> json.put("cluster_id", cluster.id.toString()));
        json.putNull("deleted_at");
        json.put("discovery_agent_version", host.agentVersion);
        json.put("href", "/api/assisted-install/v2/infra-envs/%s/hosts/%s".formatted(host.infraEnv.id, host.id));
        json.put("id", host.id.toString());
        json.put("infra_env_id", host.infraEnv.id.toString());
        json.put("kind", host.day2 ? "AddToExistingClusterHost" : "Host");
        json.put("logs_collected_at", Times.millis(host.logs.collectedAt()));
        json.put("logs_started_at", Times.millis(host.logs.startedAt()));
        json.put("registered_at", Times.millis(host.registeredAt));
        json.put("role", host.role.wireName());
        json.put("stage_started_at", Times.millis(Optional.empty()));
        json.put("stage_updated_at", Times.millis(Optional.empty()));
        json.put("status", host.state.wireName());
        json.put("status_info", host.stateInfo);
        json.put("status_updated_at", Times.millis(host.stateSince));
        json.put("suggested_role", host.suggestedRole.wireName());
        json.put("user_name", "admin");
        return json;
    }

    private ObjectNode stored(Host host) {
        ObjectNode json = common(host);
        json.put("created_at", Times.exact(host.createdAt));
        json.put("updated_at", Times.exact(host.updatedAt));
        if (!host.diskSpeeds.isEmpty()) {
            json.put("disks_info", Json.text(disks(host)));
        }
        host.domainsJson.ifPresent(domains -> json.put("domain_name_resolutions", Json.text(domains)));
        if (!host.images.isEmpty()) {
            json.put("images_status", Json.text(new TreeMap<>(host.images)));
        }
        host.installationDisk().ifPresent(disk -> {
            json.put("installation_disk_id", disk.id());
            json.put("installation_disk_path", disk.path());
        });
        wishes(json, host.wishes);
        if (host.state.takesProgress() || host.state == HostState.INSTALLED) {
            json.put("installer_version", settings.images().installer());
        }
        if (!host.logs.state().isEmpty()) {
            json.put("logs_info", host.logs.state());
        }
        host.ntp.ifPresent(ntp -> json.put("ntp_sources", ntpSources(host)));
        json.set("progress", progress(host));
        if (host.timestamp != 0) {
            json.put("timestamp", host.timestamp);
        }
        if (!host.checks.groups().isEmpty()) {
            json.put("validations_info", Json.text(host.checks.groups()));
        }
        return json;
    }

    private static void wishes(ObjectNode json, Host.Wishes wishes) {
        if (!wishes.installerArgs().isEmpty()) {
            json.put("installer_args", Json.text(wishes.installerArgs()));
        }
        if (!wishes.ignitionConfigOverrides().isEmpty()) {
            json.put("ignition_config_overrides", wishes.ignitionConfigOverrides());
        }
        if (!wishes.machineConfigPool().isEmpty()) {
            json.put("machine_config_pool_name", wishes.machineConfigPool());
        }
        if (!wishes.nodeLabels().isEmpty()) {
            json.put("node_labels", Json.text(wishes.nodeLabels()));
        }
    }

    private static ObjectNode progress(Host host) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        host.progress.ifPresent(progress -> {
            json.put("current_stage", progress.stage().wireName());
            json.put("installation_percentage", progress.percentage());
            if (!progress.info().isEmpty()) {
                json.put("progress_info", progress.info());
            }
        });
        json.put("stage_started_at", Times.millis(host.progress.map(Host.Progress::startedAt)));
        json.put("stage_updated_at", Times.millis(host.progress.map(Host.Progress::updatedAt)));
        return json;
    }

    private static Map<String, Object> disks(Host host) {
        Map<String, Object> disks = new TreeMap<>();
        host.diskSpeeds.forEach((path, millis) -> disks.put(
                path,
                Map.of(
                        "disk_speed",
                        millis < 0
                                ? Map.of("exit_code", 1, "tested", true)
                                : Map.of("speed_ms", millis, "tested", true),
                        "path",
                        path)));
        return disks;
    }

    private static String ntpSources(Host host) {
        List<Map<String, String>> sources = host.ntp.orElseThrow().ntpSources().stream()
                .map(source -> Map.of("source_name", source.sourceName(), "source_state", source.sourceState()))
                .toList();
        return Json.text(sources);
    }

    private static void stages(ObjectNode json, Host host) {
        ArrayNode stages = json.putArray("progress_stages");
        Stages.of(host).stream().map(HostStage::wireName).forEach(stages::add);
    }

    static ObjectNode sorted(ObjectNode json) {
        ObjectNode sorted = Json.LENIENT.createObjectNode();
        json.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(field -> sorted.set(field.getKey(), field.getValue()));
        return sorted;
    }
}
