package io.assistedswarm.coordinator.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The verbs that start a role; here for the help only, as the launcher hands them to other programs. */
final class Roles {
    private Roles() {}

    @Command(
            name = "demo",
            description =
                    "rehearsal hub + coordinator + workers (separate JVMs) + submit + live progress + report + clean-up")
    static final class Demo extends Role {
        Demo(Shell shell) {
            super(shell, "demo");
        }
    }

    @Command(name = "coordinator", description = "runs the coordinator in the foreground")
    static final class CoordinatorRole extends Role {
        CoordinatorRole(Shell shell) {
            super(shell, "coordinator");
        }
    }

    @Command(name = "worker", description = "--join HOST:PORT: runs a worker in the foreground")
    static final class Worker extends Role {
        Worker(Shell shell) {
            super(shell, "worker");
        }
    }

    @Command(name = "hub", description = "runs the rehearsal hub in the foreground")
    static final class Hub extends Role {
        Hub(Shell shell) {
            super(shell, "hub");
        }
    }

    abstract static class Role implements Callable<Integer> {
        private final Shell shell;
        private final String name;

        @Unmatched
        private List<String> arguments = new ArrayList<>();

        Role(Shell shell, String name) {
            this.shell = shell;
            this.name = name;
        }

        @Override
        public Integer call() {
            shell.err()
                    .println(("'" + name + "' is started by the launcher: ./swarm " + name + " "
                                    + String.join(" ", arguments))
                            .strip());
            return ExitCode.INVALID;
        }
    }
}
