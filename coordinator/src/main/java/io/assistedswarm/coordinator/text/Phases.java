package io.assistedswarm.coordinator.text;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts by phase, of clusters or of hosts. */
public final class Phases {
    private static final Set<String> ENDS = Stream.concat(
                    Arrays.stream(ClusterPhase.values())
                            .filter(ClusterPhase::isEnd)
                            .map(ClusterPhase::label),
                    Arrays.stream(HostPhase.values()).filter(HostPhase::isEnd).map(HostPhase::label))
            .collect(Collectors.toUnmodifiableSet());

    /** Of hosts, with those of clusters between where they come in time; an unknown one goes last. */
    private static final Set<String> ORDER = order();

    private Phases() {}

    /** In the order of time, those of no thing left out. */
    static Map<String, Integer> inOrder(Map<String, Integer> counts) {
        Map<String, Integer> ordered = new LinkedHashMap<>();
        ORDER.stream().filter(counts::containsKey).forEach(phase -> ordered.put(phase, counts.get(phase)));
        counts.forEach(ordered::putIfAbsent);
        ordered.values().removeIf(count -> count == 0);
        return ordered;
    }

    /** {@code 3 installed, 1 failed}. */
    public static String counts(Map<String, Integer> byPhase) {
        return inOrder(byPhase).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** What is to be added to the counts of clusters when others took the place of lost ones. */
    public static String replaced(int count) {
        return count == 0 ? "" : " (" + count + " of the lost replaced)";
    }

    /** How many are at one of their ends. */
    public static int atEnd(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .filter(entry -> ENDS.contains(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static Set<String> order() {
        Set<String> order = new LinkedHashSet<>();
        order.add(ClusterPhase.PENDING.label());
        order.add(ClusterPhase.PLACED.label());
        order.add(ClusterPhase.APPLIED.label());
        order.add(ClusterPhase.IMAGE_READY.label());
        Arrays.stream(HostPhase.values())
                .filter(phase -> phase.compareTo(HostPhase.KNOWN) <= 0)
                .forEach(phase -> order.add(phase.label()));
        order.add(ClusterPhase.HELD.label());
        Arrays.stream(HostPhase.values())
                .filter(phase -> phase.compareTo(HostPhase.JOINED) < 0)
                .forEach(phase -> order.add(phase.label()));
        order.add(HostPhase.JOINED.label());
        order.add(ClusterPhase.FINALIZING.label());
        order.add(ClusterPhase.COMPLETED.label());
        order.add(ClusterPhase.ADDING_HOSTS.label());
        Arrays.stream(HostPhase.values()).forEach(phase -> order.add(phase.label()));
        Arrays.stream(ClusterPhase.values()).forEach(phase -> order.add(phase.label()));
        return order;
    }
}
