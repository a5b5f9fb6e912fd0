package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.ProcessTable;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.runtime.container.Podman.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Containers of one host or one controller, or the images of all: a graph root and run root of its own, because the agent calls its
 * containers by the same names on every host (assisted-installer-agent, src/commands/actions). Its methods block.
 *
 * @param folder holds everything but the run root
 * @param runRoot short, as podman wants it; gone after a reboot
 */
record Store(Podman podman, Path folder, Path runRoot) {
    private static final int RUN_NAME_LENGTH = 12;
    private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{12,64}");

    /** With a longer one, podman 4.3 was seen to wait 20 s at the end of each container. */
    private static final int LONGEST_RUN_ROOT = 50;

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);
    private static final int MOST_LOOKS = 100;

    Store {
        if (runRoot.toString().length() > LONGEST_RUN_ROOT) {
            throw new IllegalArgumentException(
                    "podman wants a run root of at most " + LONGEST_RUN_ROOT + " characters, not " + runRoot);
        }
    }

    /** @param runs folder of all run roots */
    static Store in(Path folder, Podman podman, Path runs) {
        String name = UUID.nameUUIDFromBytes(folder.toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return new Store(podman, folder, runs.resolve(name.substring(0, RUN_NAME_LENGTH)));
    }

    Path graphRoot() {
        return folder.resolve("graphroot");
    }

    /** Variables that let podman use it. */
    Map<String, String> configuration() {
        return Map.of(
                "CONTAINERS_CONF", folder.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", folder.resolve("storage.conf").toString(),
                // podman 5 would say with each call that it does not like the machine's control groups.
                "PODMAN_IGNORE_CGROUPSV1_WARNING", "true");
    }

    /**
     * Makes its folders and writes its configuration, anew if it is there.
     *
     * @param variables handed on to every container
     * @param images image stores to read from
     */
    void configure(MachineConfig machine, List<String> variables, List<Path> images) {
        try {
            for (Path each : List.of(folder, graphRoot(), runRoot)) {
                Files.createDirectories(
                        each, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.writeString(
                    folder.resolve("containers.conf"), machine.containersConf(variables, runRoot.resolve("libpod")));
            Files.writeString(folder.resolve("storage.conf"), machine.storageConf(graphRoot(), runRoot, images));
        } catch (IOException e) {
            throw new ProcessFailed("cannot make the container store " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Ends its containers and takes it away, mounts and files; may be called again, and where there is none.
     *
     * @return how many mounts there were
     */
    int remove() {
        MountedFolder files = new MountedFolder(folder);
        MountedFolder runs = new MountedFolder(runRoot);
        int mounts = files.mounts().size() + runs.mounts().size();
        if (Files.exists(folder.resolve("storage.conf"))) {
            Output removed = podman.run(configuration(), "rm", "--all", "--force", "--time", "0");
            if (!removed.succeeded()) {
                // Its images may be gone, or its files broken: then those that run are all that matters.
                Output left = podman.run(configuration(), "ps", "--quiet");
                if (left.succeeded() && left.text().lines().anyMatch(Store::isContainer)) {
                    throw new ProcessFailed(
                            "cannot remove the containers in " + folder + ": " + removed.reason(), null);
                }
            }
        }
        awaitLetGo();
        files.remove();
        runs.remove();
        return mounts;
    }

    /** Else it is a warning. */
    private static boolean isContainer(String line) {
        return CONTAINER.matcher(line.strip()).matches();
    }

    /** After the end of a container its monitor lets podman clean up, in the background: that would make the folder again. */
    private void awaitLetGo() {
        for (int look = 0; look < MOST_LOOKS && isInUse(); look++) {
            try {
                Thread.sleep(LOOK_INTERVAL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProcessFailed("interrupted while waiting for the end of what uses " + folder, e);
            }
        }
    }

    /** Monitors and podman's own calls have the path among their arguments. */
    private boolean isInUse() {
        try {
            return ProcessTable.isInCommandLine(graphRoot().toString());
        } catch (UncheckedIOException e) {
            throw new ProcessFailed("cannot read the process table: " + e.getMessage(), e);
        }
    }
}
