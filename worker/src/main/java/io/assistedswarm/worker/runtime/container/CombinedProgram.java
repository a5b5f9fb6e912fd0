package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How the combined agent is started on this machine: a command, or a container with the mounts that the original gave it
 * (assisted-swarm, combined_agent.py).
 *
 * @param store of the container; empty for a command
 */
record CombinedProgram(ProcessSpec spec, Optional<Store> store) {
    private static final String NAME = "combined agent";
    private static final List<String> AS_THEY_ARE =
            List.of("/var/log", "/run/udev", "/dev/disk", "/opt", "/run/systemd/journal/socket");
    private static final List<String> BELOW_HOST = List.of(
            "/var/log",
            "/proc/meminfo",
            "/sys/kernel/mm/hugepages",
            "/proc/cpuinfo",
            "/etc/mtab",
            "/sys/block",
            "/sys/devices",
            "/sys/bus",
            "/sys/class",
            "/run/udev",
            "/dev/disk");

    /**
     * @param folder gets its log
     * @param data the worker's data folder
     */
    static CombinedProgram ofCommand(
            RuntimeSpec.Combined runtime, Path folder, Path data, Map<String, String> inherited) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(Processes.DATA_FOLDER, data.toString());
        Stream.of("PATH", "HOME")
                .filter(inherited::containsKey)
                .forEach(name -> environment.put(name, inherited.get(name)));
        return new CombinedProgram(
                new ProcessSpec(NAME, runtime.command(), environment, folder, folder.resolve("combined.log")),
                Optional.empty());
    }

    /**
     * Pulls its image if it is not there. Blocks.
     *
     * @param folder gets its log and its store
     * @param data the worker's data folder
     */
    static CombinedProgram ofImage(
            RuntimeSpec.Combined runtime,
            Path folder,
            Path data,
            Path runs,
            Map<String, String> inherited,
            Secret pullSecret) {
        Podman podman = Podman.find(inherited);
        Store store = Store.in(folder.resolve("containers"), podman, runs);
        store.remove();
        List<String> variables = new ArrayList<>(Processes.MARKS);
        variables.add(Processes.DATA_FOLDER);
        store.configure(MachineConfig.read(inherited), variables, List.of());
        try {
            new ImageStore(store).pull(List.of(runtime.image()), pullSecret);
        } catch (RuntimeException e) {
            store.remove();
            throw e;
        }
        Map<String, String> environment = new LinkedHashMap<>(store.configuration());
        environment.put("PATH", inherited.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put(Processes.DATA_FOLDER, data.toString());
        return new CombinedProgram(
                new ProcessSpec(
                        NAME,
                        container(podman.executable(), runtime.image(), Files::exists),
                        environment,
                        folder,
                        folder.resolve("combined.log")),
                Optional.of(store));
    }

    /** @param there of what the original mounts, not every machine has all */
    static List<String> container(Path podman, String image, Predicate<Path> there) {
        List<String> command = new ArrayList<>(List.of(
                podman.toString(),
                "run",
                "--rm",
                "--name=combined-agent",
                "--pull=never",
                "--net=host",
                "--privileged",
                "--log-driver=none"));
        AS_THEY_ARE.stream()
                .filter(path -> there.test(Path.of(path)))
                .forEach(path -> command.add("--volume=" + path + ":" + path));
        BELOW_HOST.stream()
                .filter(path -> there.test(Path.of(path)))
                .forEach(path -> command.add("--volume=" + path + ":/host" + path + ":ro"));
        command.add(image);
        return command;
    }

    /** What is left of it. */
    void remove() {
        store.ifPresent(Store::remove);
    }
}
