package io.assistedswarm.worker.runtime;

import io.assistedswarm.worker.process.Call;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gives a process a view of the file system of its own: as root directly, else in a user namespace in which it is root.
 *
 * @param command what a command line begins with
 */
record MountNamespace(List<String> command, Path mount, Path chroot) {
    /** Where programs of the system are that a user's PATH may lack. */
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private static final Duration TRIAL_LIMIT = Duration.ofSeconds(10);

    /**
     * Looks for the tools and tries them.
     *
     * @throws IllegalArgumentException saying what to change on the machine
     */
    static MountNamespace find(String path) {
        MountNamespace asRoot = asRoot(path);
        return asRoot.trouble().isEmpty() ? asRoot : asUser(path);
    }

    private static MountNamespace asRoot(String path) {
        return new MountNamespace(
                List.of(tool("unshare", path).toString(), "--mount"), tool("mount", path), tool("chroot", path));
    }

    /** In a user namespace, which everybody may make where the system allows it. */
    static MountNamespace asUser(String path) {
        MountNamespace asUser = new MountNamespace(
                List.of(tool("unshare", path).toString(), "--map-root-user", "--mount"),
                tool("mount", path),
                tool("chroot", path));
        asUser.trouble().ifPresent(trouble -> {
            throw new IllegalArgumentException(
                    "the native runtime needs mount namespaces, and '" + String.join(" ", asUser.command()) + "' says: "
                            + trouble
                            + ". Run the worker as root (in a container: with CAP_SYS_ADMIN), or allow user namespaces"
                            + " (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0).");
        });
        return asUser;
    }

    static Optional<Path> onPath(String tool, String path) {
        return Stream.concat(Stream.of(path.split(":")), SYSTEM_FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path tool(String name, String path) {
        return onPath(name, path)
                .orElseThrow(() -> new IllegalArgumentException("the native runtime needs '" + name
                        + "', which is not on the PATH; install util-linux and coreutils"));
    }

    /** Nothing is changed outside of the namespace, which ends with the trial. */
    private Optional<String> trouble() {
        List<String> trial = new ArrayList<>(command);
        trial.addAll(List.of(mount.toString(), "--rbind", "/", "/"));
        try {
            Call.Outcome outcome =
                    new Call("'" + String.join(" ", trial) + "'", trial, System.getenv(), TRIAL_LIMIT).run();
            return outcome.succeeded()
                    ? Optional.empty()
                    : Optional.of(outcome.text().strip().replace('\n', ' '));
        } catch (ProcessFailed e) {
            return Optional.of(e.getMessage());
        }
    }
}
