package io.assistedswarm.coordinator.report.files;

import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Statistics of phases in the form that acm-deploy-load writes them. */
final class StatsFile {
    private StatsFile() {}

    static String text(String what, List<PhaseStatistics> phases) {
        return phases.isEmpty()
                ? "Stats on " + what + "\nCount: 0\n"
                : phases.stream()
                        .map(phase -> String.format(
                                Locale.ROOT,
                                """
                                Stats on %s: %s (seconds)
                                Count: %d
                                Min: %.3f
                                Average: %.3f
                                50 percentile: %.3f
                                95 percentile: %.3f
                                99 percentile: %.3f
                                Max: %.3f
                                """,
                                what,
                                phase.phase(),
                                phase.count(),
                                phase.minSeconds(),
                                phase.meanSeconds(),
                                phase.p50Seconds(),
                                phase.p95Seconds(),
                                phase.p99Seconds(),
                                phase.maxSeconds()))
                        .collect(Collectors.joining("\n"));
    }
}
