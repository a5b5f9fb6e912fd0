package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.text.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Two runs side by side. Times that differ by less than the noise between two runs of the same are marked with a tilde. */
public final class Comparison {
    private final Report before;
    private final Report after;
    private final double noise;
    private final List<String> lines = new ArrayList<>();

    private Comparison(Report before, Report after, double noise) {
        this.before = before;
        this.after = after;
        this.noise = noise;
    }

    /** @param noise share within which a difference says nothing, such as 0.05 */
    public static List<String> lines(Report before, Report after, double noise) {
        Comparison comparison = new Comparison(before, after, noise);
        comparison.heads();
        comparison.phases("Clusters", before.clusterPhases(), after.clusterPhases());
        comparison.phases("Hosts", before.hostPhases(), after.hostPhases());
        comparison.failures();
        comparison.caveats();
        return comparison.lines;
    }

    private void heads() {
        Table table = Table.of(List.of("", "A", "B", "CHANGE"));
        table.add(List.of("Swarm", before.swarm(), after.swarm(), ""));
        table.add(List.of("Runtime", before.runtime(), after.runtime(), ""));
        table.add(List.of("Verdict", before.verdict().label(), after.verdict().label(), ""));
        table.add(List.of("Clusters", String.valueOf(before.clusterCount()), String.valueOf(after.clusterCount()), ""));
        table.add(List.of("Hosts", String.valueOf(before.hostCount()), String.valueOf(after.hostCount()), ""));
        table.add(List.of(
                "Clusters an hour",
                number(before.clustersPerHour()),
                number(after.clustersPerHour()),
                change(before.clustersPerHour(), after.clustersPerHour())));
        lines.addAll(table.lines());
    }

    private void phases(String what, List<PhaseStatistics> a, List<PhaseStatistics> b) {
        Map<String, PhaseStatistics> ofA = byPhase(a);
        Map<String, PhaseStatistics> ofB = byPhase(b);
        Set<String> phases = new LinkedHashSet<>(ofA.keySet());
        phases.addAll(ofB.keySet());
        if (phases.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(what + ": seconds from phase to phase, A, B and the change (~ is within " + number(noise * 100)
                + "%: noise)");
        Table table = Table.withNumbersFrom(
                1, List.of("PHASE", "COUNT", "B", "P50", "B", "CHANGE", "P95", "B", "CHANGE", "P99", "B", "CHANGE"));
        for (String phase : phases) {
            Optional<PhaseStatistics> one = Optional.ofNullable(ofA.get(phase));
            Optional<PhaseStatistics> other = Optional.ofNullable(ofB.get(phase));
            List<String> row = new ArrayList<>(List.of(
                    phase,
                    one.map(of -> String.valueOf(of.count())).orElse(""),
                    other.map(of -> String.valueOf(of.count())).orElse("")));
            row.addAll(three(one.map(PhaseStatistics::p50Seconds), other.map(PhaseStatistics::p50Seconds)));
            row.addAll(three(one.map(PhaseStatistics::p95Seconds), other.map(PhaseStatistics::p95Seconds)));
            row.addAll(three(one.map(PhaseStatistics::p99Seconds), other.map(PhaseStatistics::p99Seconds)));
            table.add(row);
        }
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private static Map<String, PhaseStatistics> byPhase(List<PhaseStatistics> phases) {
        return phases.stream()
                .collect(Collectors.toMap(
                        PhaseStatistics::phase, phase -> phase, (one, other) -> one, LinkedHashMap::new));
    }

    private List<String> three(Optional<Double> a, Optional<Double> b) {
        return List.of(
                a.map(Comparison::number).orElse(""),
                b.map(Comparison::number).orElse(""),
                a.isPresent() && b.isPresent() ? change(a.get(), b.get()) : "");
    }

    private String change(double a, double b) {
        if (a == 0) {
            return b == 0 ? "~" : "new";
        }
        double change = (b - a) / a;
        return Math.abs(change) <= noise ? "~" : String.format(Locale.ROOT, "%+.0f%%", change * 100);
    }

    private void failures() {
        Map<String, Long> a = counts(before.failures());
        Map<String, Long> b = counts(after.failures());
        Set<String> classes = new LinkedHashSet<>(a.keySet());
        classes.addAll(b.keySet());
        lines.add("");
        if (classes.isEmpty()) {
            lines.add("Failures: none in either");
            return;
        }
        lines.add("Failures");
        Table table = Table.withNumbersFrom(1, List.of("SIDE/KIND/REASON", "A", "B"));
        classes.forEach(of ->
                table.add(List.of(of, String.valueOf(a.getOrDefault(of, 0L)), String.valueOf(b.getOrDefault(of, 0L)))));
        table.lines().forEach(line -> lines.add("  " + line));
    }

    private static Map<String, Long> counts(List<FailureCount> failures) {
        return failures.stream()
                .collect(Collectors.toMap(
                        failure -> (failure.side() + "/" + failure.kind() + "/" + failure.reason())
                                .toLowerCase(Locale.ROOT),
                        FailureCount::count,
                        Long::sum,
                        LinkedHashMap::new));
    }

    private void caveats() {
        if (!before.runtime().equals(after.runtime())) {
            lines.add("warning: the runtimes differ, so do what their times mean");
        }
        if (before.clusterCount() != after.clusterCount() || before.hostCount() != after.hostCount()) {
            lines.add("warning: the runs are not of the same size");
        }
        if (before.verdict() == Verdict.NOT_VALID || after.verdict() == Verdict.NOT_VALID) {
            lines.add("warning: a run that is not valid says nothing of the service");
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
