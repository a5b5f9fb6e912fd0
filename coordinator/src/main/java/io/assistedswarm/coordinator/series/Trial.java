package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import java.time.Instant;
import java.util.List;

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
}
