package io.assistedswarm.worker.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The operating system's tools that tie a child to its worker.
 *
 * @param setsid gives a child a session and process group of its own
 * @param setpriv makes the kernel kill it when its parent thread ends
 * @param bash runs the watchdog: it can wait for a line for a limited time, which other shells cannot
 */
public record ProcessTools(Path setsid, Path setpriv, Path shell, Path bash) {
    private static final long TRIAL_SECONDS = 10;

    /**
     * Looks for the tools on the PATH and tries them.
     *
     * @throws Processes.ProcessFailed that says what to install
     */
    public static ProcessTools find() {
        List<String> missing = new ArrayList<>();
        Path setsid = onPath("setsid", missing);
        Path setpriv = onPath("setpriv", missing);
        Path shell = onPath("sh", missing);
        Path bash = onPath("bash", missing);
        if (!missing.isEmpty()) {
            throw new Processes.ProcessFailed(
                    "not found on the PATH: " + String.join(", ", missing)
                            + ". A worker needs them so that its processes die with it; install util-linux and bash.",
                    null);
        }
        ProcessTools tools = new ProcessTools(setsid, setpriv, shell, bash);
        tools.tryOut();
        return tools;
    }

    private void tryOut() {
        List<String> trial = List.of(
                setsid.toString(), setpriv.toString(), "--pdeathsig", "KILL", "--", shell.toString(), "-c", "exit 0");
        try {
            Process process = new ProcessBuilder(trial)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new Processes.ProcessFailed(
                        "'" + String.join(" ", trial)
                                + "' does not work here; install a newer util-linux (2.33 or later)",
                        null);
            }
        } catch (IOException e) {
            throw new Processes.ProcessFailed("cannot start processes here: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Processes.ProcessFailed("interrupted while trying to start a process", e);
        }
    }

    private static Path onPath(String tool, List<String> missing) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    missing.add(tool);
                    return Path.of(tool);
                });
    }
}
