package io.assistedswarm.coordinator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The faults that the plan asked for, apart from all else.
 *
 * @param clusterCount with at least one host that has a fault
 * @param hostCount that have one
 * @param clusters number of those clusters by phase label
 * @param hosts number of those hosts by phase label
 * @param kinds in the order of their names
 */
public record FaultReport(
        int clusterCount,
        long hostCount,
        Map<String, Integer> clusters,
        Map<String, Integer> hosts,
        List<OfKind> kinds) {
    /**
     * @param kind as in the plan
     * @param hosts that were to have it
     * @param injected hosts that had it
     * @param missed hosts that had gone on before
     * @param answers what the service made of it
     * @param hostPhases number of those hosts by phase label
     * @param clusterPhases number of their clusters by phase label
     * @param examples names of up to three hosts
     */
    public record OfKind(
            String kind,
            long hosts,
            long injected,
            long missed,
            List<Answer> answers,
            Map<String, Integer> hostPhases,
            Map<String, Integer> clusterPhases,
            List<String> examples) {
        /** What the service did about it, and how soon. */
        public String answered() {
            List<String> said = new ArrayList<>();
            long answered = 0;
            for (Answer answer : answers) {
                answered += answer.count();
                said.add(answer.count() + " " + answer.state() + " after " + seconds(answer.p50Seconds()) + " s"
                        + (answer.count() > 1 ? " (at most " + seconds(answer.maxSeconds()) + " s)" : ""));
            }
            if (injected > answered) {
                said.add((injected - answered) + " nothing seen");
            }
            return String.join(", ", said);
        }

        private static String seconds(double seconds) {
            return String.format(Locale.ROOT, "%.1f", seconds);
        }
    }

    /**
     * Time from the fault to what the service makes of the host.
     *
     * @param state of the Agent, by which it shows that it has noticed
     */
    public record Answer(String state, long count, double minSeconds, double p50Seconds, double maxSeconds) {}
}
