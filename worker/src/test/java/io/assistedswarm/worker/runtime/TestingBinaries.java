package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Scripts in the place of the real binaries. They call the machine as the real ones do, and otherwise only say with which name and
 * arguments they were called.
 */
final class TestingBinaries {
    /** The agent starts its runner; the runner looks for the marker and writes where the real ones write. */
    private static final String AGENT = """
            #!/bin/sh
            on_host="nsenter --target 1 --cgroup --mount --ipc --net --"
            case ${0##*/} in
              agent)
                $on_host podman rm -i next-step-runner
                exec $on_host podman run --rm -ti --name next-step-runner agent-image next_step_runner "$@" ;;
              inventory)
                printf '{"hostname":"%s","interfaces":[{"name":"lo","type":"device","mac_address":"%s",' \\
                  "$DRY_FORCED_HOSTNAME" "$DRY_FORCED_MAC_ADDRESS"
                printf '"ipv4_addresses":["%s"],"ipv6_addresses":["::1/128"]}],"host":"%s"}' \\
                  "$DRY_FORCED_HOST_IPV4" "$(echo /host/*)" ;;
              next_step_runner)
                echo "next_step_runner $*"
                [ -n "$DRY_FAKE_REBOOT_MARKER_PATH" ] || exit 0
                $on_host sh -c 'cp /etc/mtab ~root/mtab && podman run agent-image inventory' >/tmp/inventory
                echo "$DRY_FORCED_HOSTNAME" >/var/log/logs.tar.gz
                mkdir -p /opt/install-dir && echo "$DRY_FORCED_HOSTNAME" >/opt/install-dir/bootstrap.ign
                $on_host dd of=/dev/null
                touch /etc/written-by-a-fake-host || echo "cannot write /etc"
                [ -z "$CA_FILE" ] || cat "$CA_FILE"
                echo ready
                until $on_host stat "$DRY_FAKE_REBOOT_MARKER_PATH"; do sleep 0.1; done ;;
              *) echo "${0##*/} $*" ;;
            esac
            """;

    private static final String INSTALLER = """
            #!/bin/sh
            case "$*" in
              *--hang*) echo hanging && exec sleep 60 ;;
              *--fail*) printf 'Failed to fire hook: no journal\\npanic: as told\\n' >&2 && exit 2 ;;
            esac
            echo "installer $*"
            """;

    private static final String CONTROLLER = """
            #!/bin/sh
            echo "$CLUSTER_ID" >>/tmp/controller_logs.log
            echo "controller of $CLUSTER_ID"
            """;

    private TestingBinaries() {}

    /** @return the folder, with agent, installer and assisted-installer-controller in it */
    static Path write(Path folder) throws IOException {
        write(folder.resolve("agent"), AGENT);
        write(folder.resolve("installer"), INSTALLER);
        write(folder.resolve("assisted-installer-controller"), CONTROLLER);
        return folder;
    }

    static RuntimeSpec.Native runtime(Path binaries, String bootstrapInstaller) {
        return new RuntimeSpec.Native(
                new RuntimeSpec.Binaries(
                        binaries.resolve("agent").toString(),
                        binaries.resolve("installer").toString(),
                        binaries.resolve("assisted-installer-controller").toString(),
                        bootstrapInstaller),
                RuntimeSpec.Images.NONE,
                new RuntimeSpec.Exec(
                        List.of("agent", "--infra-env-id", "{{infraEnv.id}}"),
                        Map.of(
                                "DRY_FORCED_HOSTNAME", "{{host.name}}",
                                "DRY_FORCED_MAC_ADDRESS", "{{host.mac}}",
                                "DRY_FORCED_HOST_IPV4", "{{host.ip}}/16",
                                "DRY_FAKE_REBOOT_MARKER_PATH", "{{files.marker}}",
                                "CA_FILE", "{{service.caFile}}",
                                "PULL_SECRET_TOKEN", "{{token}}"),
                        List.of("controller"),
                        Map.of("CLUSTER_ID", "{{clusterUuid}}")),
                RuntimeSpec.Machine.AS_IT_IS,
                List.of(),
                Duration.ofSeconds(20));
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
