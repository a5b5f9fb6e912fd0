package io.assistedswarm.coordinator.report;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.series.AlertResult;
import io.assistedswarm.coordinator.series.MetricSummary;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outcome of a swarm, computed from its record by SQL.
 *
 * @param verdictReasons one line each; empty when it passed
 * @param clusterCount those of the plan, and those that took the place of lost ones
 * @param replaced lost clusters that others took the place of
 * @param clusters number of clusters by phase label
 * @param hosts number of hosts by phase label
 * @param faults that the plan asked for; empty without any
 * @param clusterPhases of clusters whose hosts have no fault: from one phase to the next, in the order of the phases; the last row is the whole, {@code placed → end}
 * @param punctuality of clusters that had a time to start; empty without any
 * @param runtime of the swarm, as it is labelled in every report
 * @param limits of the plan, as they stand; empty without any
 * @param ruling what they make of the run as it stands; empty without any
 * @param nodes of the generator, in the order of their names
 * @param setup what was run against what; empty in what an earlier version has written
 * @param warnings what to know before the figures are believed, one line each
 * @param metrics of the hub that are kept with the run
 * @param alerts what came of the plan's PromQL; empty until the end of the run
 * @param orders what users have said meanwhile, the first of them
 * @param standInInstallers the bootstraps that were played by an installer which stands in for the one under test
 * @param users who share the clusters; empty where nobody is told apart
 * @param downloads of clusters' users; empty without any
 */
public record Report(
        String swarm,
        String runtime,
        Instant submittedAt,
        Optional<Instant> endedAt,
        Verdict verdict,
        List<String> verdictReasons,
        int clusterCount,
        long hostCount,
        int replaced,
        Map<String, Integer> clusters,
        Map<String, Integer> hosts,
        List<PhaseStatistics> clusterPhases,
        List<PhaseStatistics> hostPhases,
        List<FailureCount> failures,
        double clustersPerHour,
        Optional<FaultReport> faults,
        Optional<Punctuality> punctuality,
        StandIns standInInstallers,
        List<LimitResult> limits,
        Optional<Ruling> ruling,
        List<NodeReport> nodes,
        List<String> warnings,
        Optional<Setup> setup,
        List<MetricSummary> metrics,
        List<AlertResult> alerts,
        List<EventPage.Event> orders,
        List<UserReport> users,
        List<DownloadReport> downloads) {

    public Report {
        // None in what an earlier version has written.
        limits = limits == null ? List.of() : List.copyOf(limits);
        ruling = ruling == null ? Optional.empty() : ruling;
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        setup = setup == null ? Optional.empty() : setup;
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
        orders = orders == null ? List.of() : List.copyOf(orders);
        users = users == null ? List.of() : List.copyOf(users);
        downloads = downloads == null ? List.of() : List.copyOf(downloads);
    }

    /** Of a plan without limits, by a generator of which nothing is known. */
    public Report(
            String swarm,
            String runtime,
            Instant submittedAt,
            Optional<Instant> endedAt,
            Verdict verdict,
            List<String> verdictReasons,
            int clusterCount,
            long hostCount,
            int replaced,
            Map<String, Integer> clusters,
            Map<String, Integer> hosts,
            List<PhaseStatistics> clusterPhases,
            List<PhaseStatistics> hostPhases,
            List<FailureCount> failures,
            double clustersPerHour,
            Optional<FaultReport> faults,
            Optional<Punctuality> punctuality,
            StandIns standInInstallers) {
        this(
                swarm,
                runtime,
                submittedAt,
                endedAt,
                verdict,
                verdictReasons,
                clusterCount,
                hostCount,
                replaced,
                clusters,
                hosts,
                clusterPhases,
                hostPhases,
                failures,
                clustersPerHour,
                faults,
                punctuality,
                standInInstallers,
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** @param version of the coordinator */
    public record Setup(
            SwarmPlan plan, String version, String serviceUrl, String openshiftVersion, String releaseImage) {}

    /** @param hosts names of all of them */
    public record StandIns(int count, List<String> hosts) {}

    /**
     * Time spent, in seconds.
     *
     * @param phase for example {@code known → preparing}
     */
    public record PhaseStatistics(
            String phase,
            long count,
            double minSeconds,
            double meanSeconds,
            double p50Seconds,
            double p95Seconds,
            double p99Seconds,
            double maxSeconds) {
        /** Name of the one from the beginning to the end. */
        static final String WHOLE = "placed → end";

        /** From the beginning to a good end. */
        public static boolean isWhole(PhaseStatistics statistics) {
            return statistics.phase().equals(WHOLE);
        }
    }

    /** @param examples names of up to three that failed so */
    public record FailureCount(
            String side, String kind, String reason, long count, String message, List<String> examples) {}
}
