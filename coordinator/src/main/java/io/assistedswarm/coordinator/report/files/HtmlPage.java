package io.assistedswarm.coordinator.report.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.AlertLimits;
import io.assistedswarm.coordinator.report.DownloadReport;
import io.assistedswarm.coordinator.report.EventPage.Event;
import io.assistedswarm.coordinator.report.FaultReport;
import io.assistedswarm.coordinator.report.Life;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.coordinator.report.LimitResult;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.NodeReport;
import io.assistedswarm.coordinator.report.Punctuality.Spread;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.UserReport;
import io.assistedswarm.coordinator.report.plot.Look;
import io.assistedswarm.coordinator.report.plot.Plot;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.MetricSummary;
import io.assistedswarm.coordinator.series.MetricSummary.Figures;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Counted;
import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.protocol.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** A report as a page of its own, which loads nothing from anywhere. The template says how it looks. */
final class HtmlPage {
    private static final String TEMPLATE = "report.html.mustache";
    private static final int SLOWEST = 10;
    private static final int NAMED_FAILURES = 50;

    private HtmlPage() {}

    /** @param drawn for each look a PNG */
    record Picture(Plot plot, Map<Look, byte[]> drawn) {}

    static String of(Report report, Optional<Lives> lives, List<Picture> pictures, Instant now) throws IOException {
        Map<String, Object> page = new HashMap<>();
        page.put("swarm", report.swarm());
        page.put(
                "verdict",
                report.verdict() == Verdict.NONE ? "not over" : report.verdict().label());
        page.put(
                "verdictClass", report.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        page.put("reasons", report.verdictReasons());
        page.put("warnings", report.warnings());
        page.put("facts", facts(report, now));
        page.put("limits", some(report.limits().stream().map(HtmlPage::limit).toList()));
        page.put(
                "alerts",
                report.alerts().isEmpty()
                        ? List.of()
                        : List.of(Map.of(
                                "counts",
                                AlertLimits.counts(report.alerts()),
                                "rows",
                                report.alerts().stream()
                                        .filter(AlertLimits::isWorthALine)
                                        .map(HtmlPage::alert)
                                        .toList())));
        page.put("metrics", some(report.metrics().stream().map(HtmlPage::metric).toList()));
        page.put("pictures", pictures.stream().map(HtmlPage::picture).toList());
        page.put("nothingToPlot", pictures.isEmpty());
        page.put(
                "phases",
                Stream.of(phases("Clusters", report.clusterPhases()), phases("Hosts", report.hostPhases()))
                        .flatMap(Optional::stream)
                        .toList());
        page.put("faults", report.faults().map(HtmlPage::faults).map(List::of).orElse(List.of()));
        page.put("users", some(report.users().stream().map(HtmlPage::user).toList()));
        page.put(
                "downloads",
                some(report.downloads().stream().map(HtmlPage::download).toList()));
        page.put(
                "failures",
                some(report.failures().stream().map(HtmlPage::failure).toList()));
        page.put("orders", some(report.orders().stream().map(HtmlPage::order).toList()));
        page.put("nodes", some(report.nodes().stream().map(HtmlPage::node).toList()));
        page.put(
                "punctuality",
                report.punctuality()
                        .map(of -> Map.<String, Object>of(
                                "rows",
                                List.of(
                                        spread("late, by the generator's own doing", of.late()),
                                        spread("held by the plan's own bounds", of.heldByPlan()),
                                        spread("due → objects made", of.applied())),
                                "count",
                                of.lateCount(),
                                "after",
                                Math.round(of.lateAfterSeconds())))
                        .map(List::of)
                        .orElse(List.of()));
        page.put("named", named(lives));
        page.put("setup", report.setup().map(setup -> List.of(json(setup))).orElse(List.of()));
        page.put("written", now.truncatedTo(ChronoUnit.SECONDS).toString());
        return template().execute(page);
    }

    private static Template template() throws IOException {
        try (InputStream stream = HtmlPage.class.getResourceAsStream(TEMPLATE)) {
            if (stream == null) {
                throw new IOException(TEMPLATE + " is not in the program");
            }
            return Mustache.compiler().escapeHTML(true).compile(new InputStreamReader(stream, StandardCharsets.UTF_8));
        }
    }

    /** A table that is only there when it has rows. */
    private static List<Map<String, Object>> some(List<Map<String, Object>> rows) {
        return rows.isEmpty() ? List.of() : List.of(Map.of("rows", rows));
    }

    private static List<Map<String, Object>> facts(Report report, Instant now) {
        List<Map<String, Object>> facts = new ArrayList<>();
        Duration took = Duration.between(report.submittedAt(), report.endedAt().orElse(now));
        fact(
                facts,
                "Submitted",
                report.submittedAt().truncatedTo(ChronoUnit.SECONDS).toString());
        fact(
                facts,
                "Ended",
                report.endedAt()
                                .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
                                .orElse("not yet")
                        + ", after " + Ages.of(took));
        fact(facts, "Runtime", report.runtime());
        fact(facts, "Clusters", counted(report.clusterCount(), report.clusters()) + Phases.replaced(report.replaced()));
        fact(facts, "Hosts", counted(report.hostCount(), report.hosts()));
        fact(facts, "Rate", String.format(Locale.ROOT, "%.1f clusters an hour", report.clustersPerHour()));
        if (report.standInInstallers().count() > 0) {
            fact(
                    facts,
                    "Stand-ins",
                    report.standInInstallers().count() + " hosts had a stand-in for the installer, as bootstrap");
        }
        report.setup()
                .ifPresent(setup ->
                        fact(facts, "Service", setup.serviceUrl() + ", OpenShift " + setup.openshiftVersion()));
        return facts;
    }

    private static void fact(List<Map<String, Object>> facts, String name, String value) {
        facts.add(Map.of("name", name, "value", value));
    }

    private static String counted(long all, Map<String, Integer> byPhase) {
        return all + counts(byPhase);
    }

    private static String counts(Map<String, Integer> byPhase) {
        return byPhase.isEmpty() ? "" : ": " + Phases.counts(byPhase);
    }

    private static Map<String, Object> limit(LimitResult limit) {
        return Map.of(
                "met", limit.met() ? "met" : "broken",
                "party", limit.party().name().toLowerCase(Locale.ROOT),
                "limit", limit.limit(),
                "bound", limit.bound(),
                "measured", limit.measured());
    }

    private static Map<String, Object> picture(Picture picture) {
        Map<String, Object> map = new HashMap<>();
        map.put("title", picture.plot().title());
        map.put("caption", picture.plot().title() + ": " + picture.plot().caption());
        map.put("wideLight", data(picture, Look.WIDE_LIGHT));
        map.put("wideDark", data(picture, Look.WIDE_DARK));
        map.put("narrowLight", data(picture, Look.NARROW_LIGHT));
        map.put("narrowDark", data(picture, Look.NARROW_DARK));
        return map;
    }

    private static String data(Picture picture, Look look) {
        return "data:image/png;base64,"
                + Base64.getEncoder().encodeToString(picture.drawn().get(look));
    }

    private static Optional<Map<String, Object>> phases(String what, List<PhaseStatistics> phases) {
        return phases.isEmpty()
                ? Optional.empty()
                : Optional.of(Map.of(
                        "what",
                        what,
                        "rows",
                        phases.stream()
                                .map(phase -> Map.<String, Object>of(
                                        "phase", phase.phase(),
                                        "count", phase.count(),
                                        "min", seconds(phase.minSeconds()),
                                        "mean", seconds(phase.meanSeconds()),
                                        "p50", seconds(phase.p50Seconds()),
                                        "p95", seconds(phase.p95Seconds()),
                                        "p99", seconds(phase.p99Seconds()),
                                        "max", seconds(phase.maxSeconds())))
                                .toList()));
    }

    private static Map<String, Object> faults(FaultReport faults) {
        return Map.of(
                "clusters",
                Counted.of(faults.clusterCount(), "cluster") + counts(faults.clusters()),
                "hosts",
                Counted.of(faults.hostCount(), "host") + counts(faults.hosts()),
                "rows",
                faults.kinds().stream()
                        .map(kind -> Map.<String, Object>of(
                                "kind", kind.kind(),
                                "hosts", kind.hosts(),
                                "injected", kind.injected(),
                                "missed", kind.missed(),
                                "answered", kind.answered(),
                                "hostPhases", Phases.counts(kind.hostPhases()),
                                "clusterPhases", Phases.counts(kind.clusterPhases()),
                                "examples", String.join(", ", kind.examples())))
                        .toList());
    }

    private static Map<String, Object> user(UserReport user) {
        return Map.of(
                "name", user.name(),
                "weight", user.weight(),
                "clusters", user.clusters(),
                "hosts", user.hosts(),
                "phases", Phases.counts(user.phases()));
    }

    private static Map<String, Object> download(DownloadReport download) {
        return Map.of(
                "what", download.what(),
                "done", download.done(),
                "failed", download.failed(),
                "bytes", download.bytes(),
                "p50", fineSeconds(download.p50Seconds()),
                "p95", fineSeconds(download.p95Seconds()),
                "max", fineSeconds(download.maxSeconds()));
    }

    private static String fineSeconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private static Map<String, Object> failure(FailureCount failure) {
        return Map.of(
                "side", failure.side(),
                "kind", failure.kind(),
                "reason", failure.reason(),
                "count", failure.count(),
                "examples", String.join(", ", failure.examples()),
                "message", failure.message());
    }

    private static Map<String, Object> order(Event order) {
        return Map.of(
                "at",
                order.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                "what",
                order.what(),
                "name",
                order.name(),
                "detail",
                order.message());
    }

    private static Map<String, Object> alert(AlertResult alert) {
        return Map.of(
                "severity",
                alert.alert().severity().label(),
                "class",
                alert.alert().severity().decides() ? "broken" : "warning",
                "said",
                AlertLimits.said(alert),
                "expr",
                alert.alert().expr());
    }

    private static Map<String, Object> metric(MetricSummary metric) {
        Map<String, Object> row = new HashMap<>();
        row.put("name", metric.name());
        row.put("query", metric.query());
        row.put("series", metric.seriesCount());
        row.put("highest", metric.error().orElse(metric.figures().isPresent() ? metric.highest() : "no series"));
        row.put("min", figure(metric, Figures::min));
        row.put("p95", figure(metric, Figures::p95));
        row.put("max", figure(metric, Figures::max));
        row.put("last", figure(metric, Figures::last));
        return row;
    }

    private static String figure(MetricSummary metric, ToDoubleFunction<Figures> which) {
        return metric.figures()
                .map(figures -> MetricSummary.number(which.applyAsDouble(figures)))
                .orElse("");
    }

    private static Map<String, Object> node(NodeReport node) {
        return Map.of(
                "node",
                node.node(),
                "samples",
                node.samples(),
                "cpuWait",
                node.cpuWaitP95()
                        .map(share -> String.format(Locale.ROOT, "%.0f%%", share * 100))
                        .orElse("?"),
                "stallP95",
                String.format(Locale.ROOT, "%.2f", node.stallP95Seconds()),
                "stallMax",
                String.format(Locale.ROOT, "%.2f", node.stallMaxSeconds()),
                "ahead",
                node.aheadSeconds()
                        .map(ahead -> String.format(Locale.ROOT, "%.3f", ahead))
                        .orElse("?"));
    }

    private static Map<String, Object> spread(String what, Spread spread) {
        return Map.of(
                "what", what,
                "count", spread.count(),
                "p50", seconds(spread.p50Seconds()),
                "p95", seconds(spread.p95Seconds()),
                "max", seconds(spread.maxSeconds()));
    }

    /** The slowest, and those that did not end well. */
    private static List<Map<String, Object>> named(Optional<Lives> lives) {
        List<Map<String, Object>> tables = new ArrayList<>();
        if (lives.isPresent()) {
            slowest("The slowest clusters", lives.get().clusters()).ifPresent(tables::add);
            slowest("The slowest hosts", lives.get().hosts()).ifPresent(tables::add);
            failed("Clusters that failed or were lost", lives.get().clusters()).ifPresent(tables::add);
            failed("Hosts that failed or were lost", lives.get().hosts()).ifPresent(tables::add);
        }
        return tables;
    }

    private static Optional<Map<String, Object>> slowest(String title, List<Life> lives) {
        return table(
                title,
                "Longest phase",
                lives.stream()
                        .filter(life -> life.failure().isEmpty() && life.marks().size() > 1)
                        .sorted(Comparator.comparingDouble(life -> -life.seconds()))
                        .limit(SLOWEST)
                        .map(life -> row(life, longest(life)))
                        .toList());
    }

    private static Optional<Map<String, Object>> failed(String title, List<Life> lives) {
        List<Life> failed =
                lives.stream().filter(life -> life.failure().isPresent()).toList();
        String more = failed.size() > NAMED_FAILURES
                ? " (the first " + NAMED_FAILURES + " of " + failed.size() + "; all are in the CSV files)"
                : "";
        return table(
                title + more,
                "Why",
                failed.stream()
                        .limit(NAMED_FAILURES)
                        .map(life -> row(life, why(life.failure().orElseThrow())))
                        .toList());
    }

    private static Optional<Map<String, Object>> table(String title, String header, List<Map<String, Object>> rows) {
        return rows.isEmpty() ? Optional.empty() : Optional.of(Map.of("title", title, "header", header, "rows", rows));
    }

    private static Map<String, Object> row(Life life, String last) {
        return Map.of(
                "name", life.name(),
                "worker", life.worker(),
                "end", life.last().what(),
                "seconds", seconds(life.seconds()),
                "last", last);
    }

    private static String longest(Life life) {
        String longest = "";
        double most = -1;
        for (int i = 0; i + 1 < life.marks().size(); i++) {
            Mark mark = life.marks().get(i);
            Mark next = life.marks().get(i + 1);
            double seconds = Duration.between(mark.at(), next.at()).toNanos() / 1e9;
            if (seconds > most) {
                most = seconds;
                longest = mark.what() + " → " + next.what() + ": " + seconds(seconds) + " s";
            }
        }
        return longest;
    }

    private static String why(Failure failure) {
        return failure.side().name().toLowerCase(Locale.ROOT) + "/" + failure.reason() + ": " + failure.message();
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }

    private static String json(Object value) {
        try {
            return ApiJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }
}
