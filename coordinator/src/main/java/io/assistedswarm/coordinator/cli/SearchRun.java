package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.report.ReportFolder;
import io.assistedswarm.coordinator.report.plot.Drawing;
import io.assistedswarm.coordinator.report.plot.Look;
import io.assistedswarm.coordinator.search.LoadSearch;
import io.assistedswarm.coordinator.search.Outcome;
import io.assistedswarm.coordinator.search.SearchPlot;
import io.assistedswarm.coordinator.search.SearchReport;
import io.assistedswarm.coordinator.search.SearchedKey;
import io.assistedswarm.coordinator.search.Step;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/** Goes from step to step until the search is over, or somebody ends it; what is known by then is shown and kept. */
final class SearchRun {
    /** Left for a dash and two digits after {@code --name}, and four characters more without. */
    private static final int ROOM_FOR_NUMBERS = 8;

    private static final Duration FOR_CLEANING = Duration.ofMinutes(10);

    private final Shell shell;
    private final SearchedKey key;
    private final LoadSearch search;
    private final StepRunner runner;
    private final Path results;
    private final List<Step> steps = new ArrayList<>();

    SearchRun(
            Shell shell,
            Coordinator coordinator,
            SearchedKey key,
            LoadSearch search,
            StepRunner.Submitted submitted,
            Path results) {
        this.shell = shell;
        this.key = key;
        this.search = search;
        this.runner = new StepRunner(shell, coordinator, submitted);
        this.results = results;
    }

    /**
     * Runs it.
     *
     * @param name leads the swarms' names
     * @return the exit code
     */
    int run(Optional<String> name) {
        String plan = runner.check(key.override(search.next().orElseThrow()));
        String leading = name.orElseGet(() -> named(plan));
        if (!SwarmId.isValid(leading + "-99")) {
            throw new CommandFailed(
                    ExitCode.INVALID, "--name: '" + leading + "' cannot lead the names of swarms; use a shorter one");
        }
        try (Interruption interruption = Interruption.ofThisThread(FOR_CLEANING)) {
            Path folder = ReportFolder.create(
                    results, "search-" + leading, shell.clock().instant());
            try {
                steps(leading, folder);
                return finish(folder);
            } catch (InterruptedException e) {
                return interrupted(folder);
            } catch (RuntimeException | IOException failed) {
                // A request or a file that is interrupted ends so, too.
                if (Thread.interrupted() || interruption.isUnderWay()) {
                    return interrupted(folder);
                }
                runner.present().ifPresent(left -> shell.err().println("swarm " + left + " is left"));
                show(folder);
                throw failed;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write below " + results + " (" + e.getMessage() + ")", e);
        }
    }

    private void steps(String leading, Path folder) throws InterruptedException, IOException {
        for (OptionalDouble load = search.next(); load.isPresent(); load = search.next()) {
            String swarm = leading + "-" + (steps.size() + 1);
            shell.out().println("step " + (steps.size() + 1) + ": " + key.override(load.getAsDouble()));
            shell.out().flush();
            Step step = runner.run(swarm, load.getAsDouble(), key.override(load.getAsDouble()), folder);
            steps.add(step);
            search.tried(load.getAsDouble(), step.outcome());
            shell.out()
                    .println("step " + steps.size() + ": " + step.outcome().label()
                            + (step.why().isEmpty() ? "" : ": " + step.why()));
        }
    }

    private int finish(Path folder) throws IOException {
        show(folder);
        if (search.highestMet().isPresent()) {
            return ExitCode.PASSED;
        }
        return steps.getLast().outcome() == Outcome.NOT_VALID ? ExitCode.COULD_NOT_RUN : ExitCode.NOT_PASSED;
    }

    private int interrupted(Path folder) throws IOException {
        runner.present().ifPresent(swarm -> shell.err().println("interrupted: swarm " + swarm + " is deleted first"));
        shell.err().flush();
        try {
            runner.delete();
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
            shell.err()
                    .println("interrupted again: 'swarm delete "
                            + runner.present().orElse("") + "' goes on with it");
        }
        show(folder);
        return ExitCode.COULD_NOT_RUN;
    }

    private void show(Path folder) throws IOException {
        SearchReport report = new SearchReport(key, steps, search.conclusion(key::text));
        shell.out().println();
        report.lines().forEach(shell.out()::println);
        Files.write(folder.resolve("search.txt"), report.lines());
        Files.write(
                folder.resolve("search.json"),
                ApiJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
        if (!steps.isEmpty()) {
            plot(report, folder.resolve("search.png"));
        }
        shell.out().flush();
        shell.err().println("reports, table and plot are in " + folder);
    }

    private void plot(SearchReport report, Path file) {
        try {
            Files.write(file, Drawing.png(SearchPlot.of(report), Look.WIDE_LIGHT));
        } catch (IOException e) {
            shell.err().println("there is no " + file + ": " + e.getMessage());
        }
    }

    private static String named(String plan) {
        int longest = SwarmId.MAX_LENGTH - ROOM_FOR_NUMBERS;
        String head = plan.length() > longest ? plan.substring(0, longest) : plan;
        return head + "-" + String.format("%04x", RandomGenerator.getDefault().nextInt(0x10000));
    }
}
