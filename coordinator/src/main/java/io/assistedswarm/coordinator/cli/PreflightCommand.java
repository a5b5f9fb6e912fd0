package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.plan.PlanFile;
import io.assistedswarm.coordinator.plan.Problems;
import io.assistedswarm.coordinator.plan.ServiceConfig;
import io.assistedswarm.coordinator.plan.ServiceConfigFile;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "preflight",
        description = "[PLAN] [--service-config FILE]: checks hub, service and workers before a run; changes nothing",
        footer = {
            "%nExit code: 0 no failure, 1 a check failed or nothing could be checked, 2 wrong usage or invalid files.",
            "%nExamples:",
            "  swarm preflight",
            "  swarm preflight conf/plans/quickstart.yaml --service-config service-config.yaml"
        })
final class PreflightCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", arity = "0..1", paramLabel = "PLAN", description = "what is to be run; else anything is")
    private Path plan;

    @Option(names = "--service-config", paramLabel = "FILE", description = "the service under test")
    private Path serviceConfig;

    @Option(names = "--set", paramLabel = "a.b=c", description = "puts a value into the plan; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "-o", paramLabel = "text|json", description = "output format (text)")
    private Format format = Format.TEXT;

    enum Format {
        TEXT,
        JSON
    }

    PreflightCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (plan == null && !overrides.isEmpty()) {
            throw new CommandFailed(ExitCode.INVALID, "--set changes a plan; name one");
        }
        Problems problems = new Problems();
        Optional<SwarmPlan> readPlan =
                Optional.ofNullable(plan).flatMap(file -> PlanFile.read(file, overrides, problems));
        Optional<ServiceConfig> readConfig =
                Optional.ofNullable(serviceConfig).flatMap(file -> ServiceConfigFile.read(file, problems));
        problems.warnings().forEach(warning -> shell.err().println("warning: " + warning));
        if (!problems.isEmpty()) {
            problems.errors().forEach(problem -> shell.err().println(problem));
            return ExitCode.INVALID;
        }
        PreflightReport report = cli.coordinator()
                .post(
                        "/preflight",
                        Optional.of(new PreflightRequest(
                                readPlan,
                                readConfig.map(ServiceConfig::service),
                                readConfig.map(ServiceConfig::runtime),
                                false)),
                        PreflightReport.class);
        switch (format) {
            case TEXT -> new Checklist(shell).print(report);
            case JSON -> shell.out().println(Output.json(report));
        }
        return report.with(Outcome.FAILURE).isEmpty() ? ExitCode.PASSED : ExitCode.COULD_NOT_RUN;
    }
}
