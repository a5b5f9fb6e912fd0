package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The verbs that move a swarm to another state and keep what it made. */
final class StateCommands {
    private StateCommands() {}

    @Command(name = "pause", description = "SWARM: stops admitting; what runs goes on")
    static final class Pause extends StateCommand {
        Pause(Shell shell) {
            super(shell, "pause");
        }
    }

    @Command(name = "resume", description = "SWARM: goes on admitting")
    static final class Resume extends StateCommand {
        Resume(Shell shell) {
            super(shell, "resume");
        }
    }

    @Command(name = "release", description = "SWARM: lets the installations begin that its plan holds")
    static final class Release extends StateCommand {
        Release(Shell shell) {
            super(shell, "release");
        }
    }

    @Command(name = "cancel", description = "SWARM: stops its processes, keeps its objects")
    static final class Cancel extends StateCommand {
        Cancel(Shell shell) {
            super(shell, "cancel");
        }
    }

    abstract static class StateCommand implements Callable<Integer> {
        private final Shell shell;
        private final String verb;

        @ParentCommand
        private Cli cli;

        @Parameters(index = "0", paramLabel = "SWARM", description = "name of the swarm")
        private String swarm;

        StateCommand(Shell shell, String verb) {
            this.shell = shell;
            this.verb = verb;
        }

        @Override
        public Integer call() {
            SwarmView view = cli.coordinator()
                    .post("/swarms/" + Coordinator.encoded(swarm) + "/" + verb, Optional.empty(), SwarmView.class);
            shell.out().println("swarm " + view.id() + " is " + view.state().label());
            return ExitCode.PASSED;
        }
    }
}
