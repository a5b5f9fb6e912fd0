package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.search.LoadSearch;
import io.assistedswarm.coordinator.search.SearchedKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "search",
        description = "PLAN --service-config FILE --from LOAD: finds the highest load that meets the plan's limits",
        footer = {
            "%nDoubles the load until the verdict is not 'passed', then halves the gap. Each step is a swarm of its own, which is deleted",
            "before the next one. Ctrl-C deletes the present one, and shows what is known so far.",
            "Examples:",
            "  swarm search plan.yaml --service-config service-config.yaml --from 100/h --to 2000/h",
            "  swarm search plan.yaml --service-config service-config.yaml --vary clusters[0].amount --from 10 --resolution 5"
        })
final class SearchCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "PLAN",
            description = "plan file, in our own format or in that of the original tool")
    private Path plan;

    @Option(
            names = "--service-config",
            required = true,
            paramLabel = "FILE",
            description = "the service under test; conf/service-config.example.yaml is the one to copy")
    private Path serviceConfig;

    @Option(
            names = "--vary",
            paramLabel = "KEY",
            defaultValue = "pace.rate",
            description = "the plan's key that is the load (${DEFAULT-VALUE}); also pace.maxInstalling,"
                    + " clusters[0].amount and the like")
    private String vary;

    @Option(names = "--from", required = true, paramLabel = "LOAD", description = "the first load, such as 100/h")
    private String from;

    @Option(names = "--to", paramLabel = "LOAD", description = "the highest that is tried (none)")
    private String to;

    @Option(
            names = "--resolution",
            paramLabel = "LOAD",
            description = "the gap that ends the search (a tenth of --from)")
    private String resolution;

    @Option(
            names = "--max-steps",
            paramLabel = "N",
            defaultValue = "12",
            description = "at most so many swarms (${DEFAULT-VALUE})")
    private int maxSteps;

    @Option(
            names = "--step-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "a swarm that takes longer does not meet the limits (none)")
    private Duration stepTimeout;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "leads the swarms' names, NAME-1 and so on (the plan's, and four characters)")
    private String name;

    @Option(names = "--set", paramLabel = "a.b=c", description = "puts a value into the plan; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--manifests",
            paramLabel = "DIR",
            description = "templates of the objects (default: conf/manifests)")
    private Path manifests;

    @Option(names = "--limits", paramLabel = "FILE", description = "limits instead of those that the plan has")
    private Path limits;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Prometheus and profiles instead of those that the plan has")
    private Path metrics;

    @Option(names = "--no-preflight", description = "does not check hub, service and workers first")
    private boolean noPreflight;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "results",
            description = "where a folder is made for the steps' reports, table and plot (${DEFAULT-VALUE})")
    private Path results;

    SearchCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        SearchedKey key = SearchedKey.parse(vary)
                .orElseThrow(() -> usage("--vary: '" + vary + "' is no load of a plan; known: " + SearchedKey.KNOWN));
        double first = load(key, "--from", from);
        OptionalDouble last = to == null ? OptionalDouble.empty() : OptionalDouble.of(load(key, "--to", to));
        if (last.isPresent() && last.getAsDouble() < first) {
            throw usage("--to: " + to + " is less than --from " + from);
        }
        if (maxSteps < 1 || maxSteps > 99) {
            throw usage("--max-steps: is " + maxSteps + "; it is between 1 and 99");
        }
        LoadSearch search = new LoadSearch(
                first,
                last,
                resolution == null ? key.resolution(first) : load(key, "--resolution", resolution),
                maxSteps);
        Optional<String> leading = Optional.ofNullable(name);
        StepRunner.Submitted submitted = new StepRunner.Submitted(
                plan,
                serviceConfig,
                Optional.ofNullable(manifests).orElseGet(() -> SubmitCommand.shipped("manifests")),
                Optional.ofNullable(limits),
                Optional.ofNullable(metrics),
                overrides,
                !noPreflight,
                Optional.ofNullable(stepTimeout),
                shell.environment());
        return new SearchRun(shell, cli.coordinator(), key, search, submitted, results).run(leading);
    }

    private double load(SearchedKey key, String option, String text) {
        return key.value(text)
                .orElseThrow(() -> usage(option + ": '" + text + "' is no value of " + key.path()
                        + " above 0; write for example " + key.example()));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
