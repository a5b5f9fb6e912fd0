package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.report.Comparison;
import io.assistedswarm.coordinator.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "compare",
        description = "A B: two results folders side by side",
        footer = {"%nExample:", "  swarm compare results/20261126-100000-night results/20261127-100000-night"})
final class CompareCommand implements Callable<Integer> {
    private static final String SUMMARY = "summary.json";

    private final Shell shell;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "results folder, or its summary.json")
    private Path first;

    @Parameters(index = "1", paramLabel = "B", description = "the one that is compared with it")
    private Path second;

    @Option(
            names = "--noise",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description = "differences within it say nothing (${DEFAULT-VALUE})")
    private double noise;

    CompareCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!(noise >= 0 && noise < 100)) {
            throw new ParameterException(
                    spec.commandLine(), "--noise: is " + noise + "; it is at least 0 and less than 100");
        }
        Comparison.lines(read(first), read(second), noise / 100).forEach(shell.out()::println);
        return ExitCode.PASSED;
    }

    private static Report read(Path folder) {
        Path file = Files.isDirectory(folder) ? folder.resolve(SUMMARY) : folder;
        try {
            return ApiJson.mapper().readValue(Files.readAllBytes(file), Report.class);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "cannot read " + file + " as the " + SUMMARY + " of a report ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "); name a folder that 'swarm report SWARM -d DIR' has written");
        }
    }
}
