package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.MetricChunk;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportFolder;
import io.assistedswarm.coordinator.report.ReportText;
import io.assistedswarm.coordinator.report.files.ReportFiles;
import io.assistedswarm.coordinator.series.KeptMetric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The report of a swarm, on the screen and in a folder, and what its verdict means to a script. */
final class Verdicts {
    private final Shell shell;
    private final Coordinator coordinator;

    Verdicts(Shell shell, Coordinator coordinator) {
        this.shell = shell;
        this.coordinator = coordinator;
    }

    static int exitCode(SwarmView view) {
        return switch (view.verdict()) {
            case PASSED -> ExitCode.PASSED;
            case NOT_VALID -> ExitCode.NOT_VALID;
            case NONE, FAILED, INCOMPLETE, CANCELLED -> ExitCode.NOT_PASSED;
        };
    }

    /**
     * Prints it.
     *
     * @param results where a folder is made for it; nothing is written when empty
     * @return whether all files could be written
     */
    boolean report(String swarm, Optional<Path> results, boolean asJson) {
        JsonNode summary = coordinator.get(path(swarm, "report"), JsonNode.class);
        Report report = ApiJson.mapper().convertValue(summary, Report.class);
        Instant now = shell.clock().instant();
        shell.out()
                .print(asJson ? Output.json(summary) + System.lineSeparator() : coloured(ReportText.of(report, now)));
        shell.out().flush();
        return results.isEmpty() || write(results.get(), swarm, summary, report, now);
    }

    /** Writes it without printing it: whether all files could be written. */
    boolean keep(String swarm, Path results) {
        JsonNode summary = coordinator.get(path(swarm, "report"), JsonNode.class);
        return write(
                results,
                swarm,
                summary,
                ApiJson.mapper().convertValue(summary, Report.class),
                shell.clock().instant());
    }

    /**
     * Keeps it in a folder of its own.
     *
     * @return whether all files could be written; what could not is said, the folder, too
     */
    boolean write(Path results, String swarm, JsonNode summary, Report report, Instant now) {
        Path folder;
        try {
            folder = ReportFolder.create(results, swarm, now);
        } catch (IOException e) {
            // Said and not thrown: the verdict stands, and decides how 'submit --wait' ends.
            shell.err()
                    .println("cannot write the report below " + results + ": " + why(e)
                            + "; name another folder and run 'swarm report " + swarm + " -d DIR'");
            return false;
        }
        List<String> troubles = new ArrayList<>();
        Optional<Lives> lives = lives(swarm, troubles);
        List<KeptMetric> metrics = report.metrics().isEmpty() ? List.of() : metrics(swarm, troubles);
        troubles.addAll(ReportFiles.write(folder, summary, report, lives, metrics, now));
        troubles.forEach(shell.err()::println);
        shell.err().println("report written to " + folder + (troubles.isEmpty() ? "" : ", but for the above"));
        return troubles.isEmpty();
    }

    /** The message of some is the path alone. */
    private static String why(IOException failure) {
        return switch (failure) {
            case FileAlreadyExistsException exists -> "there is a file of that name";
            case AccessDeniedException denied -> "permission denied";
            default -> failure.getMessage();
        };
    }

    private Optional<Lives> lives(String swarm, List<String> troubles) {
        try {
            return Optional.of(coordinator.get(path(swarm, "lives"), Lives.class));
        } catch (CommandFailed | Coordinator.Unreachable | UncheckedIOException e) {
            troubles.add("there are no clusters.csv, hosts.csv and plots: " + e.getMessage());
            return Optional.empty();
        }
    }

    private List<KeptMetric> metrics(String swarm, List<String> troubles) {
        List<KeptMetric> metrics = new ArrayList<>();
        try {
            Optional<Integer> from = Optional.of(0);
            while (from.isPresent()) {
                MetricChunk some = coordinator.get(path(swarm, "metrics?from=" + from.get()), MetricChunk.class);
                metrics.addAll(some.metrics());
                from = some.next();
            }
        } catch (CommandFailed | Coordinator.Unreachable | UncheckedIOException e) {
            troubles.add("not all metrics of the hub are there: " + e.getMessage());
        }
        return metrics;
    }

    private static String path(String swarm, String what) {
        return "/swarms/" + Coordinator.encoded(swarm) + "/" + what;
    }

    private String coloured(String text) {
        return text.replace("Verdict: passed", "Verdict: " + shell.green("passed"))
                .replace("Verdict: failed", "Verdict: " + shell.red("failed"));
    }
}
