package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.placement.Admission;
import io.assistedswarm.coordinator.placement.Room;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import java.util.Collection;
import java.util.List;

/**
 * Whether a plan can run on the workers that there are.
 *
 * @param line says how, with numbers
 */
public record Fit(boolean possible, String line) {
    public static Fit of(List<ClusterSpec> clusters, Collection<Room> rooms) {
        int held = clusters.stream()
                .filter(Fit::keepsItsPlaces)
                .mapToInt(ClusterSpec::hostCount)
                .sum();
        int biggest = clusters.stream()
                .filter(cluster -> !keepsItsPlaces(cluster))
                .mapToInt(ClusterSpec::hostCount)
                .max()
                .orElse(0);
        int all = clusters.stream().mapToInt(ClusterSpec::hostCount).sum();
        int needed = held + biggest;
        String need = "needs " + needed + " places at least (" + held
                + " held by InfraEnvs without a cluster or by clusters that wait for each other, " + biggest
                + " for the biggest cluster)";
        if (rooms.isEmpty()) {
            return new Fit(true, "waits for workers: " + need + ", 0 workers");
        }
        int obtainable = Admission.obtainable(rooms);
        if (needed > obtainable) {
            return new Fit(
                    false,
                    "does not fit: " + need + ", the " + rooms.size() + " workers can offer " + obtainable
                            + "; start more workers or raise their --capacity");
        }
        return new Fit(
                true,
                all <= obtainable
                        ? "fits: all " + all + " hosts at a time, " + obtainable + " places on " + rooms.size()
                                + " workers"
                        : "fits: " + all + " hosts take turns on " + obtainable + " places of " + rooms.size()
                                + " workers; it " + need);
    }

    /** All of them need theirs at one time. */
    private static boolean keepsItsPlaces(ClusterSpec cluster) {
        return cluster.infraEnvOnly() || cluster.traits().hold() == Hold.UNTIL_ALL_READY;
    }
}
