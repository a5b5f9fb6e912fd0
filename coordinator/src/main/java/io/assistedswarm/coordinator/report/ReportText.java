package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Punctuality.Spread;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.coordinator.series.MetricSummary.Figures;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.coordinator.text.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as people read it. */
public final class ReportText {
    /** A card is no place for all of them. */
    private static final int MOST_METRICS = 15;

    private final List<String> lines = new ArrayList<>();

    private ReportText() {}

    /** @param now for a swarm that is not over */
    public static String of(Report report, Instant now) {
        ReportText text = new ReportText();
        text.head(report, now);
        report.punctuality().ifPresent(text::punctuality);
        text.users(report.users());
        text.phases("Clusters: seconds from phase to phase", report.clusterPhases());
        text.phases("Hosts: seconds from phase to phase", report.hostPhases());
        text.downloads(report.downloads());
        report.faults().ifPresent(text::faults);
        text.failures(report.failures());
        text.orders(report.orders());
        text.limits(report.limits());
        text.alerts(report.alerts());
        text.metrics(report.metrics());
        text.nodes(report);
        text.verdict(report);
        return String.join("\n", text.lines) + "\n";
    }

    private void head(Report report, Instant now) {
        Duration took = Duration.between(report.submittedAt(), report.endedAt().orElse(now));
        lines.add("Swarm " + report.swarm() + " (runtime " + report.runtime() + ")");
        lines.add("");
        lines.add("Submitted   " + report.submittedAt().truncatedTo(ChronoUnit.SECONDS));
        lines.add("Ended       "
                + report.endedAt()
                        .map(ended -> ended.truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse("not yet") + ", after "
                + Ages.of(took));
        lines.add("Clusters    " + report.clusterCount() + counts(report.clusters())
                + Phases.replaced(report.replaced()));
        lines.add("Hosts       " + report.hostCount() + counts(report.hosts()));
        int standIns = report.standInInstallers().count();
        if (standIns > 0) {
            List<String> hosts = report.standInInstallers().hosts();
            lines.add("Stand-ins   " + standIns + " of these hosts had a stand-in for the installer, as bootstrap: "
                    + String.join(", ", hosts.subList(0, Math.min(3, standIns)))
                    + (standIns > 3 ? " and others, all in summary.json" : ""));
        }
        lines.add("Rate        " + String.format(Locale.ROOT, "%.1f clusters an hour", report.clustersPerHour()));
    }

    private void users(List<UserReport> users) {
        if (users.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Users, whose clusters they are");
        Table table = Table.withNumbersFrom(1, List.of("USER", "WEIGHT", "CLUSTERS", "HOSTS", "PHASES"));
        users.forEach(user -> table.add(List.of(
                user.name(),
                String.valueOf(user.weight()),
                String.valueOf(user.clusters()),
                String.valueOf(user.hosts()),
                Phases.counts(user.phases()))));
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private static String counts(Map<String, Integer> byPhase) {
        return byPhase.isEmpty() ? "" : ": " + Phases.counts(byPhase);
    }

    private void phases(String title, List<PhaseStatistics> phases) {
        if (phases.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(title);
        Table table = Table.withNumbersFrom(1, List.of("PHASE", "COUNT", "MIN", "MEAN", "P50", "P95", "P99", "MAX"));
        for (PhaseStatistics phase : phases) {
            table.add(List.of(
                    phase.phase(),
                    String.valueOf(phase.count()),
                    seconds(phase.minSeconds()),
                    seconds(phase.meanSeconds()),
                    seconds(phase.p50Seconds()),
                    seconds(phase.p95Seconds()),
                    seconds(phase.p99Seconds()),
                    seconds(phase.maxSeconds())));
        }
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private void punctuality(Punctuality punctuality) {
        lines.add("");
        lines.add("Start times of the plan: seconds until clusters had their places");
        Table table = Table.withNumbersFrom(1, List.of("", "COUNT", "P50", "P95", "MAX"));
        spread(table, "late", punctuality.late());
        spread(table, "held by the plan", punctuality.heldByPlan());
        spread(table, "due → applied", punctuality.applied());
        table.lines().forEach(line -> lines.add("  " + line));
        lines.add("  " + lateOnes(punctuality));
    }

    private static void spread(Table table, String what, Spread spread) {
        table.add(List.of(
                what,
                String.valueOf(spread.count()),
                seconds(spread.p50Seconds()),
                seconds(spread.p95Seconds()),
                seconds(spread.maxSeconds())));
    }

    private static String lateOnes(Punctuality punctuality) {
        return punctuality.lateCount() + " came more than " + Math.round(punctuality.lateAfterSeconds()) + " s late: "
                + punctuality.lateForRoom() + " for workers' room, " + punctuality.lateForCoordinator()
                + " for the coordinator";
    }

    /** In one line, for who looks at a swarm while it runs. */
    public static String line(Punctuality punctuality) {
        Spread late = punctuality.late();
        Spread held = punctuality.heldByPlan();
        return "p50 " + seconds(late.p50Seconds()) + " s, p95 " + seconds(late.p95Seconds()) + " s, max "
                + seconds(late.maxSeconds()) + " s of " + late.count() + "; " + lateOnes(punctuality)
                + (held.count() == 0
                        ? ""
                        : "; " + held.count() + " held by the plan, p95 " + seconds(held.p95Seconds()) + " s");
    }

    private void downloads(List<DownloadReport> downloads) {
        if (downloads.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Downloads of clusters' users: seconds to the last byte");
        Table table = Table.withNumbersFrom(1, List.of("WHAT", "DONE", "FAILED", "BYTES", "P50", "P95", "MAX"));
        downloads.forEach(of -> table.add(List.of(
                of.what(),
                String.valueOf(of.done()),
                String.valueOf(of.failed()),
                String.valueOf(of.bytes()),
                fineSeconds(of.p50Seconds()),
                fineSeconds(of.p95Seconds()),
                fineSeconds(of.maxSeconds()))));
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private static String fineSeconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private void orders(List<EventPage.Event> orders) {
        if (orders.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("What users have said meanwhile");
        Table table = Table.of(List.of("AT", "ORDER", "OF", "SET"));
        orders.forEach(order -> table.add(List.of(
                order.at().truncatedTo(ChronoUnit.SECONDS).toString(), order.what(), order.name(), order.message())));
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private void faults(FaultReport faults) {
        lines.add("");
        lines.add("Faults that the plan asked for; the times above are of clusters without any");
        lines.add("  Clusters  " + faults.clusterCount() + counts(faults.clusters()));
        lines.add("  Hosts     " + faults.hostCount() + counts(faults.hosts()));
        Table table = Table.of(List.of(
                "FAULT",
                "HOSTS",
                "INJECTED",
                "MISSED",
                "WHAT THE SERVICE DID",
                "HOSTS NOW",
                "CLUSTERS NOW",
                "EXAMPLES"));
        for (FaultReport.OfKind kind : faults.kinds()) {
            table.add(List.of(
                    kind.kind(),
                    String.valueOf(kind.hosts()),
                    String.valueOf(kind.injected()),
                    String.valueOf(kind.missed()),
                    kind.answered(),
                    Phases.counts(kind.hostPhases()),
                    Phases.counts(kind.clusterPhases()),
                    String.join(", ", kind.examples())));
        }
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private void failures(List<FailureCount> failures) {
        lines.add("");
        lines.add(failures.isEmpty() ? "Failures: none" : "Failures");
        if (failures.isEmpty()) {
            return;
        }
        Table table = Table.of(List.of("SIDE", "KIND", "REASON", "COUNT", "EXAMPLES", "MESSAGE"));
        for (FailureCount failure : failures) {
            table.add(List.of(
                    failure.side().toLowerCase(Locale.ROOT),
                    failure.kind().toLowerCase(Locale.ROOT),
                    failure.reason(),
                    String.valueOf(failure.count()),
                    String.join(", ", failure.examples()),
                    failure.message().replaceAll("\\s+", " ").strip()));
        }
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private void limits(List<LimitResult> limits) {
        if (limits.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Limits of the plan");
        Table table = Table.of(List.of("", "OF", "LIMIT", "WANTED", "MEASURED"));
        limits.forEach(limit -> table.add(List.of(
                limit.met() ? "met" : "BROKEN",
                limit.party().name().toLowerCase(Locale.ROOT),
                limit.limit(),
                limit.bound(),
                limit.measured())));
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private void alerts(List<AlertResult> alerts) {
        if (alerts.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Alerts: " + AlertLimits.counts(alerts));
        Table table = Table.of(List.of("SEVERITY", "", "EXPRESSION"));
        alerts.stream()
                .filter(AlertLimits::isWorthALine)
                .forEach(alert -> table.add(List.of(
                        alert.alert().severity().label(),
                        AlertLimits.said(alert),
                        alert.alert().expr().replaceAll("\\s+", " ").strip())));
        if (alerts.stream().anyMatch(AlertLimits::isWorthALine)) {
            table.lines().forEach(line -> lines.add("  " + line));
        }
    }

    private void metrics(List<MetricSummary> metrics) {
        if (metrics.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Metrics of the hub: of each the series with the highest value");
        Table table = Table.withNumbersFrom(1, List.of("METRIC", "SERIES", "MIN", "P95", "MAX", "LAST"));
        List<MetricSummary> answered =
                metrics.stream().filter(metric -> metric.figures().isPresent()).toList();
        answered.stream().limit(MOST_METRICS).forEach(metric -> {
            Figures figures = metric.figures().orElseThrow();
            table.add(List.of(
                    metric.name(),
                    metric.seriesCount(),
                    MetricSummary.number(figures.min()),
                    MetricSummary.number(figures.p95()),
                    MetricSummary.number(figures.max()),
                    MetricSummary.number(figures.last())));
        });
        if (!answered.isEmpty()) {
            table.lines().forEach(line -> lines.add("  " + line));
        }
        if (answered.size() > MOST_METRICS) {
            lines.add("  and " + (answered.size() - MOST_METRICS) + " more, in report.html and summary.json");
        }
        unanswered(metrics).forEach((why, names) -> lines.add("  - " + String.join(", ", names) + ": " + why));
    }

    /** By the reason, as it is often the same for all. */
    private static Map<String, List<String>> unanswered(List<MetricSummary> metrics) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        metrics.stream()
                .filter(metric -> metric.figures().isEmpty())
                .forEach(metric -> names.computeIfAbsent(metric.error().orElse("no series"), why -> new ArrayList<>())
                        .add(metric.name()));
        return names;
    }

    private void nodes(Report report) {
        if (report.nodes().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("The generator itself");
        Table table = Table.withNumbersFrom(
                1, List.of("NODE", "SAMPLES", "CPU-WAIT-P95", "STALL-P95", "STALL-MAX", "CLOCK-AHEAD"));
        report.nodes()
                .forEach(node -> table.add(List.of(
                        node.node(),
                        String.valueOf(node.samples()),
                        node.cpuWaitP95()
                                .map(share -> String.format(Locale.ROOT, "%.0f%%", share * 100))
                                .orElse("?"),
                        String.format(Locale.ROOT, "%.2f s", node.stallP95Seconds()),
                        String.format(Locale.ROOT, "%.2f s", node.stallMaxSeconds()),
                        node.aheadSeconds()
                                .map(ahead -> String.format(Locale.ROOT, "%.3f s", ahead))
                                .orElse("?"))));
        table.lines().forEach(line -> lines.add("  " + line));
        report.warnings().forEach(warning -> lines.add("  warning: " + warning));
    }

    private void verdict(Report report) {
        lines.add("");
        lines.add("Verdict: "
                + (report.verdict() == Verdict.NONE
                        ? "none yet, the swarm is not over"
                        : report.verdict().label()));
        report.verdictReasons().forEach(reason -> lines.add("  - " + reason));
    }
}
