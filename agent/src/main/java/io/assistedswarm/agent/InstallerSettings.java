package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The installer's flags and variables (reference, section 4.1).
 *
 * @param controlPlaneCount 1 is a single node; 0 for workers
 * @param imageWriting how long it "writes the image to disk"
 */
public record InstallerSettings(
        ServiceAddress service,
        String role,
        String cluster,
        HostAddress host,
        String bootDevice,
        int controlPlaneCount,
        boolean skipMcoReboot,
        List<String> coreosArguments,
        String openshiftVersion,
        String agentImage,
        String controllerImage,
        String mcoImage,
        String mustGatherImage,
        boolean checkClusterVersion,
        Marker marker,
        ClusterHosts clusterHosts,
        Duration imageWriting,
        Token token) {

    /** @throws UsageException with exit code 2 for a wrong flag, 1 for a wrong file or variable */
    public static InstallerSettings of(List<String> arguments, Map<String, String> environment) throws UsageException {
        Flags flags = new Flags("installer")
                .texts("role", "cluster-id", "host-id", "infra-env-id", "boot-device", "url", "cacert")
                .texts("controller-image", "agent-image", "mco-image", "must-gather-image", "coreos-image")
                .texts("openshift-version", "installer-args", "http-proxy", "https-proxy", "no-proxy", "service-ips")
                .texts("force-id", "fake-reboot-marker-path", "dry-run-cluster-hosts-path")
                .lists("format-disk")
                .numbers("control-plane-count")
                .switches("insecure", "check-cluster-version", "notify-num-reboots", "verbose", "dry-run")
                .switches("skip-installation-disk-cleanup", "enable-skip-mco-reboot")
                .parse(arguments);
        DryMode.require(flags.isOn("dry-run", DryMode.isOn(environment)), "installer");
        String role = flags.text("role", "master");
        String cluster = flags.text("cluster-id", "");
        String hosts = flags.text("dry-run-cluster-hosts-path", environment.getOrDefault("DRY_CLUSTER_HOSTS_PATH", ""));
        return new InstallerSettings(
                ServiceAddress.of(flags.text("url", ""), flags.isOn("insecure", false), flags.text("cacert", "")),
                role,
                cluster,
                new HostAddress(flags.text("infra-env-id", cluster), flags.text("host-id", "")),
                flags.text("boot-device", ""),
                role.equals("worker") ? 0 : flags.number("control-plane-count", 0),
                flags.isOn("enable-skip-mco-reboot", false),
                coreosArguments(flags.text("installer-args", "")),
                flags.text("openshift-version", "4.4"),
                flags.text("agent-image", "quay.io/ocpmetal/assisted-installer-agent:latest"),
                flags.text("controller-image", "quay.io/ocpmetal/assisted-installer-controller:latest"),
                flags.text("mco-image", ""),
                flags.text("must-gather-image", ""),
                flags.isOn("check-cluster-version", false),
                Marker.ofFile(flags.text(
                        "fake-reboot-marker-path", environment.getOrDefault("DRY_FAKE_REBOOT_MARKER_PATH", ""))),
                ClusterHosts.read(hosts),
                ImageWriting.STANDARD,
                new Token(environment.getOrDefault("PULL_SECRET_TOKEN", "")));
    }

    /** The same, for a host whose cluster keeps its markers elsewhere than in files. */
    public InstallerSettings with(Marker otherMarker, ClusterHosts others, Duration otherImageWriting) {
        return new InstallerSettings(
                service,
                role,
                cluster,
                host,
                bootDevice,
                controlPlaneCount,
                skipMcoReboot,
                coreosArguments,
                openshiftVersion,
                agentImage,
                controllerImage,
                mcoImage,
                mustGatherImage,
                checkClusterVersion,
                otherMarker,
                others,
                otherImageWriting,
                token);
    }

    public boolean isSingleNode() {
        return controlPlaneCount == 1;
    }

    /** The first of several control planes, which hosts the bootstrap. */
    public boolean isBootstrap() {
        return role.equals("bootstrap") && !isSingleNode();
    }

    private static List<String> coreosArguments(String json) throws UsageException {
        List<String> arguments = new ArrayList<>();
        if (!json.isEmpty()) {
            try {
                for (Object argument : (List<?>) Json.parse(json)) {
                    arguments.add(String.valueOf(argument));
                }
            } catch (IOException | ClassCastException e) {
                throw new UsageException(1, "installer args '" + json + "' are no JSON list: " + e.getMessage());
            }
        }
        return arguments;
    }
}
