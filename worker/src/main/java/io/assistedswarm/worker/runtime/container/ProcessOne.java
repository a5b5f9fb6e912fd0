package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Process 1 of this machine. The agent enters its namespaces for all that it does to the machine, running podman and looking for its
 * marker included (assisted-installer-agent, src/util/execute.go); where it cannot, its runner dies and is tried again an hour later.
 *
 * @param path where the agent finds {@code nsenter}
 */
record ProcessOne(String path) {
    private static final List<String> ENTER =
            List.of("nsenter", "--target", "1", "--cgroup", "--mount", "--ipc", "--net", "--");

    private static final long TRIAL_SECONDS = 10;

    /**
     * Blocks.
     *
     * @param folder that the worker has made
     * @throws IllegalArgumentException saying what to do when the agent would not find the folder there
     */
    void checkSees(Path folder) {
        List<String> command = new ArrayList<>(ENTER);
        command.addAll(List.of("stat", folder.toString()));
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec \"$@\"", "sh").redirectErrorStream(true);
        builder.command().addAll(command);
        builder.environment().put("PATH", path);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ProcessFailed("nsenter has not ended within " + TRIAL_SECONDS + " s", null);
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new IllegalArgumentException("the agent could not enter the namespaces of process 1, '"
                        + String.join(" ", command) + "' says: " + said.replace('\n', ' ')
                        + ". Run the worker on the machine itself, not in a container, or choose the native runtime");
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot try nsenter: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted while trying nsenter", e);
        }
    }
}
