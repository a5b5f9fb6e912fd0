package io.assistedswarm.coordinator.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "report",
        description = "SWARM [-d DIR]: prints the report, and writes its files",
        footer = {"%nExample:", "  swarm report night -d results"})
final class ReportCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "SWARM", description = "name of the swarm")
    private String swarm;

    @Option(
            names = {"-d", "--dir"},
            paramLabel = "DIR",
            description = "writes YYYYMMDD-HHMMSS-SWARM/ with report.html and the other files there")
    private Path folder;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "json instead of text")
    private Output output;

    ReportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (output != null && output != Output.JSON) {
            throw new CommandFailed(ExitCode.INVALID, "a report is text or -o json");
        }
        boolean whole = new Verdicts(shell, cli.coordinator())
                .report(swarm, Optional.ofNullable(folder), output == Output.JSON);
        return whole ? ExitCode.PASSED : ExitCode.COULD_NOT_RUN;
    }
}
