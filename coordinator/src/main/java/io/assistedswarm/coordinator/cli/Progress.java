package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Phases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is seen of a swarm while somebody waits: a block that is drawn again and again, or a line for each change where it is no terminal. */
final class Progress {
    /** Lines are not printed more often than this, but for the last. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final Shell shell;
    private int drawn;
    private String lastLine = "";
    private Instant lastPrinted = Instant.MIN;

    Progress(Shell shell) {
        this.shell = shell;
    }

    void show(SwarmView view) {
        if (shell.terminal()) {
            redraw(view);
        } else {
            line(view);
        }
        shell.out().flush();
    }

    private void redraw(SwarmView view) {
        List<String> block = List.of(
                head(view),
                "  clusters  " + bar(view.clusters(), view.clusterCount()) + "  " + Phases.counts(view.clusters())
                        + Phases.replaced(view.replaced()),
                "  hosts     " + bar(view.hosts(), view.hostCount()) + "  " + Phases.counts(view.hosts()),
                "  " + (view.waiting().isEmpty() ? "" : "waiting: " + view.waiting()));
        if (drawn > 0) {
            shell.out().print("\u001b[" + drawn + "A");
        }
        for (String line : block) {
            shell.out().print("\r\u001b[2K" + cut(line) + "\n");
        }
        drawn = block.size();
    }

    private String head(SwarmView view) {
        StringBuilder head = new StringBuilder("swarm " + view.id() + "  "
                + view.state().label() + "  "
                + Rows.age(
                        view.submittedAt(), view.endedAt().orElse(shell.clock().instant())));
        if (view.endsPerHour() > 0) {
            head.append(String.format(Locale.ROOT, "  %.0f clusters an hour", view.endsPerHour()));
        }
        view.etaSeconds().ifPresent(eta -> head.append("  ETA ").append(Ages.of(Duration.ofSeconds(eta))));
        return head.toString();
    }

    private static String bar(Map<String, Integer> counts, long total) {
        int width = 20;
        int filled = total == 0 ? 0 : (int) (width * Math.min(total, Phases.atEnd(counts)) / total);
        return "[" + "#".repeat(filled) + ".".repeat(width - filled) + "]";
    }

    private String cut(String line) {
        return line.length() < shell.width() ? line : line.substring(0, shell.width() - 2) + "…";
    }

    private void line(SwarmView view) {
        Instant now = shell.clock().instant();
        String line = view.state().label() + "; clusters: " + Phases.counts(view.clusters())
                + Phases.replaced(view.replaced()) + "; hosts: "
                + Phases.counts(view.hosts()) + (view.waiting().isEmpty() ? "" : "; waiting: " + view.waiting());
        boolean due =
                view.state().isOver() || lastPrinted.equals(Instant.MIN) || !now.isBefore(lastPrinted.plus(QUIET));
        if (!line.equals(lastLine) && due) {
            shell.out()
                    .println("+" + Rows.age(view.submittedAt(), now) + " " + line
                            + view.etaSeconds()
                                    .map(eta -> "; ETA " + Ages.of(Duration.ofSeconds(eta)))
                                    .orElse(""));
            lastLine = line;
            lastPrinted = now;
        }
    }
}
