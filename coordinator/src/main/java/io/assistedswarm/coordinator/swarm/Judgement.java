package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.text.Counted;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a swarm's clusters say about the service, by where they stand.
 *
 * @param clusters how many there are
 * @param good ended as they were to, failed by a fault that the plan asked for, were lost and replaced, or were taken out by the user
 * @param failures of those that were not to fail
 * @param stopped before their end
 * @param losses of those that were lost by the generator
 */
record Judgement(int clusters, int good, List<ClusterProgress> failures, int stopped, List<ClusterProgress> losses) {

    static Judgement of(List<ClusterProgress> clusters) {
        Map<ClusterPhase, List<ClusterProgress>> unexpected = clusters.stream()
                .filter(cluster -> cluster.phase().isEnd() && !isGood(cluster))
                .collect(Collectors.groupingBy(ClusterProgress::phase));
        return new Judgement(
                clusters.size(),
                (int) clusters.stream().filter(Judgement::isGood).count(),
                unexpected.getOrDefault(ClusterPhase.FAILED, List.of()),
                unexpected.getOrDefault(ClusterPhase.STOPPED, List.of()).size(),
                unexpected.getOrDefault(ClusterPhase.LOST, List.of()));
    }

    private static boolean isGood(ClusterProgress cluster) {
        return cluster.phase().endsWell()
                || cluster.isReplaced()
                || cluster.isTakenOut()
                || (cluster.phase() == ClusterPhase.FAILED
                        && !cluster.spec().faults().isEmpty()
                        && cluster.failure().filter(Fault::explained).isPresent());
    }

    int failed() {
        return failures.size();
    }

    /** What the generator lost speaks neither for the service nor against it. */
    Verdict verdict() {
        if (good == clusters) {
            return Verdict.PASSED;
        }
        return good + losses.size() == clusters ? Verdict.INCOMPLETE : Verdict.FAILED;
    }

    /** One line for each kind of failure, for what was stopped, and for what was lost. */
    List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        failures.stream()
                .collect(Collectors.groupingBy(Judgement::kind, LinkedHashMap::new, Collectors.toList()))
                .forEach(
                        (kind, of) -> reasons.add(Counted.of(of.size(), "cluster") + " failed: " + kind + example(of)));
        if (stopped > 0) {
            reasons.add(Counted.of(stopped, "cluster") + " stopped before the end");
        }
        if (!losses.isEmpty()) {
            reasons.add(Counted.of(losses.size(), "cluster") + " lost to the generator" + example(losses));
        }
        return reasons;
    }

    private static String kind(ClusterProgress cluster) {
        return cluster.failure()
                .map(failure -> failure.reason() + " (" + failure.side().name().toLowerCase(Locale.ROOT) + ")")
                .orElse("no reason given");
    }

    private static String example(List<ClusterProgress> clusters) {
        ClusterProgress first = clusters.getFirst();
        return ", for example " + first.spec().id()
                + first.failure().map(failure -> ": " + failure.message()).orElse("");
    }
}
