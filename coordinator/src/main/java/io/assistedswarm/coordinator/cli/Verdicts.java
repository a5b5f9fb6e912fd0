package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportFolder;
import io.assistedswarm.coordinator.report.ReportText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
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

    /** @param results where a folder is made for it; nothing is written when empty */
    void report(String swarm, Optional<Path> results, boolean asJson) {
        JsonNode summary = coordinator.get("/swarms/" + Coordinator.encoded(swarm) + "/report", JsonNode.class);
        Instant now = shell.clock().instant();
        String text = ReportText.of(ApiJson.mapper().convertValue(summary, Report.class), now);
        shell.out().print(asJson ? Output.json(summary) + System.lineSeparator() : coloured(text));
        results.ifPresent(folder -> write(folder, swarm, summary, text, now));
    }

    private void write(Path results, String swarm, JsonNode summary, String text, Instant now) {
        try {
            Path folder = ReportFolder.write(results, swarm, summary, text, now);
            shell.err().println("report written to " + folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write the report below " + results + " (" + e.getMessage()
                            + "); name another folder and run 'swarm report " + swarm + " -d DIR'",
                    e);
        }
    }

    private String coloured(String text) {
        return text.replace("Verdict: passed", "Verdict: " + shell.green("passed"))
                .replace("Verdict: failed", "Verdict: " + shell.red("failed"));
    }
}
