package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.preflight.Finding;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.text.Counted;
import java.io.PrintWriter;
import java.util.Locale;

/** Findings of a preflight as lines. */
final class Checklist {
    private static final int OUTCOME_WIDTH = 7;

    private final Shell shell;

    Checklist(Shell shell) {
        this.shell = shell;
    }

    /** One line each, and one that counts them. */
    void print(PreflightReport report) {
        int width = report.findings().stream()
                .mapToInt(finding -> finding.check().length())
                .max()
                .orElse(0);
        report.findings().forEach(finding -> shell.out().println(line(finding, width)));
        shell.out().println();
        shell.out().println(summary(report));
    }

    /** Those that somebody should know of who wants something else, as {@code warning: hub: …}. */
    void complain(PreflightReport report, PrintWriter to) {
        for (Finding finding : report.findings()) {
            if (finding.outcome() != Outcome.OK) {
                to.println(coloured(finding.outcome(), word(finding.outcome())) + ": " + finding.check() + ": "
                        + finding.text());
            }
        }
    }

    private String line(Finding finding, int width) {
        String word = word(finding.outcome());
        return coloured(finding.outcome(), word)
                + " ".repeat(OUTCOME_WIDTH - word.length() + 2)
                + finding.check()
                + " ".repeat(width - finding.check().length() + 2)
                + finding.text();
    }

    private static String summary(PreflightReport report) {
        return report.with(Outcome.OK).size() + " ok, "
                + Counted.of(report.with(Outcome.WARNING).size(), "warning") + ", "
                + Counted.of(report.with(Outcome.FAILURE).size(), "failure");
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private String coloured(Outcome outcome, String word) {
        return switch (outcome) {
            case OK -> shell.green(word);
            case WARNING -> shell.yellow(word);
            case FAILURE -> shell.red(word);
        };
    }
}
