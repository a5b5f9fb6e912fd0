package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where every cluster and host of a swarm stands, a letter each, so that 10,000 hosts are 10 kB.
 *
 * @param sizes how many hosts each cluster has, in their order
 * @param clusters a letter for each: A for the first phase
 * @param hosts a letter for each, those of the first cluster first: A for the first phase, {@link #NO_PLACE} for one that has none yet
 * @param failures of what has failed or was lost, the most frequent first
 */
public record SwarmMap(String swarm, List<Integer> sizes, String clusters, String hosts, List<FailureGroup> failures) {
    public static final char NO_PLACE = '-';
    private static final Map<ClusterPhase, Character> CLUSTER_LETTERS = letters(ClusterPhase.class);
    private static final Map<HostPhase, Character> HOST_LETTERS = letters(HostPhase.class);

    public SwarmMap {
        sizes = List.copyOf(sizes);
        failures = List.copyOf(failures);
    }

    /**
     * What has failed in the same way.
     *
     * @param kind {@code cluster} or {@code host}
     * @param message of the first of them
     * @param examples names of the first few
     */
    public record FailureGroup(
            String kind, Failure.Side side, String reason, int count, String message, List<String> examples) {}

    public static char letter(ClusterPhase phase) {
        return CLUSTER_LETTERS.get(phase);
    }

    public static char letter(HostPhase phase) {
        return HOST_LETTERS.get(phase);
    }

    private static <P extends Enum<P>> Map<P, Character> letters(Class<P> phases) {
        Map<P, Character> letters = new EnumMap<>(phases);
        char letter = 'A';
        for (P phase : phases.getEnumConstants()) {
            letters.put(phase, letter++);
        }
        return letters;
    }
}
