package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Process 1 of this machine. The agent enters its namespaces for all that it does to the machine, running podman and looking for its
 * marker included (assisted-installer-agent, src/util/execute.go); where it cannot, its runner dies and is tried again an hour later.
 *
 * @param path where the agent finds {@code nsenter}
 */
record ProcessOne(String path) {
    private static final List<String> ENTER =
            List.of("nsenter", "--target", "1", "--cgroup", "--mount", "--ipc", "--net", "--");

    private static final Duration TRIAL_LIMIT = Duration.ofSeconds(10);

    /**
     * Blocks.
     *
     * @param folder that the worker has made
     * @throws IllegalArgumentException saying what to do when the agent would not find the folder there
     */
    void checkSees(Path folder) {
        List<String> command = new ArrayList<>(ENTER);
        command.addAll(List.of("stat", folder.toString()));
        List<String> found = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\"", "sh"));
        found.addAll(command);
        Call.Outcome outcome = new Call("nsenter", found, Map.of("PATH", path), TRIAL_LIMIT).run();
        if (!outcome.succeeded()) {
            throw new IllegalArgumentException("the agent could not enter the namespaces of process 1, '"
                    + String.join(" ", command) + "' says: "
                    + outcome.text().strip().replace('\n', ' ')
                    + ". Run the worker on the machine itself, not in a container, or choose the native runtime");
        }
    }
}
