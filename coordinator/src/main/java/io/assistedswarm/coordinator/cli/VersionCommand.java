package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Version;
import io.assistedswarm.coordinator.cli.Coordinator.Unreachable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "version", description = "prints which build this is, and the coordinator's if one answers")
final class VersionCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    VersionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.out().println("swarm        " + Version.current() + " (Java " + Runtime.version() + ")");
        Coordinator coordinator = cli.coordinator();
        shell.out().println("coordinator  " + ofCoordinator(coordinator) + " at " + coordinator.url());
        return ExitCode.PASSED;
    }

    private static String ofCoordinator(Coordinator coordinator) {
        try {
            return coordinator.get("/version", JsonNode.class).path("version").asText("unknown");
        } catch (Unreachable | CommandFailed e) {
            return "none answers";
        }
    }
}
