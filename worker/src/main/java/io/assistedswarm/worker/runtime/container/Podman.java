package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.Call;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The podman of this machine. Its calls block; only as many run at one time as the machine has cores, however many hosts come or go
 * together.
 */
final class Podman {
    /** Handed to podman from the worker's environment: where to find things, and how to reach a registry. */
    private static final Set<String> HANDED_ON =
            Set.of("PATH", "HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy");

    private static final Pattern VERSION = Pattern.compile("podman version (\\d+)\\.(\\S+)");
    private static final int OLDEST = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path executable;
    private final Map<String, String> environment;
    private final Semaphore calls =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

    private Podman(Path executable, Map<String, String> environment) {
        this.executable = executable;
        this.environment = environment;
    }

    /**
     * Looks for it on the PATH and asks its version.
     *
     * @param inherited the worker's environment
     * @throws IllegalArgumentException that says what to do when it cannot be used
     */
    static Podman find(Map<String, String> inherited) {
        Path executable = Stream.of(
                        inherited.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "podman"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'podman' is not on the worker's PATH: install podman "
                        + OLDEST + " or later, or choose the native runtime"));
        Map<String, String> environment = new LinkedHashMap<>(inherited);
        environment.keySet().retainAll(HANDED_ON);
        Podman podman = new Podman(executable, environment);
        podman.checkVersion();
        return podman;
    }

    private void checkVersion() {
        Output output = run(Map.of(), PATIENCE, List.of("--version"));
        Matcher version = VERSION.matcher(output.text());
        if (!output.succeeded() || !version.find()) {
            throw new ProcessFailed("'" + executable + " --version' says: " + output.reason(), null);
        }
        if (Integer.parseInt(version.group(1)) < OLDEST) {
            throw new IllegalArgumentException(executable + " is version " + version.group(1) + "." + version.group(2)
                    + ": install podman " + OLDEST + " or later");
        }
    }

    Path executable() {
        return executable;
    }

    /** For quick work. */
    Output run(Map<String, String> configuration, String... arguments) {
        return run(configuration, PATIENCE, List.of(arguments));
    }

    /**
     * Waits for its end.
     *
     * @param configuration variables that name configuration files
     * @throws ProcessFailed when it cannot be started, or has not ended in time
     */
    Output run(Map<String, String> configuration, Duration limit, List<String> arguments) {
        calls.acquireUninterruptibly();
        try {
            return called(configuration, limit, arguments);
        } finally {
            calls.release();
        }
    }

    private Output called(Map<String, String> configuration, Duration limit, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(arguments);
        Map<String, String> whole = new LinkedHashMap<>(environment);
        whole.putAll(configuration);
        Call.Outcome outcome = new Call("'podman " + arguments.getFirst() + "'", command, whole, limit).run();
        return new Output(outcome.status(), outcome.text());
    }

    /** What a call has said, on either stream. */
    record Output(int status, String text) {
        boolean succeeded() {
            return status == 0;
        }

        /** The line that tells why, in podman's words. */
        String reason() {
            List<String> lines = text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            Optional<String> error = lines.stream()
                    .filter(line -> line.startsWith("Error:"))
                    .reduce((first, second) -> second)
                    .map(line -> line.substring("Error:".length()).strip());
            return error.or(() -> lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast()))
                    .orElse("exit code " + status);
        }
    }
}
