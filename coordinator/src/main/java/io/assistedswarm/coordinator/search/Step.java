package io.assistedswarm.coordinator.search;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Punctuality;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One load that was tried.
 *
 * @param load as the key's number
 * @param why it is not met or not valid; empty when it is met
 * @param p95Seconds from a cluster's places to its end; empty when none has ended well
 * @param lateP95Seconds by the generator; empty where the plan sets no start times
 * @param clusters by phase label
 */
public record Step(
        String swarm,
        double load,
        Outcome outcome,
        String why,
        Optional<Double> p95Seconds,
        Optional<Double> lateP95Seconds,
        Map<String, Integer> clusters) {
    /** More of the clusters must not come late by the generator's doing, or the load was another one. */
    private static final double LATE_SHARE = 0.05;

    /** Label of clusters that the generator has lost. */
    private static final String LOST = "lost";

    /** Of a swarm that has run. */
    public static Step of(double load, Report report) {
        Optional<String> invalid = report.limits().isEmpty() ? shortOfLoad(report) : notValid(report);
        boolean met = report.verdict() == Verdict.PASSED;
        return new Step(
                report.swarm(),
                load,
                invalid.isPresent() ? Outcome.NOT_VALID : met ? Outcome.MET : Outcome.NOT_MET,
                invalid.orElseGet(() -> met ? "" : String.join("; ", report.verdictReasons())),
                report.clusterPhases().stream()
                        .filter(PhaseStatistics::isWhole)
                        .map(PhaseStatistics::p95Seconds)
                        .findFirst(),
                report.punctuality().map(punctuality -> punctuality.late().p95Seconds()),
                report.clusters());
    }

    /** Of one that could not run, or did not end. */
    public static Step without(String swarm, double load, Outcome outcome, String why) {
        return new Step(swarm, load, outcome, why, Optional.empty(), Optional.empty(), Map.of());
    }

    /** By the limits of the plan. */
    private static Optional<String> notValid(Report report) {
        return Optional.of(report.verdict())
                .filter(verdict -> verdict == Verdict.NOT_VALID || verdict == Verdict.INCOMPLETE)
                .map(verdict -> String.join("; ", report.verdictReasons()));
    }

    /** Why what came of it says nothing of the service, where the plan does not say when that is so. */
    private static Optional<String> shortOfLoad(Report report) {
        Optional<FailureCount> own = report.failures().stream()
                .filter(failure -> failure.side().equalsIgnoreCase("generator"))
                .findFirst();
        if (own.isPresent()) {
            return own.map(failure -> "the generator failed " + failure.count() + " times: " + failure.reason());
        }
        int lost = report.clusters().getOrDefault(LOST, 0);
        if (lost > 0) {
            return Optional.of("the generator lost " + lost + " clusters");
        }
        return report.punctuality()
                .filter(punctuality -> punctuality.lateCount()
                        > LATE_SHARE * punctuality.late().count())
                .map(Step::late);
    }

    private static String late(Punctuality punctuality) {
        return String.format(
                Locale.ROOT,
                "%d of %d clusters came more than %.0f s late, %d of them for workers' room",
                punctuality.lateCount(),
                punctuality.late().count(),
                punctuality.lateAfterSeconds(),
                punctuality.lateForRoom());
    }
}
