package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.runtime.Script;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the agent and the dry installer want to find on the machine itself, outside of any container: folders that they mount, and
 * files that they look for. What is missing is made, and taken away with the last swarm of all workers on the machine that used it.
 *
 * @param root {@code /}
 * @param book where it is written down who uses it and what was made
 */
record MachineFiles(Path root, Path book) {
    /**
     * Mounted by the agent into its runner and into its inventory, which podman refuses where one is missing, as they are on machines
     * without udev (assisted-installer-agent, src/commands/actions/next_step_runner.go and inventory_cmd.go).
     */
    private static final List<String> FOLDERS =
            List.of("opt", "opt/openshift", "run/media", "etc/pki", "var/log", "run/udev", "dev/disk");

    /** The dry installer waits until it finds these (assisted-installer, src/installer/installer.go). */
    private static final List<String> EMPTY_FILES = List.of("opt/openshift/.bootkube.done", "opt/openshift/master.ign");

    private static final String OC = "usr/bin/oc";
    private static final String REFUSING_OC = """
            #!/bin/sh
            echo 'oc: stands in on a machine of a load test, for the dry installer to find' >&2
            exit 1
            """;

    /** Stands in for coreos-installer. */
    private static final String DRY_INSTALLER = "usr/local/bin/dry-installer";

    /** The agent asks the machine's own whether its time is synchronised; where it has none, no host gets to be known. */
    private static final String CHRONYC = "usr/local/bin/chronyc";

    private static final List<String> CHRONYCS = List.of("usr/bin/chronyc", "usr/sbin/chronyc", "bin/chronyc");
    /** What a host's programs leave (assisted-installer-agent, inventory_cmd.go; assisted-installer, src/utils/utils.go). */
    private static final List<String> TRACES = List.of("root/mtab-%s", "var/log/assisted-installer-%s.log");

    private static final String INSTALL_DIR = "opt/install-dir";

    /** What the programs of all hosts make, on a machine that did not have it (assisted-installer, src/installer/installer.go). */
    private static final List<String> SHARED_TRACES = List.of(INSTALL_DIR, "root/.ssh", "var/log/logs-sender.log");

    private static final String INODE = "unix:ino";
    private static final int MOST_ATTEMPTS = 10;
    private static final String JOURNAL = "run/systemd/journal/socket";

    /**
     * @param user who will release it
     * @throws IllegalArgumentException when something is missing that cannot be made
     */
    void provide(String user) {
        Path journal = root.resolve(JOURNAL);
        if (!Files.exists(journal)) {
            throw new IllegalArgumentException(
                    journal + " is not there: the agent mounts it into its containers. Run systemd-journald");
        }
        guarded(() -> {
            List<Path> made = new ArrayList<>(made());
            try {
                for (String folder : FOLDERS) {
                    makeFolder(root.resolve(folder), made);
                }
                for (String file : EMPTY_FILES) {
                    makeFile(file, "", "rw-r--r--", made);
                }
                makeFile(OC, REFUSING_OC, "rwxr-xr-x", made);
                makeFile(DRY_INSTALLER, Script.named("shims/dry-installer").text(), "rwxr-xr-x", made);
                if (CHRONYCS.stream().noneMatch(file -> Files.exists(root.resolve(file)))) {
                    makeFile(CHRONYC, Script.named("shims/chronyc").text(), "rwxr-xr-x", made);
                }
                // Last, so that they go first: they may be in folders that were made.
                SHARED_TRACES.stream()
                        .map(root::resolve)
                        .filter(trace -> !Files.exists(trace) && !made.contains(trace))
                        .forEach(made::add);
                Files.writeString(users().resolve(user), "");
            } finally {
                Files.write(
                        book.resolve("made"), made.stream().map(Path::toString).toList());
            }
        });
    }

    /** What the agent's runner mounts, and where. */
    Map<Path, String> mounts() {
        Map<Path, String> mounts = new LinkedHashMap<>();
        mounts.put(Path.of("/dev"), "/dev");
        List.of("opt", JOURNAL, "var/log", "run/media", "etc/pki")
                .forEach(mount -> mounts.put(root.resolve(mount), "/" + mount));
        return mounts;
    }

    /** May be called again. */
    void release(String user) {
        if (!Files.exists(users())) {
            return;
        }
        guarded(() -> {
            Files.deleteIfExists(users().resolve(user));
            try (Stream<Path> others = Files.list(users())) {
                if (others.findAny().isPresent()) {
                    return;
                }
            }
            for (Path made : made().reversed()) {
                remove(made);
            }
            new MountedFolder(book).remove();
        });
    }

    private void remove(Path made) throws IOException {
        if (made.equals(root.resolve(INSTALL_DIR))) {
            new MountedFolder(made).remove();
            return;
        }
        try {
            Files.deleteIfExists(made);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else has put something there since.
        }
    }

    /** Takes away what the programs of a host have left behind; may be called again. */
    void removeTraces(HostId host) {
        try {
            for (String trace : TRACES) {
                Files.deleteIfExists(root.resolve(trace.formatted(Identity.hostUuid(host))));
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot remove what " + host + " has left: " + e.getMessage(), e);
        }
    }

    private List<Path> made() throws IOException {
        Path file = book.resolve("made");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Path::of).toList()
                : List.of();
    }

    private Path users() {
        return book.resolve("users");
    }

    private static void makeFolder(Path folder, List<Path> made) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolder(folder.getParent(), made);
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            made.add(folder);
        }
    }

    private void makeFile(String name, String content, String permissions, List<Path> made) throws IOException {
        Path file = root.resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            makeFolder(file.getParent(), made);
            Files.writeString(file, content, StandardOpenOption.CREATE_NEW);
            made.add(file);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
    }

    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    /** False when the book was taken away before it could be locked: then what was locked is nobody's. */
    private boolean changed(Change change) throws IOException {
        Path file = book.resolve("lock");
        Files.createDirectories(users());
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            Object opened = Files.getAttribute(file, INODE);
            lock.lock();
            if (!Files.exists(file) || !Files.getAttribute(file, INODE).equals(opened)) {
                return false;
            }
            change.make();
            return true;
        }
    }

    /** Other workers of this machine keep the same book. */
    private void guarded(Change change) {
        synchronized (MachineFiles.class) {
            try {
                for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
                    if (changed(change)) {
                        return;
                    }
                }
                throw new ProcessFailed("cannot lock " + book + ": others take it away all the time", null);
            } catch (IOException e) {
                throw new ProcessFailed("cannot make ready what the dry installer looks for: " + e, e);
            }
        }
    }
}
