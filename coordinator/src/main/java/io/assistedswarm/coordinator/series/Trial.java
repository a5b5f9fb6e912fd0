package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a Prometheus says to a first question, before a run depends on it.
 *
 * @param targets that it scrapes and that are up
 * @param trouble why it did not answer; empty when it did
 * @param lasting it would say the same again
 */
public record Trial(long targets, String trouble, boolean lasting) {
    /** Blocks. */
    public static Trial of(Endpoint endpoint, Instant now) {
        try (Prometheus prometheus = Prometheus.open(endpoint)) {
            List<Series> up = prometheus.instant("sum(up)", now);
            return new Trial(
                    up.isEmpty() ? 0 : Math.round(up.getFirst().values().getLast()), "", false);
        } catch (Prometheus.Refused e) {
            return new Trial(0, e.getMessage(), true);
        } catch (Prometheus.Away e) {
            return new Trial(0, e.getMessage(), false);
        }
    }

    /**
     * What it does not understand of these queries, with its reason. It is asked for a time of which it has nothing, so that an answer costs it
     * nothing. Blocks; once it does not answer any more, the rest is left out.
     */
    public static Map<String, String> misunderstood(Endpoint endpoint, Collection<String> queries) {
        Map<String, String> reasons = new LinkedHashMap<>();
        try (Prometheus prometheus = Prometheus.open(endpoint)) {
            for (String query : queries) {
                try {
                    prometheus.instant(query, Instant.EPOCH);
                } catch (Prometheus.Refused e) {
                    reasons.put(query, e.getMessage());
                }
            }
        } catch (Prometheus.Refused | Prometheus.Away e) {
            return reasons;
        }
        return reasons;
    }
}
