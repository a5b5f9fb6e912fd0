package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.protocol.ClusterPhase;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "wait",
        description = "SWARM --for=done|installing|deleted --timeout 10m: returns when it is so",
        footer = {
            "%nWith --for=done the exit code is the verdict's: 0 passed, 3 not. In each case 4 when the time is over.",
            "Example:",
            "  swarm wait night --for=done --timeout 2h"
        })
final class WaitCommand implements Callable<Integer> {
    private static final List<String> INSTALLING = List.of(
            ClusterPhase.INSTALLING.label(),
            ClusterPhase.FINALIZING.label(),
            ClusterPhase.COMPLETED.label(),
            ClusterPhase.ADDING_HOSTS.label(),
            ClusterPhase.INSTALLED.label());

    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "SWARM", description = "name of the swarm")
    private String swarm;

    @Option(
            names = "--for",
            paramLabel = "CONDITION",
            defaultValue = "done",
            description =
                    "done (every cluster is at its end), installing (a cluster installs) or deleted (${DEFAULT-VALUE})")
    private Condition condition;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "such as 90s or 2h (none)")
    private Duration timeout;

    enum Condition {
        DONE,
        INSTALLING,
        DELETED
    }

    WaitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<SwarmView> view = new SwarmWatch(shell, cli.coordinator(), swarm)
                .await(this::settled, Optional.ofNullable(timeout), ignored -> {});
        if (view.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.TIMED_OUT,
                    "after " + Ages.of(timeout) + " swarm " + swarm + " is not "
                            + condition.name().toLowerCase(Locale.ROOT) + "; 'swarm describe swarm " + swarm
                            + "' says what it waits for");
        }
        return outcome(view.get());
    }

    /** So, or never to be so. */
    private boolean settled(SwarmView view) {
        return switch (condition) {
            case DONE -> view.state().isOver();
            case INSTALLING -> installs(view) || view.state().isOver();
            case DELETED -> view.state() == SwarmState.DELETED || view.state() == SwarmState.DELETION_FAILED;
        };
    }

    private int outcome(SwarmView view) {
        shell.out()
                .println("swarm " + view.id() + " is " + view.state().label() + "; clusters: "
                        + Phases.counts(view.clusters()) + Phases.replaced(view.replaced()));
        return switch (condition) {
            case DONE -> Verdicts.exitCode(view);
            case INSTALLING -> installs(view) ? ExitCode.PASSED : ExitCode.NOT_PASSED;
            case DELETED -> view.state() == SwarmState.DELETED ? ExitCode.PASSED : ExitCode.COULD_NOT_RUN;
        };
    }

    private static boolean installs(SwarmView view) {
        return INSTALLING.stream().anyMatch(phase -> view.clusters().getOrDefault(phase, 0) > 0);
    }
}
