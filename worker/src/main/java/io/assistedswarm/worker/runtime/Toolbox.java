package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The folder that all programs of a swarm's hosts are run from on this worker. {@code shims} is their whole PATH: scripts that
 * answer, scripts that refuse, and links to those tools of the machine that do no harm. {@code bin} holds links to the binaries
 * under the names that they are called by.
 *
 * @param kept folders that the hosts see and may write as they are
 */
record Toolbox(Path folder, List<Path> kept) {
    private static final List<String> SHIMS =
            List.of("nsenter", "podman", "systemctl", "chronyc", "coredumpctl", "dry-installer", "refuse", "silent");

    /** Only report, and find nothing. */
    private static final List<String> SILENT = List.of(
            "biosdevname", "dmidecode", "ipmitool", "journalctl", "lvdisplay", "pvdisplay", "sg_inq", "vgdisplay");

    /** What is not even there is refused, too, but only what {@code nsenter} is asked for is then told of in the host's log. */
    private static final List<String> REFUSED = List.of(
            "arping",
            "bootlist",
            "chroot",
            "coreos-installer",
            "dd",
            "dhclient",
            "efibootmgr",
            "fio",
            "mount",
            "nmap",
            "ostree",
            "ping",
            "reboot",
            "rpm-ostree",
            "shutdown",
            "ssh",
            "ssh-keygen",
            "umount",
            "unshare");

    /** Tools of the machine, where it has them. */
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "cp",
            "dmesg",
            "file",
            "findmnt",
            "grep",
            "gzip",
            "ln",
            "ls",
            "lsblk",
            "lscpu",
            "mkdir",
            "sh",
            "sleep",
            "systemd-detect-virt",
            "tar",
            "tee",
            "test",
            "timeout",
            "touch",
            "uname");

    private static final List<String> AGENT_PROGRAMS =
            List.of("agent", "next_step_runner", "disk_speed_check", "free_addresses", "logs_sender");

    /** Each host has its own in their place: the programs write to paths below them that are the same for all hosts. */
    private static final List<Path> FIXED =
            List.of(Path.of("/var/log"), Path.of("/opt"), Path.of("/tmp"), Path.of("/root"));

    private static final long INVENTORY_SECONDS = 60;

    /**
     * Makes it, anew where it is there already.
     *
     * @param swarmFolder everything that the swarm's hosts share or have
     * @param path where tools of the machine are looked for
     * @throws IllegalArgumentException naming everything that is wrong with the binaries
     * @throws ProcessFailed when it cannot be made here and now
     */
    static Toolbox make(Path swarmFolder, RuntimeSpec.Native runtime, MountNamespace namespace, String path) {
        Toolbox toolbox = withoutInventory(swarmFolder, runtime, path);
        try {
            new Script(MachineInventory.script(toolbox.inventory(namespace), runtime.machine()))
                    .place(toolbox.folder().resolve("bin/inventory"));
            return toolbox;
        } catch (IOException e) {
            throw new ProcessFailed("cannot ask for the agent's inventory: " + e.getMessage(), e);
        }
    }

    static Toolbox withoutInventory(Path swarmFolder, RuntimeSpec.Native runtime, String path) {
        List<Binary> binaries = binaries(runtime.binaries());
        List<String> problems = new ArrayList<>();
        binaries.forEach(binary -> binary.problem().ifPresent(problems::add));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        try {
            Path folder = swarmFolder.resolve("native");
            makePrivate(folder.resolve("shims"));
            makePrivate(folder.resolve("bin"));
            makePrivate(folder.resolve("machine"));
            Toolbox toolbox = new Toolbox(folder, kept(swarmFolder, binaries, runtime.kept()));
            toolbox.fill(runtime.binaries(), path);
            return toolbox;
        } catch (IOException e) {
            throw new ProcessFailed("cannot make the folder of shims: " + e.getMessage(), e);
        }
    }

    Path shims() {
        return folder.resolve("shims");
    }

    Path enter() {
        return folder.resolve("enter");
    }

    Path agent() {
        return folder.resolve("bin/agent");
    }

    Path controller() {
        return folder.resolve("bin/controller");
    }

    private static List<Binary> binaries(RuntimeSpec.Binaries binaries) {
        Map<String, String> named = new LinkedHashMap<>();
        named.put("agent", binaries.agent());
        named.put("installer", binaries.installer());
        named.put("controller", binaries.controller());
        if (!binaries.bootstrapInstaller().isEmpty()) {
            named.put("bootstrap's installer", binaries.bootstrapInstaller());
        }
        return named.entrySet().stream()
                .map(entry -> new Binary(entry.getKey(), Path.of(entry.getValue())))
                .toList();
    }

    private static List<Path> kept(Path swarmFolder, List<Binary> binaries, List<String> more) throws IOException {
        List<Path> kept = new ArrayList<>(List.of(swarmFolder.toRealPath()));
        for (Path folder : Stream.concat(
                        binaries.stream().map(binary -> binary.path().getParent()),
                        more.stream().map(Path::of))
                .toList()) {
            Path real = folder.toRealPath();
            if (FIXED.contains(real)) {
                throw new IllegalArgumentException(
                        "'" + real
                                + "' is one of the folders that each host has of its own: put what is needed into a folder below it");
            }
            boolean hidden = FIXED.stream().anyMatch(real::startsWith);
            if (hidden && kept.stream().noneMatch(real::startsWith)) {
                kept.add(real);
            }
        }
        for (Binary binary : binaries) {
            Path target = binary.path().toRealPath().getParent();
            if (FIXED.stream().anyMatch(target::startsWith) && kept.stream().noneMatch(target::startsWith)) {
                kept.add(target);
            }
        }
        return List.copyOf(kept);
    }

    private void fill(RuntimeSpec.Binaries binaries, String path) throws IOException {
        for (String shim : SHIMS) {
            Script.named("shims/" + shim).place(shims().resolve(shim));
        }
        Script.named("enter").place(enter());
        Script.named("look").place(folder.resolve("look"));
        for (String name : SILENT) {
            link("shims/" + name, shims().resolve("silent"));
        }
        for (String name : REFUSED) {
            link("shims/" + name, shims().resolve("refuse"));
        }
        for (String name : TOOLS) {
            Optional<Path> tool = MountNamespace.onPath(name, path);
            if (tool.isPresent()) {
                link("shims/" + name, tool.get());
            }
        }
        for (String program : AGENT_PROGRAMS) {
            link("bin/" + program, Path.of(binaries.agent()));
        }
        link("machine/inventory", Path.of(binaries.agent()));
        link("bin/installer", Path.of(binaries.installer()));
        link("bin/controller", Path.of(binaries.controller()));
        if (!binaries.bootstrapInstaller().isEmpty()) {
            link("bin/bootstrap-installer", Path.of(binaries.bootstrapInstaller()));
        }
    }

    private String inventory(MountNamespace namespace) throws IOException {
        Path root = folder.resolve("machine/root");
        makePrivate(root);
        Path output = folder.resolve("machine/inventory.json");
        Path errors = folder.resolve("machine/inventory.log");
        List<String> command = new ArrayList<>(namespace.command());
        command.addAll(List.of(
                folder.resolve("look").toString(),
                root.toString(),
                folder.resolve("machine/inventory").toString(),
                "--with-journal-logging=false"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(MachineInventory.FORCED);
        builder.environment()
                .putAll(Map.of(
                        "PATH", shims().toString(),
                        "HOME", "/root",
                        "DRY_ENABLE", "true",
                        "SWARM_TOOLBOX", folder.toString(),
                        "SWARM_LOG", errors.toString(),
                        "SWARM_MOUNT", namespace.mount().toString(),
                        "SWARM_CHROOT", namespace.chroot().toString()));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(INVENTORY_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ProcessFailed("the agent's inventory took more than " + INVENTORY_SECONDS + " s", null);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted while the agent's inventory was asked", e);
        }
        if (process.exitValue() != 0) {
            throw new ProcessFailed(
                    "the agent's inventory failed with exit code " + process.exitValue() + ": " + lastLine(errors),
                    null);
        }
        return Files.readString(output);
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "it said nothing" : lines.getLast();
    }

    private void link(String name, Path target) throws IOException {
        Path part = folder.resolve(name + ".part");
        Files.deleteIfExists(part);
        Files.createSymbolicLink(part, target);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
