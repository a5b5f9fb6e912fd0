package io.assistedswarm.worker.runtime.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.assistedswarm.protocol.RuntimeSpec.Images;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Images made from scratch, with a static busybox and small scripts in the place of the real programs, in a store of their own; and a
 * configuration of podman with which containers run on this machine.
 */
record TestingImages(Path store, Map<String, String> environment) {
    static final Images IMAGES = new Images("localhost/agent:1", "localhost/installer:1", "localhost/controller:1");
    static final String STAND_IN = "localhost/stand-in:1";

    /** What may keep containers from running where the tests do: limits that cannot be raised, and control groups of both versions. */
    private static final List<String> CONFIGURATIONS = List.of(
            "",
            "containers.default_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\nengine.runtime = \"runc\"\n",
            "containers.default_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n");

    /** As the real one: a runner by podman, which it waits for, and an installer; it ends when the marker is there. */
    private static final String AGENT = """
            #!/bin/sh
            echo "agent $*"
            seen=$(dirname "$(dirname "$DRY_FAKE_REBOOT_MARKER_PATH")")
            [ -z "$INSTALLS" ] || podman run --privileged --pid=host --net=host --pull=never --volume "$seen:$seen" \\
              --name assisted-installer localhost/installer:1 --role master &
            while [ ! -e "$DRY_FAKE_REBOOT_MARKER_PATH" ]; do
              podman run --rm --privileged --pid=host --uts=host --net=host --pids-limit=0 --pull=never \\
                --volume "$seen:$seen" --name next-step-runner localhost/agent:1 next_step_runner || exit 9
            done
            """;

    private static final String RUNNER = """
            #!/bin/sh
            seen=$(dirname "$(dirname "$DRY_FAKE_REBOOT_MARKER_PATH")")
            env > "$seen/$DRY_FORCED_HOSTNAME.part"
            mv "$seen/$DRY_FORCED_HOSTNAME.part" "$seen/$DRY_FORCED_HOSTNAME.ready"
            [ -z "$BOOTSTRAPS" ] || nsenter -t "$MACHINE" -m -- podman run --privileged --pid=host --net=host --pull=never \\
              -v "$seen:$seen" --name=assisted-installer localhost/installer:1 --role bootstrap --control-plane-count 3 &
            while [ ! -e "$DRY_FAKE_REBOOT_MARKER_PATH" ]; do sleep 0.1; done
            """;

    private static final String INSTALLER = """
            #!/bin/sh
            while [ ! -e "$DRY_FAKE_REBOOT_MARKER_PATH" ]; do sleep 0.1; done
            """;

    private static final String STANDING_IN = """
            #!/bin/sh
            echo "$*" > "$(dirname "$(dirname "$DRY_FAKE_REBOOT_MARKER_PATH")")/$DRY_FORCED_HOSTNAME.stood-in"
            """;

    private static final String CONTROLLER = """
            #!/bin/sh
            echo "controller of $CLUSTER_ID, token $PULL_SECRET_TOKEN, arguments $*"
            while [ ! -e "$DRY_FAKE_REBOOT_MARKER_PATH" ]; do sleep 0.1; done
            """;

    /** Skips the test where containers cannot be run. */
    static TestingImages make(Path folder) throws IOException {
        Path busybox = Path.of("/bin/busybox");
        assumeTrue(Files.isExecutable(busybox), "skipped: install busybox-static");
        assumeTrue(isRoot(), "skipped: podman's containers need root");
        Podman podman = podman(System.getenv());
        Path archive = archive(folder, busybox);
        String reason = "";
        for (String configuration : CONFIGURATIONS) {
            Map<String, String> environment = environment(folder, configuration);
            Store store = Store.in(folder.resolve("store"), podman, folder.resolve("r"));
            store.configure(MachineConfig.read(environment), List.of(), List.of());
            load(podman, store, archive);
            Podman.Output trial = podman.run(
                    store.configuration(),
                    "run",
                    "--rm",
                    "--privileged",
                    "--pid=host",
                    "--net=host",
                    IMAGES.agent(),
                    "sh",
                    "-c",
                    "exit 0");
            if (trial.succeeded()) {
                return new TestingImages(store.folder(), environment);
            }
            reason = trial.reason();
            store.remove();
        }
        assumeTrue(false, "skipped: containers cannot be run here: " + reason);
        throw new IllegalStateException("not reached");
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static Podman podman(Map<String, String> environment) {
        try {
            return Podman.find(environment);
        } catch (IllegalArgumentException e) {
            assumeTrue(false, "skipped: " + e.getMessage());
            throw e;
        }
    }

    /** With a single lock, were it to be taken from those of the machine. */
    private static Map<String, String> environment(Path folder, String configuration) throws IOException {
        Path file = folder.resolve("machine.conf");
        Files.writeString(file, configuration + "engine.num_locks = 1\nengine.cgroup_manager = \"cgroupfs\"\n");
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("CONTAINERS_CONF", file.toString());
        TestingNsenter.make(folder);
        environment.put("PATH", folder + ":" + System.getenv("PATH"));
        return environment;
    }

    private static void load(Podman podman, Store store, Path archive) {
        load(podman, store, archive, IMAGES.agent(), "[]");
        load(podman, store, archive, IMAGES.installer(), "[\"/usr/bin/installer\"]");
        load(podman, store, archive, IMAGES.controller(), "[\"/usr/bin/controller\"]");
        load(podman, store, archive, STAND_IN, "[\"/usr/bin/stand-in\"]");
    }

    private static void load(Podman podman, Store store, Path archive, String image, String entryPoint) {
        Podman.Output loaded = podman.run(
                store.configuration(), "import", "--change", "ENTRYPOINT " + entryPoint, archive.toString(), image);
        assumeTrue(loaded.succeeded(), "skipped: podman import says: " + loaded.reason());
    }

    private static Path archive(Path folder, Path busybox) throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("usr/bin"));
        Files.copy(busybox, root.resolve("bin/busybox"));
        for (String applet : List.of("sh", "cp", "env", "mv", "sleep", "dirname", "nsenter")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        write(root.resolve("usr/bin/agent"), AGENT);
        write(root.resolve("usr/bin/next_step_runner"), RUNNER);
        write(root.resolve("usr/bin/installer"), INSTALLER);
        write(root.resolve("usr/bin/stand-in"), STANDING_IN);
        write(root.resolve("usr/bin/controller"), CONTROLLER);
        Path archive = folder.resolve("image.tar");
        List<String> command = new ArrayList<>(List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."));
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IOException("tar failed");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        return archive;
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void remove() {
        Podman podman = Podman.find(environment);
        Store.in(store, podman, store.resolveSibling("r")).remove();
    }
}
