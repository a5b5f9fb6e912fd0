package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Inventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The argument of the {@code install} step: what the agent starts the installer with (observed.md, section 4). */
final class InstallCommand {
    private final ServiceSettings settings;

    InstallCommand(ServiceSettings settings) {
        this.settings = settings;
    }

    Map<String, Object> of(Host host) {
        Cluster cluster = host.cluster().orElseThrow();
        Map<String, Object> request = new TreeMap<>();
        request.put(
                "boot_device", host.installationDisk().map(Inventory.Disk::path).orElse(""));
        request.put("check_cvo", true);
        request.put("cluster_id", cluster.id.toString());
        request.put("control_plane_count", cluster.definition.controlPlanes());
        request.put("controller_image", settings.images().controller());
        request.put("disks_to_format", List.of());
        if (settings.variables().skipMcoReboot()) {
            request.put("enable_skip_mco_reboot", true);
        }
        request.put("host_id", host.id.toString());
        request.put("infra_env_id", host.infraEnv.id.toString());
        request.put("installer_args", Json.text(installerArgs(host)));
        request.put("installer_image", settings.images().installer());
        request.put("mco_image", ReleaseImages.machineConfigOperator(cluster));
        request.put("must_gather_image", ReleaseImages.mustGather(cluster));
        if (host.infraEnv.byRest()) {
            request.put("notify_num_reboots", true);
        }
        request.put("openshift_version", cluster.definition.openshiftVersion());
        request.put("role", host.bootstrap ? "bootstrap" : host.effectiveRole().wireName());
        request.put("service_ips", null);
        return request;
    }

    private static List<String> installerArgs(Host host) {
        List<String> args = new ArrayList<>(host.wishes.installerArgs());
        if (host.infraEnv.hasStaticNetwork()) {
            if (!args.contains("--copy-network")) {
                args.add("--copy-network");
            }
            return args;
        }
        String mac = host.inventory.map(Inventory::interfaces).orElse(List.of()).stream()
                .map(Inventory.Nic::macAddress)
                .findFirst()
                .orElse("");
        if (args.stream().noneMatch(arg -> arg.startsWith("ip="))) {
            args.add("--append-karg");
            args.add("ip=" + mac.replace(':', '-') + ":dhcp");
        }
        return args;
    }
}
