package io.assistedswarm.agent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Turns the argument of an {@code install} step into the installer's command line, as the real agent composes it. */
final class InstallCommand {
    private static final List<String> ROLES = List.of("bootstrap", "master", "worker", "arbiter");
    private final String url;
    private final boolean insecure;
    private final String caFile;
    private final String agentImage;

    InstallCommand(ServiceAddress service, String agentImage) {
        this.url = service.url().toString();
        this.insecure = service.insecure();
        this.caFile = service.caFile();
        this.agentImage = agentImage;
    }

    /** @throws IllegalArgumentException if the request cannot be carried out */
    List<String> arguments(List<String> stepArguments) {
        Object request = parse(stepArguments);
        List<String> command = new ArrayList<>();
        String role = required(request, "role");
        if (!ROLES.contains(role)) {
            throw new IllegalArgumentException("role '" + role + "' is none of " + ROLES);
        }
        add(command, "--role", role);
        add(command, "--infra-env-id", required(request, "infra_env_id"));
        add(command, "--cluster-id", required(request, "cluster_id"));
        add(command, "--host-id", required(request, "host_id"));
        add(command, "--boot-device", device(required(request, "boot_device")));
        add(command, "--url", url);
        required(request, "installer_image");
        add(command, "--controller-image", required(request, "controller_image"));
        add(command, "--agent-image", agentImage);
        add(command, "--control-plane-count", Json.textAt(request, "control_plane_count"));
        add(command, "--mco-image", Json.textAt(request, "mco_image"));
        add(command, "--must-gather-image", Json.textAt(request, "must_gather_image"));
        add(command, "--openshift-version", Json.textAt(request, "openshift_version"));
        add(command, "--coreos-image", Json.textAt(request, "coreos_image"));
        for (Object disk : Json.listAt(request, "disks_to_format")) {
            add(command, "--format-disk", device(disk.toString()));
        }
        addIf(command, "--insecure", insecure);
        add(command, "--cacert", caFile);
        addIf(command, "--check-cluster-version", Json.isTrueAt(request, "check_cvo"));
        addIf(command, "--skip-installation-disk-cleanup", Json.isTrueAt(request, "skip_installation_disk_cleanup"));
        addIf(command, "--enable-skip-mco-reboot", Json.isTrueAt(request, "enable_skip_mco_reboot"));
        addIf(command, "--notify-num-reboots", Json.isTrueAt(request, "notify_num_reboots"));
        add(command, "--installer-args", Json.textAt(request, "installer_args"));
        add(command, "--http-proxy", Json.textAt(request, "proxy", "http_proxy"));
        add(command, "--https-proxy", Json.textAt(request, "proxy", "https_proxy"));
        add(command, "--no-proxy", Json.textAt(request, "proxy", "no_proxy"));
        List<String> serviceIps = new ArrayList<>();
        for (Object ip : Json.listAt(request, "service_ips")) {
            serviceIps.add(ip.toString());
        }
        add(command, "--service-ips", String.join(",", serviceIps));
        return command;
    }

    private static Object parse(List<String> stepArguments) {
        if (stepArguments.size() != 1) {
            throw new IllegalArgumentException("install cmd accepts 1 params in args, given args " + stepArguments);
        }
        try {
            return Json.parse(stepArguments.get(0));
        } catch (IOException e) {
            throw new IllegalArgumentException("install: the argument is no JSON: " + e.getMessage(), e);
        }
    }

    private static String required(Object request, String name) {
        String value = Json.textAt(request, name);
        if (value.isEmpty()) {
            throw new IllegalArgumentException("install: " + name + " is required");
        }
        return value;
    }

    private static String device(String path) {
        if (!path.startsWith("/dev/")) {
            throw new IllegalArgumentException("install: device '" + path + "' is not below /dev/");
        }
        return path;
    }

    private static void add(List<String> command, String flag, String value) {
        if (!value.isEmpty()) {
            command.add(flag);
            command.add(value);
        }
    }

    private static void addIf(List<String> command, String flag, boolean on) {
        if (on) {
            command.add(flag);
        }
    }
}
