package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.text.Ages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "delete",
        description = "SWARM: stops it, deletes exactly what it created, and shows that nothing is left",
        footer = {
            "%nMay be interrupted and repeated.",
            "Examples:",
            "  swarm delete night",
            "  swarm delete night --results results",
            "  swarm delete --all-orphans --dry-run"
        })
final class DeleteCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SWARM", description = "name of the swarm")
    private String swarm;

    @Option(
            names = "--all-orphans",
            description = "instead of SWARM: every swarm that has left something on the hub and that no record knows")
    private boolean allOrphans;

    @Option(names = "--dry-run", description = "with --all-orphans: shows them, and deletes nothing")
    private boolean dryRun;

    @Option(names = "--yes", description = "with --all-orphans: does not ask")
    private boolean yes;

    @Option(
            names = "--force",
            description =
                    "frees what finalizers hold, and deletes the swarm's namespaces with what others have put into them")
    private boolean force;

    @Option(
            names = "--wait",
            paramLabel = "true|false",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true",
            description = "false: returns at once (${DEFAULT-VALUE})")
    private boolean wait;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "where the report's folder is written before anything is deleted; nothing is if it cannot be")
    private Path results;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "such as 90s or 2h (none)")
    private Duration timeout;

    DeleteCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (allOrphans == (swarm != null)) {
            throw new ParameterException(spec.commandLine(), "name a SWARM, or --all-orphans");
        }
        if (!allOrphans && (dryRun || yes)) {
            throw new ParameterException(spec.commandLine(), "--dry-run and --yes are for --all-orphans");
        }
        if (allOrphans && results != null) {
            throw new ParameterException(spec.commandLine(), "--results is for a SWARM: nothing is known of an orphan");
        }
        return allOrphans
                ? new OrphanSweep(shell, cli.coordinator(), force, wait, Optional.ofNullable(timeout)).run(dryRun, yes)
                : delete();
    }

    private int delete() throws InterruptedException {
        Coordinator coordinator = cli.coordinator();
        if (results != null && !new Verdicts(shell, coordinator).keep(swarm, results)) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    "swarm " + swarm
                            + " is not deleted, as its report is not wholly there; repeat it, without --results if need be");
        }
        SwarmView accepted = coordinator.delete(
                "/swarms/" + Coordinator.encoded(swarm) + (force ? "?force=true" : ""), SwarmView.class);
        if (!wait) {
            shell.out()
                    .println(
                            "swarm " + accepted.id() + " is " + accepted.state().label());
            return ExitCode.PASSED;
        }
        Optional<SwarmView> view = new SwarmWatch(shell, coordinator, swarm)
                .await(DeleteCommand::settled, Optional.ofNullable(timeout), ignored -> {});
        if (view.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.TIMED_OUT,
                    "after " + Ages.of(timeout) + " swarm " + swarm
                            + " is still being deleted; it goes on, 'swarm delete " + swarm + "' waits again");
        }
        return outcome(view.get());
    }

    static boolean settled(SwarmView view) {
        return view.state() == SwarmState.DELETED || view.state() == SwarmState.DELETION_FAILED;
    }

    private int outcome(SwarmView view) {
        List<String> lines = view.deletion().map(Deletions::lines).orElse(List.of());
        long left = view.deletion().map(Deletions::left).orElse(0L);
        boolean gone = view.state() == SwarmState.DELETED && left == 0;
        shell.out().println("swarm " + view.id() + (gone ? " is deleted" : " is not wholly deleted"));
        lines.forEach(line -> shell.out().println("  " + line));
        if (!gone) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    left + " objects of swarm " + swarm + " are left; free what is stuck and run 'swarm delete " + swarm
                            + "' again");
        }
        return ExitCode.PASSED;
    }
}
