package io.assistedswarm.worker.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process to be started.
 *
 * @param name for logs and errors, for example {@code agent of quickstart-7f3a-0-1}
 * @param environment the whole environment, secrets included; it is never printed
 * @param folder working directory; made if it is not there
 * @param logFile gets standard output and error, appended
 * @param ownLog a file that is there and to which the process appends by itself
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path folder,
        Path logFile,
        Optional<Path> ownLog) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command of " + name + " is empty");
        }
    }

    public ProcessSpec(String name, List<String> command, Map<String, String> environment, Path folder, Path logFile) {
        this(name, command, environment, folder, logFile, Optional.empty());
    }

    public ProcessSpec withOwnLog(Path ownLog) {
        return new ProcessSpec(name, command, environment, folder, logFile, Optional.of(ownLog));
    }

    @Override
    public String toString() {
        return name + " " + command;
    }
}
