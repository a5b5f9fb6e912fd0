package io.assistedswarm.worker.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to be started.
 *
 * @param name for logs and errors, for example {@code agent of quickstart-7f3a-0-1}
 * @param environment the whole environment, secrets included; it is never printed
 * @param folder working directory; made if it is not there
 * @param logFile gets standard output and error, appended
 */
public record ProcessSpec(
        String name, List<String> command, Map<String, String> environment, Path folder, Path logFile) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command of " + name + " is empty");
        }
    }

    @Override
    public String toString() {
        return name + " " + command;
    }
}
