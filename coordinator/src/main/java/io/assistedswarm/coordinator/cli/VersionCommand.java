package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "prints which build this is")
final class VersionCommand implements Callable<Integer> {
    private final Shell shell;

    VersionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.out().println("swarm " + Version.current() + " (Java " + Runtime.version() + ")");
        return ExitCode.PASSED;
    }
}
