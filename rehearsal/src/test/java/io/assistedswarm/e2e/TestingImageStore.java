package io.assistedswarm.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An image store as a user without a registry fills one: images made from scratch, of a static busybox, the libraries that a JDK needs,
 * and scripts that start the stand-ins. JDK and jars come by the configuration of the machine's podman, which mounts them everywhere.
 *
 * @param path what the plan names
 * @param configuration of the machine's podman, with which containers run here
 */
record TestingImageStore(Path path, Path configuration) {
    static final String AGENT = "localhost/agent:1";
    static final String INSTALLER = "localhost/installer:1";
    static final String CONTROLLER = "localhost/controller:1";

    /** What may keep containers from running where the tests do: limits that cannot be raised, and control groups of both versions. */
    private static final List<String> CONFIGURATIONS = List.of(
            "[engine]\n",
            "default_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n[engine]\nruntime = \"runc\"\n",
            "default_ulimits = [\"nofile=1024:1024\", \"nproc=4096:4096\"]\n[engine]\n");

    /** As the real one: all that it does is done by its runner in a container, which it starts in the namespaces of process 1. */
    private static final String AGENT_SCRIPT = """
            #!/bin/sh
            echo "agent of $DRY_FORCED_HOSTNAME"
            exec nsenter --target 1 --cgroup --mount --ipc --net -- podman run --rm --privileged --pid=host --uts=host \\
              --net=host --pids-limit=0 --pull=never --volume /var/log:/var/log --name next-step-runner localhost/agent:1 \\
              next_step_runner "$@"
            """;

    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");

    /** Skips the test where containers cannot be run. */
    static TestingImageStore make(Path folder, OwnMachine machine) throws IOException {
        Path busybox = Path.of("/bin/busybox");
        assumeTrue(Files.isExecutable(busybox), "skipped: install busybox-static");
        assumeTrue(run(folder, List.of("podman", "--version")).isEmpty(), "skipped: install podman");
        Path archive = archive(folder, busybox);
        Path store = Files.createDirectory(folder.resolve("images"));
        List<String> podman = List.of(
                "podman",
                "--root=" + store.resolve("graphroot"),
                "--runroot=" + folder.resolve("r"),
                "--storage-opt=overlay.skip_mount_home=true");
        load(folder, podman, archive, AGENT, "[]");
        load(folder, podman, archive, INSTALLER, "[]");
        load(folder, podman, archive, CONTROLLER, "[\"/usr/bin/controller\"]");
        String trouble = "";
        for (String configuration : CONFIGURATIONS) {
            Path file = folder.resolve("containers.conf");
            Files.writeString(
                    file,
                    "[containers]\nvolumes = [%s]\n%scgroup_manager = \"cgroupfs\"\n"
                            .formatted(String.join(", ", mounts()), configuration));
            List<String> trial = new ArrayList<>(machine.command());
            trial.addAll(List.of("env", "CONTAINERS_CONF=" + file));
            trial.addAll(podman);
            trial.addAll(List.of("run", "--rm", "--privileged", "--pid=host", "--net=host", AGENT, "java", "-version"));
            trouble = run(folder, trial);
            if (trouble.isEmpty()) {
                return new TestingImageStore(store, file);
            }
        }
        assumeTrue(false, "skipped: containers cannot be run here: " + trouble);
        throw new IllegalStateException("not reached");
    }

    private static List<String> mounts() {
        return Stream.of(javaHome(), jars())
                .map(each -> "\"" + each + ":" + each + ":ro\"")
                .toList();
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    private static Path jars() {
        return Path.of(System.getProperty("swarm.home"), "target/lib");
    }

    private static Path archive(Path folder, Path busybox) throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        for (String each : List.of("bin", "usr/bin", "etc", "tmp", "var/log")) {
            Files.createDirectories(root.resolve(each));
        }
        Files.copy(busybox, root.resolve("bin/busybox"));
        for (String applet : List.of("sh", "cp", "env")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Files.createSymbolicLink(root.resolve("usr/bin/java"), javaHome().resolve("bin/java"));
        for (Path library : libraries(folder)) {
            Path copy = root.resolve(library.toString().substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(library, copy);
        }
        write(root.resolve("usr/bin/agent"), AGENT_SCRIPT);
        write(root.resolve("usr/bin/next_step_runner"), standIn("agent"));
        write(root.resolve("usr/bin/controller"), standIn("controller"));
        Path archive = folder.resolve("image.tar");
        String trouble = run(folder, List.of("tar", "-C", root.toString(), "-cf", archive.toString(), "."));
        if (!trouble.isEmpty()) {
            throw new IOException("tar: " + trouble);
        }
        return archive;
    }

    private static String standIn(String program) {
        return "#!/bin/sh\nexec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx32m -cp '" + jars()
                + "/*' io.assistedswarm.rehearsal.standin.StandInMain " + program + " \"$@\"\n";
    }

    /** Those of the system that the JDK is linked to. */
    private static Set<Path> libraries(Path folder) throws IOException {
        Set<Path> libraries = new TreeSet<>();
        try (Stream<Path> files = Files.walk(javaHome().resolve("lib"))) {
            for (Path file : Stream.concat(
                            Stream.of(javaHome().resolve("bin/java")),
                            files.filter(each -> each.toString().endsWith(".so")))
                    .toList()) {
                Path output = folder.resolve("ldd.out");
                call(List.of("ldd", file.toString()), output);
                Matcher matcher = LIBRARY.matcher(Files.readString(output));
                while (matcher.find()) {
                    Path library = Path.of(matcher.group(1));
                    if (!library.startsWith(javaHome())) {
                        libraries.add(library);
                    }
                }
            }
        }
        return libraries;
    }

    private static void load(Path folder, List<String> podman, Path archive, String image, String entryPoint)
            throws IOException {
        List<String> command = new ArrayList<>(podman);
        command.addAll(List.of("import", "--quiet", "--change", "ENTRYPOINT " + entryPoint, archive.toString(), image));
        String trouble = run(folder, command);
        assumeTrue(trouble.isEmpty(), "skipped: podman import says: " + trouble);
    }

    private static void write(Path file, String script) throws IOException {
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What it has said; empty when it succeeded. */
    private static String run(Path folder, List<String> command) throws IOException {
        Path output = folder.resolve("run.out");
        int status = call(command, output);
        return status == 0 ? "" : Files.readString(output).strip() + " (exit code " + status + ")";
    }

    private static int call(List<String> command, Path output) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
