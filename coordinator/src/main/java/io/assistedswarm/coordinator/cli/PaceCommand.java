package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.PaceFlags;
import io.assistedswarm.coordinator.plan.Problem;
import io.assistedswarm.coordinator.plan.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "pace",
        description = "SWARM: changes when its clusters start, and what may hold them back, from now on",
        footer = {
            "%nWhat is not named stays. A cluster that is due already keeps its time.",
            "Examples:",
            "  swarm pace night --rate 800/h",
            "  swarm pace night --ramp 100/h:1000/h:30m --max-installing none",
            "  swarm pace night --batch 10 --interval 30s"
        })
final class PaceCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SWARM", description = "name of the swarm")
    private String swarm;

    @Option(names = "--rate", paramLabel = "RATE", description = "such as 500/h, 10/m or 0.5/s")
    private String rate;

    @Option(names = "--ramp", paramLabel = "FROM:TO:OVER", description = "evenly from one rate to another")
    private String ramp;

    @Option(names = "--steps", paramLabel = "RATE:FOR,...", description = "one rate after the other; the last goes on")
    private String steps;

    @Option(names = "--batch", paramLabel = "N", description = "with --interval: so many clusters at a time")
    private String batch;

    @Option(names = "--interval", paramLabel = "DURATION", description = "with --batch: so far apart")
    private String interval;

    @Option(names = "--max-installing", paramLabel = "N", description = "clusters admitted and not at an end, or none")
    private String maxInstalling;

    @Option(names = "--max-per-worker", paramLabel = "N", description = "hosts of the swarm on one worker, or none")
    private String maxPerWorker;

    @Option(
            names = "--max-failures",
            paramLabel = "N|SHARE",
            description = "stops admission beyond so many failures, such as 20 or 10%%, or none")
    private String maxFailures;

    PaceCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Map<String, String> flags = new LinkedHashMap<>();
        put(flags, "rate", rate);
        put(flags, "ramp", ramp);
        put(flags, "steps", steps);
        put(flags, "batch", batch);
        put(flags, "interval", interval);
        put(flags, "maxInstalling", maxInstalling);
        put(flags, "maxPerWorker", maxPerWorker);
        put(flags, "maxFailures", maxFailures);
        if (flags.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say what is to change, for example --rate 500/h");
        }
        Problems problems = new Problems();
        PaceChange change = PaceFlags.read(flags, "swarm pace", problems);
        if (!problems.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    problems.errors().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        SwarmView view = cli.coordinator()
                .post("/swarms/" + Coordinator.encoded(swarm) + "/pace", Optional.of(change), SwarmView.class);
        shell.out()
                .println("swarm " + view.id() + " has another pace"
                        + (view.waiting().isEmpty() ? "" : "; it " + view.waiting()));
        return ExitCode.PASSED;
    }

    private static void put(Map<String, String> flags, String key, String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
